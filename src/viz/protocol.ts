import type { ParameterChange, Road, SafetyNumbers, TrafficParameters } from "../sim/index.ts";

/** Everything that page and worker say to each other, and the only file they share. */

/** Ways to drive that the page offers; `policy` is the one that learned inside its model. */
export const driverNames = ["policy", "plan", "imitation", "idm", "human", "none", "random"] as const;
export type DriverName = (typeof driverNames)[number];

/** Traffic that the page offers: recorded on US-101, or a scenario generated at load. */
export const trafficNames = [
  "us101",
  "dense",
  "mixed",
  "free-flow",
  "fast",
  "stop-and-go",
  "jam-front",
  "cut-in",
  "lane-drop",
  "on-ramp",
  "off-ramp",
  "stalled-car",
  "slow-truck",
  "curved-road",
] as const;
export type TrafficName = (typeof trafficNames)[number];

/** What the others do: repeat their record, see the ego, or are partly copies of its driver. */
export const modeNames = ["replay", "reactive", "self"] as const;
export type ModeName = (typeof modeNames)[number];

/** How an episode ended, seen from the ego. */
export const causes = ["finished", "hitAhead", "hitSide", "rearEnded", "offRoad", "timeout"] as const;
export type Cause = (typeof causes)[number];

/** Costs of one moment, in the order in which the page lists them. */
export const costNames = ["proximity", "lane", "offroad"] as const;
export type CostName = (typeof costNames)[number];

/** Parameters of generated traffic that change while it runs, from a frame on, counted from when it can be driven in. */
export interface TrafficChange {
  readonly frame: number;
  readonly parameters: ParameterChange;
}

/** A start by what it is: index of the replaced vehicle's track, and frame of the take-over. */
export interface StartPlace {
  readonly track: number;
  readonly frame: number;
}

export interface EpisodeRequest {
  readonly driver: DriverName;
  readonly traffic: TrafficName;
  readonly mode: ModeName;
  /** Which start, from 0; counted modulo the number of starts. */
  readonly start: number;
  /** The start at which this vehicle is replaced in this frame, whatever its number; null: by number. */
  readonly at: StartPlace | null;
  /** Of the generated traffic and of whatever the driver draws. */
  readonly seed: number;
  /** To generated traffic; in order of frames, one per frame. */
  readonly changes: readonly TrafficChange[];
}

/** Page → worker. */
export type Request =
  /** Comes first: the address of the page, against which data files are found. */
  | { readonly kind: "start"; readonly base: string }
  | { readonly kind: "open"; readonly episode: number; readonly request: EpisodeRequest }
  /** Trained drivers have learned more since they were loaded: the next episode loads them anew. */
  | { readonly kind: "refresh" }
  /** Asks for the next `frames` frames of an episode; fewer come when it ends first. */
  | { readonly kind: "advance"; readonly episode: number; readonly frames: number };

/** What stays the same during an episode. */
export interface EpisodeInfo {
  readonly request: EpisodeRequest;
  /** The start in use and how many there are. */
  readonly start: number;
  readonly starts: number;
  /** Where the traffic comes from, in a few words. */
  readonly place: string;
  readonly road: Road;
  /** Seconds between frames. */
  readonly dt: number;
  /** Frame of the traffic at which this episode begins. */
  readonly firstFrame: number;
  /** Of generated traffic before any change; null for recorded traffic. */
  readonly parameters: TrafficParameters | null;
  /** Frames before the driver takes over, during which it only watches. */
  readonly leadIn: number;
  /** Frames that the recorded human took, lead-in included. */
  readonly humanFrames: number;
  /** Ids of the vehicles that copies of the driver drive. */
  readonly copyIds: readonly number[];
  /** The ego succeeds when it passes this point of the road [m]. */
  readonly goalX: number;
  readonly ego: { readonly length: number; readonly width: number };
  /** Where the recorded human went from the first frame on: x, y, speed of each frame. */
  readonly human: Float32Array;
  readonly view: {
    readonly height: number;
    readonly width: number;
    readonly metersPerRow: number;
    readonly metersPerColumn: number;
  };
}

/** Numbers per vehicle in `Snapshot.vehicles`: x, y, heading, speed, length, width [m, rad, m/s]. */
export const vehicleStride = 6;

export interface Snapshot {
  /** From 0, the first frame of the lead-in. */
  readonly frame: number;
  /** Everyone but the ego. */
  readonly ids: Float64Array;
  readonly vehicles: Float32Array;
  readonly ego: {
    readonly x: number;
    readonly y: number;
    readonly heading: number;
    readonly speed: number;
    /** The action that leads to the next frame [m/s², 1/m]. */
    readonly acceleration: number;
    readonly steering: number;
  };
  /** What the ego sees, [height, width, 3]: lane, traffic, offroad. */
  readonly pixels: Uint8Array;
  readonly costs: { readonly [Name in CostName]?: number };
  /** With respect to who is in the ego's way; `Infinity`, and 0 m/s², when nobody is. */
  readonly ahead: Pick<SafetyNumbers, "gap" | "timeGap" | "timeToCollision" | "requiredDeceleration">;
  /** Set on the last frame. */
  readonly verdict: { readonly cause: Cause; readonly distance: number; readonly seconds: number } | null;
}

/** How far ahead is imagined, and when the imagined ego is asked what it sees [s]. */
export const imaginedSeconds = [1, 2, 3] as const;

/** How many futures are drawn at a frame. */
export const imaginedFutures = 2;

/** What the ego imagined at a frame: its driver drove on inside the forward model, once in each future that was drawn. */
export interface Imagined {
  readonly frame: number;
  /** Seconds between imagined states. */
  readonly dt: number;
  readonly view: EpisodeInfo["view"];
  readonly futures: readonly ImaginedFuture[];
}

export interface ImaginedFuture {
  /** Where the ego is after each step: x, y, heading, speed, in road coordinates. */
  readonly states: Float32Array;
  /** What it sees at `imaginedSeconds`, as in `Snapshot.pixels`. */
  readonly pixels: readonly Uint8Array[];
  /** After each step. */
  readonly costs: { readonly [Name in CostName]?: Float32Array };
}

/** Worker → page. */
export type Reply =
  /** The worker runs; the drivers that cannot be offered here, each with the reason. */
  | {
      readonly kind: "ready";
      readonly missing: { readonly [Name in DriverName]?: string };
      readonly notes: readonly string[];
    }
  /** Something takes longer than a moment. */
  | { readonly kind: "busy"; readonly episode: number; readonly doing: string }
  | { readonly kind: "opened"; readonly episode: number; readonly info: EpisodeInfo }
  | { readonly kind: "frame"; readonly episode: number; readonly snapshot: Snapshot }
  /** Comes after its frame, where there is time for it. */
  | { readonly kind: "imagined"; readonly episode: number; readonly imagined: Imagined }
  /** Nothing can be imagined in this episode, and why. */
  | { readonly kind: "unimaginable"; readonly episode: number; readonly reason: string }
  | { readonly kind: "failed"; readonly episode: number; readonly reason: string };

/** The buffers that change hands with a reply instead of being copied. */
export function transfersOf(reply: Reply): ArrayBuffer[] {
  switch (reply.kind) {
    case "frame": {
      const { ids, vehicles, pixels } = reply.snapshot;
      return [ids.buffer, vehicles.buffer, pixels.buffer] as ArrayBuffer[];
    }
    case "opened":
      return [reply.info.human.buffer as ArrayBuffer];
    case "imagined":
      return reply.imagined.futures
        .flatMap(({ states, pixels, costs }) => [states, ...pixels, ...Object.values(costs)])
        .map(({ buffer }) => buffer as ArrayBuffer);
    case "ready":
    case "busy":
    case "unimaginable":
    case "failed":
      return [];
  }
}
