import type { Rng } from "../../core/index.ts";
import type { Driver, DriverSession, Scene } from "../driver.ts";
import type { Action } from "../vehicle.ts";

/** A session that looks at each scene alone and keeps nothing. */
function withoutMemory(decide: (scene: Scene, action: Action, index: number) => void): DriverSession {
  return {
    observe() {},
    act(scenes, actions) {
      scenes.forEach((scene, i) => {
        if (scene !== null) decide(scene, actions[i], i);
      });
    },
    dispose() {},
  };
}

/** Always the same action. */
export function createConstantDriver(
  name = "none",
  constant: Readonly<Action> = { acceleration: 0, steering: 0 },
): Driver {
  return { name, begin: () => withoutMemory((_, action) => void Object.assign(action, constant)) };
}

/** Does what the recorded human did, as long as the ego is where the human was; then nothing. */
export function createRecordedDriver(name = "human"): Driver {
  const nothing: Action = { acceleration: 0, steering: 0 };
  return {
    name,
    // What people do changes from frame to frame: held any longer it would lead elsewhere.
    decisionFrames: 1,
    begin: () =>
      withoutMemory((scene, action) => void Object.assign(action, scene.recordedAction ?? nothing)),
  };
}

/** How strongly and how long a random driver keeps doing something. */
export interface RandomDriverOptions {
  /** Deviation of the acceleration [m/s²]. */
  readonly acceleration: number;
  /** Deviation of the steering [1/m]. */
  readonly steering: number;
  /** Fraction of the last action that is kept at each decision; the rest is new. */
  readonly smoothness: number;
}

/** Smooth random actions, the same for the same stream. */
export function createRandomDriver(
  { acceleration, steering, smoothness }: RandomDriverOptions = {
    acceleration: 1,
    steering: 0.002,
    smoothness: 0.8,
  },
): Driver {
  const fresh = Math.sqrt(1 - smoothness * smoothness);
  return {
    name: "random",
    begin(count: number, rng: Rng): DriverSession {
      const streams = Array.from({ length: count }, (_, i) => rng.fork(`ego ${i}`));
      const state = streams.map((stream) => [stream.normal(), stream.normal()] as [number, number]);
      return withoutMemory((_, action, i) => {
        const wish = state[i];
        wish[0] = smoothness * wish[0] + fresh * streams[i].normal();
        wish[1] = smoothness * wish[1] + fresh * streams[i].normal();
        action.acceleration = acceleration * wish[0];
        action.steering = steering * wish[1];
      });
    },
  };
}
