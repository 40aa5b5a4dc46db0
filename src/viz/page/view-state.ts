import { parameterNames, parameterRanges, type ParameterChange } from "../../sim/index.ts";
import {
  driverNames,
  modeNames,
  trafficNames,
  type DriverName,
  type EpisodeRequest,
  type ModeName,
  type StartPlace,
  type TrafficChange,
  type TrafficName,
} from "../protocol.ts";

/** Speeds of play, in seconds of driving per second. */
export const playSpeeds = [0.25, 0.5, 1, 2, 4, 8] as const;

/** Everything that decides what the page shows; the address holds all of it. */
export interface ViewState {
  readonly driver: DriverName;
  readonly traffic: TrafficName;
  readonly mode: ModeName;
  /** From 0 here, from 1 in the address and on the page. */
  readonly start: number;
  /** A start that is looked for by vehicle and frame; null once it has its number. */
  readonly at: StartPlace | null;
  readonly seed: number;
  /** To the parameters of generated traffic. */
  readonly changes: readonly TrafficChange[];
  readonly speed: number;
  readonly paused: boolean;
}

export const defaultViewState: ViewState = {
  driver: "policy",
  traffic: "us101",
  mode: "replay",
  start: 0,
  at: null,
  seed: 1,
  changes: [],
  speed: 1,
  paused: false,
};

/** An address holds no more changes than this. */
const mostChanges = 40;

const oneOf = <T>(known: readonly T[], value: unknown, fallback: T): T =>
  known.includes(value as T) ? (value as T) : fallback;

const count = (text: string | null, fallback: number, least: number): number => {
  const value = Number(text ?? Number.NaN);
  return Number.isSafeInteger(value) && value >= least ? value : fallback;
};

/** Changes as text: `437:timeGap=2,politeness=0;500:desiredSpeed=20`. */
function writeChanges(changes: readonly TrafficChange[]): string {
  return changes
    .map(
      ({ frame, parameters }) =>
        `${frame}:${Object.entries(parameters)
          .map(([name, value]) => `${name}=${value}`)
          .join(",")}`,
    )
    .join(";");
}

/** The inverse of `writeChanges`; what is unknown or out of range is left out. */
function readChanges(text: string | null): TrafficChange[] {
  const changes: TrafficChange[] = [];
  for (const part of (text ?? "").split(";").slice(0, mostChanges)) {
    const [at = "", assignments = ""] = part.split(":");
    const frame = count(at, -1, 0);
    const parameters = readParameters(assignments);
    const inOrder = frame > (changes.at(-1)?.frame ?? -1);
    if (inOrder && Object.keys(parameters).length > 0) changes.push({ frame, parameters });
  }
  return changes;
}

function readParameters(text: string): ParameterChange {
  return Object.fromEntries(
    text.split(",").flatMap((assignment) => {
      const [given, value = ""] = assignment.split("=");
      const name = parameterNames.find((known) => known === given);
      if (name === undefined || value === "") return [];
      const { least, most } = parameterRanges[name];
      return Number(value) >= least && Number(value) <= most ? [[name, Number(value)]] : [];
    }),
  );
}

/** The changes with `parameters` set at `frame`: what had been changed later is forgotten. */
export function withChange(
  changes: readonly TrafficChange[],
  frame: number,
  parameters: ParameterChange,
): TrafficChange[] {
  const before = changes.filter((change) => change.frame < frame).slice(1 - mostChanges);
  const here = changes.find((change) => change.frame === frame);
  return [...before, { frame, parameters: { ...here?.parameters, ...parameters } }];
}

/** A start by vehicle and frame, written `track,frame`. */
function readPlace(text: string | null): StartPlace | null {
  const [track = -1, frame = -1] = (text ?? "")
    .split(",")
    .map((part) => count(part === "" ? null : part, -1, 0));
  return track >= 0 && frame >= 0 ? { track, frame } : null;
}

/** Reads a hash such as `#driver=idm&start=3`; whatever is missing or unknown takes its default. */
export function readHash(hash: string): ViewState {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const fallback = defaultViewState;
  return {
    driver: oneOf(driverNames, fields.get("driver"), fallback.driver),
    traffic: oneOf(trafficNames, fields.get("traffic"), fallback.traffic),
    mode: oneOf(modeNames, fields.get("mode"), fallback.mode),
    start: count(fields.get("start"), fallback.start + 1, 1) - 1,
    at: readPlace(fields.get("at")),
    seed: count(fields.get("seed"), fallback.seed, 0),
    changes: readChanges(fields.get("changes")),
    speed: oneOf(playSpeeds, Number(fields.get("speed") ?? fallback.speed), fallback.speed),
    paused: fields.get("paused") === "1",
  };
}

/** The inverse of `readHash`. */
export function writeHash(state: ViewState): string {
  const fields = new URLSearchParams({
    driver: state.driver,
    traffic: state.traffic,
    mode: state.mode,
    start: String(state.start + 1),
    speed: String(state.speed),
    seed: String(state.seed),
  });
  if (state.at !== null) fields.set("at", `${state.at.track},${state.at.frame}`);
  if (state.changes.length > 0) fields.set("changes", writeChanges(state.changes));
  if (state.paused) fields.set("paused", "1");
  return `#${fields}`;
}

/** The part of the state that an episode depends on. */
export function requestOf({ driver, traffic, mode, start, at, seed, changes }: ViewState): EpisodeRequest {
  const isRecorded = traffic === "us101" || mode !== "replay";
  return { driver, traffic, mode, start, at, seed, changes: isRecorded ? [] : changes };
}
