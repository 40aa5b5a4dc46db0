import { createRng, type Rng } from "../../core/index.ts";
import {
  createFrameReader,
  decodeRecording,
  record,
  splits,
  type FrameRange,
  type FrameReader,
  type Recording,
} from "../../episodes/index.ts";
import { findStarts, type Start } from "../../evaluation/index.ts";
import { createSimulation, parametersOf, scenarios, type TrafficParameters } from "../../sim/index.ts";
import type { EpisodeRequest, TrafficChange, TrafficName } from "../protocol.ts";
import { carryStarts } from "./carry-starts.ts";
import { fetchFile } from "./files.ts";

/** Traffic that is ready to be driven in. */
export interface ReadyTraffic {
  /** Where it comes from, in a few words. */
  readonly place: string;
  readonly recording: Recording;
  readonly reader: FrameReader;
  readonly starts: readonly Start[];
  /** Of generated traffic before any change; null for recorded traffic. */
  readonly parameters: TrafficParameters | null;
}

/** What traffic is wanted. */
export type TrafficRequest = Pick<EpisodeRequest, "traffic" | "seed" | "changes">;

/** Every traffic that the page offers, loaded or generated once and when first asked for. */
export interface TrafficShelf {
  /**
   * Recorded traffic knows neither seed nor changes.
   * @param busy is told what takes longer than a moment.
   * @throws Error in one sentence when the traffic cannot be had.
   */
  get(request: TrafficRequest, busy: (doing: string) => void): Promise<ReadyTraffic>;
}

const us101Path = "data/recordings/us101.recording";

/** Enough generated traffic for an evening, at a moment's wait: filling the road, then what is driven in [s]. */
const warmUpSeconds = 90;
const generatedSeconds = 120;
/** Traffics kept at most: each is some megabytes, and every change of a parameter makes one. */
const mostKept = 8;

/** @param base address of the folder that the page was served from. */
export function createTrafficShelf(base: string): TrafficShelf {
  const shelf = new Map<string, Promise<ReadyTraffic>>();
  const load = async (
    { traffic, seed, changes }: TrafficRequest,
    busy: (doing: string) => void,
  ): Promise<ReadyTraffic> => {
    const rng = createRng(seed).fork(`watch ${traffic}`);
    if (traffic === "us101") return loadUs101(base, createRng("us101"));
    busy("Generating traffic…");
    const generated = generate(traffic, changes, rng);
    const last = changes.at(-1);
    if (last === undefined) return generated;
    // Up to a change the traffic is what it was without it, and so are the places where one can take over.
    const before = await get({ traffic, seed, changes: changes.slice(0, -1) }, busy);
    return { ...generated, starts: carryStarts(before, generated, last.frame) };
  };
  const get: TrafficShelf["get"] = (request, busy) => {
    const { traffic, seed, changes } = request;
    const key = traffic === "us101" ? traffic : `${traffic} ${seed} ${JSON.stringify(changes)}`;
    let found = shelf.get(key);
    if (found === undefined) {
      found = load(request, busy);
      // A failed load may succeed when asked for again.
      found.catch(() => shelf.delete(key));
      shelf.set(key, found);
      const [oldest] = shelf.keys();
      if (shelf.size > mostKept) shelf.delete(oldest!);
    }
    return found;
  };
  return { get };
}

async function loadUs101(base: string, rng: Rng): Promise<ReadyTraffic> {
  const bytes = await fetchFile(base, us101Path);
  if (bytes === null) {
    throw new Error(`There is no ${us101Path} beside this page, so it cannot show recorded traffic.`);
  }
  const recording = decodeRecording(bytes, us101Path);
  // Nothing was trained or tuned on these clips.
  return ready("US-101, Los Angeles, 2005", recording, splits(recording).test, rng);
}

function generate(
  name: Exclude<TrafficName, "us101">,
  changes: readonly TrafficChange[],
  rng: Rng,
): ReadyTraffic {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`expected a scenario called ${name}, got none of that name.`);
  const recording = record(createSimulation(scenario, rng.fork("simulation")), {
    name,
    warmUpSeconds,
    seconds: generatedSeconds,
    provenance: "generated in this page",
    changes,
  });
  const whole = { firstFrame: 0, endFrame: recording.frames };
  const place = `generated traffic, ${name.replaceAll("-", " ")}`;
  return { ...ready(place, recording, whole, rng.fork("starts")), parameters: parametersOf(scenario) };
}

function ready(place: string, recording: Recording, range: FrameRange, rng: Rng): ReadyTraffic {
  const reader = createFrameReader(recording);
  const starts = findStarts(recording, range, { rng, reader });
  if (starts.length === 0) throw new Error(`${place}: no car in this traffic can be replaced by the ego.`);
  return { place, recording, reader, starts, parameters: null };
}
