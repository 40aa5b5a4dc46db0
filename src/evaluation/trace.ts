import type { Action, VehicleState } from "../sim/index.ts";
import type { MotionMeter } from "./comfort.ts";
import type { SafetyMeter } from "./safety-meter.ts";

const stateColumns = ["x", "y", "heading", "speed"] as const;
const stepColumns = [
  "acceleration",
  "steering",
  "gap",
  "timeGap",
  "timeToCollision",
  "projectedTimeToCollision",
  "requiredDeceleration",
  "inducedBraking",
  "followerBraking",
  "jerk",
  "lateralJerk",
] as const;

type Column = (typeof stateColumns)[number] | (typeof stepColumns)[number];

/**
 * What the ego did and how safely, one array per quantity. Entry t of the states is `start.frame + t`; entry t of the
 * actions leads from there to state t + 1, and entry t of everything else is measured at state t + 1.
 */
export type Trace = { readonly [Name in Column]: readonly number[] };

interface TraceKeeper {
  readonly trace: Trace;
  keepState(state: Readonly<VehicleState>): void;
  keepStep(action: Readonly<Action>, safety: SafetyMeter, motion: MotionMeter): void;
}

export function createTrace(): TraceKeeper {
  const trace = Object.fromEntries(
    [...stateColumns, ...stepColumns].map((name) => [name, []]),
  ) as unknown as {
    readonly [Name in Column]: number[];
  };
  return {
    trace,
    keepState(state) {
      for (const name of stateColumns) trace[name].push(state[name]);
    },
    keepStep(action, { numbers, followerBraking }, { jerk, lateralJerk }) {
      const step = { ...action, ...numbers, followerBraking, jerk, lateralJerk };
      for (const name of stepColumns) trace[name].push(step[name]);
    },
  };
}
