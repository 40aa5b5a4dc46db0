import {
  driverNames,
  trafficNames,
  type DriverName,
  type EpisodeRequest,
  type TrafficName,
} from "../protocol.ts";

/** Speeds of play, in seconds of driving per second. */
export const playSpeeds = [0.25, 0.5, 1, 2, 4, 8] as const;

/** Everything that decides what the page shows; the address holds all of it. */
export interface ViewState {
  readonly driver: DriverName;
  readonly traffic: TrafficName;
  /** From 0 here, from 1 in the address and on the page. */
  readonly start: number;
  readonly seed: number;
  readonly speed: number;
  readonly paused: boolean;
}

export const defaultViewState: ViewState = {
  driver: "policy",
  traffic: "us101",
  start: 0,
  seed: 1,
  speed: 1,
  paused: false,
};

const oneOf = <T>(known: readonly T[], value: unknown, fallback: T): T =>
  known.includes(value as T) ? (value as T) : fallback;

const count = (text: string | null, fallback: number, least: number): number => {
  const value = Number(text ?? Number.NaN);
  return Number.isSafeInteger(value) && value >= least ? value : fallback;
};

/** Reads a hash such as `#driver=idm&start=3`; whatever is missing or unknown takes its default. */
export function readHash(hash: string): ViewState {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const fallback = defaultViewState;
  return {
    driver: oneOf(driverNames, fields.get("driver"), fallback.driver),
    traffic: oneOf(trafficNames, fields.get("traffic"), fallback.traffic),
    start: count(fields.get("start"), fallback.start + 1, 1) - 1,
    seed: count(fields.get("seed"), fallback.seed, 0),
    speed: oneOf(playSpeeds, Number(fields.get("speed") ?? fallback.speed), fallback.speed),
    paused: fields.get("paused") === "1",
  };
}

/** The inverse of `readHash`. */
export function writeHash(state: ViewState): string {
  const fields = new URLSearchParams({
    driver: state.driver,
    traffic: state.traffic,
    start: String(state.start + 1),
    speed: String(state.speed),
    seed: String(state.seed),
  });
  if (state.paused) fields.set("paused", "1");
  return `#${fields}`;
}

/** The part of the state that an episode depends on. */
export function requestOf({ driver, traffic, start, seed }: ViewState): EpisodeRequest {
  return { driver, traffic, start, seed };
}
