import type { Action, VehicleState } from "../sim/index.ts";

/** What the ego did: entry t of the states is `start.frame + t`, action t leads from there to state t + 1. */
export interface Trace {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly heading: readonly number[];
  readonly speed: readonly number[];
  readonly acceleration: readonly number[];
  readonly steering: readonly number[];
}

interface TraceKeeper extends Trace {
  keepState(state: Readonly<VehicleState>): void;
  keepAction(action: Readonly<Action>): void;
}

export function createTrace(): TraceKeeper {
  const [x, y, heading, speed]: [number[], number[], number[], number[]] = [[], [], [], []];
  const [acceleration, steering]: [number[], number[]] = [[], []];
  return {
    x,
    y,
    heading,
    speed,
    acceleration,
    steering,
    keepState(state) {
      x.push(state.x);
      y.push(state.y);
      heading.push(state.heading);
      speed.push(state.speed);
    },
    keepAction(action) {
      acceleration.push(action.acceleration);
      steering.push(action.steering);
    },
  };
}
