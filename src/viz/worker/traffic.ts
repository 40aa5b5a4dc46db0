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
import { createSimulation, scenarios } from "../../sim/index.ts";
import type { TrafficName } from "../protocol.ts";
import { fetchFile } from "./files.ts";

/** Traffic that is ready to be driven in. */
export interface ReadyTraffic {
  /** Where it comes from, in a few words. */
  readonly place: string;
  readonly recording: Recording;
  readonly reader: FrameReader;
  readonly starts: readonly Start[];
}

/** Every traffic that the page offers, loaded or generated once and when first asked for. */
export interface TrafficShelf {
  /**
   * @param seed of generated traffic; recorded traffic knows none.
   * @param busy is told what takes longer than a moment.
   * @throws Error in one sentence when the traffic cannot be had.
   */
  get(name: TrafficName, seed: number, busy: (doing: string) => void): Promise<ReadyTraffic>;
}

const us101Path = "data/recordings/us101.recording";

/** Enough generated traffic for an evening, at a moment's wait: filling the road, then what is driven in [s]. */
const warmUpSeconds = 90;
const generatedSeconds = 120;

/** @param base address of the folder that the page was served from. */
export function createTrafficShelf(base: string): TrafficShelf {
  const shelf = new Map<string, Promise<ReadyTraffic>>();
  const load = async (
    name: TrafficName,
    seed: number,
    busy: (doing: string) => void,
  ): Promise<ReadyTraffic> => {
    const rng = createRng(seed).fork(`watch ${name}`);
    if (name === "us101") return loadUs101(base, createRng("us101"));
    busy("Generating traffic…");
    return generate(name, rng);
  };
  return {
    get(name, seed, busy) {
      const key = name === "us101" ? name : `${name} ${seed}`;
      let found = shelf.get(key);
      if (found === undefined) {
        found = load(name, seed, busy);
        // A failed load may succeed when asked for again.
        found.catch(() => shelf.delete(key));
        shelf.set(key, found);
      }
      return found;
    },
  };
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

function generate(name: Exclude<TrafficName, "us101">, rng: Rng): ReadyTraffic {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`expected a scenario called ${name}, got none of that name.`);
  const recording = record(createSimulation(scenario, rng.fork("simulation")), {
    name,
    warmUpSeconds,
    seconds: generatedSeconds,
    provenance: "generated in this page",
  });
  const whole = { firstFrame: 0, endFrame: recording.frames };
  return ready(`generated traffic, ${name.replace("-", " ")}`, recording, whole, rng.fork("starts"));
}

function ready(place: string, recording: Recording, range: FrameRange, rng: Rng): ReadyTraffic {
  const reader = createFrameReader(recording);
  const starts = findStarts(recording, range, { rng, reader });
  if (starts.length === 0) throw new Error(`${place}: no car in this traffic can be replaced by the ego.`);
  return { place, recording, reader, starts };
}
