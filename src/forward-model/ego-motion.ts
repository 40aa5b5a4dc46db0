import * as tf from "@tensorflow/tfjs";
import { frameSeconds as dt } from "../core/index.ts";

/** Columns of an ego state tensor [B, 4]: center relative to the window's start [m], heading [rad], speed [m/s]. */
export const egoStateColumns = { x: 0, y: 1, heading: 2, speed: 3 } as const;
export const egoStateSize = 4;

/**
 * Moves the egos by one step in closed form: the action is held for `frames` steps of the simulator's own
 * kinematics (`advance` in the sim room), so that an imagined ego moves as a simulated one would.
 *
 *     x += s·dt·cos θ,  y += s·dt·sin θ,  θ += atan(b·s·dt),  s = max(0, s + a·dt)
 *
 * One operation with a hand-derived adjoint instead of dozens of tensor operations on tiny vectors.
 * @param state [B, 4]
 * @param action [B, 2]: acceleration a [m/s²], steering b [1/m]
 * @returns [B, 4]
 */
export function moveEgo(state: tf.Tensor2D, action: tf.Tensor2D, frames: number): tf.Tensor2D {
  const move = tf.customGrad((state, action, save) => {
    const s = (state as tf.Tensor).dataSync() as Float32Array;
    const a = (action as tf.Tensor).dataSync() as Float32Array;
    (save as tf.GradSaveFunc)([state as tf.Tensor, action as tf.Tensor]);
    return {
      value: tf.tensor2d(forward(s, a, frames), [s.length / egoStateSize, egoStateSize]),
      gradFunc: (dy, [savedState, savedAction]) => {
        const gradient = adjoint(
          savedState!.dataSync() as Float32Array,
          savedAction!.dataSync() as Float32Array,
          (dy as tf.Tensor).dataSync() as Float32Array,
          frames,
        );
        return [
          tf.tensor2d(gradient.state, savedState!.shape as [number, number]),
          tf.tensor2d(gradient.action, savedAction!.shape as [number, number]),
        ];
      },
    };
  });
  return move(state, action) as tf.Tensor2D;
}

function forward(state: Float32Array, action: Float32Array, frames: number): Float32Array {
  const next = new Float32Array(state.length);
  for (let b = 0; b < state.length / egoStateSize; b++) {
    const i = b * egoStateSize;
    let [x, y, heading, speed] = [state[i]!, state[i + 1]!, state[i + 2]!, state[i + 3]!];
    for (let k = 0; k < frames; k++) {
      const travelled = speed * dt;
      x += travelled * Math.cos(heading);
      y += travelled * Math.sin(heading);
      heading += Math.atan(action[2 * b + 1]! * travelled);
      speed = Math.max(0, speed + action[2 * b]! * dt);
    }
    next[i] = x;
    next[i + 1] = y;
    next[i + 2] = heading;
    next[i + 3] = speed;
  }
  return next;
}

function adjoint(
  state: Float32Array,
  action: Float32Array,
  dy: Float32Array,
  frames: number,
): { state: Float32Array; action: Float32Array } {
  const dState = new Float32Array(state.length);
  const dAction = new Float32Array(action.length);
  const headings = new Float64Array(frames);
  const speeds = new Float64Array(frames);
  for (let b = 0; b < state.length / egoStateSize; b++) {
    const i = b * egoStateSize;
    const acceleration = action[2 * b]!;
    const steering = action[2 * b + 1]!;
    let heading = state[i + 2]!;
    let speed = state[i + 3]!;
    for (let k = 0; k < frames; k++) {
      headings[k] = heading;
      speeds[k] = speed;
      heading += Math.atan(steering * speed * dt);
      speed = Math.max(0, speed + acceleration * dt);
    }
    const dx = dy[i]!;
    const dyLateral = dy[i + 1]!;
    let dHeading = dy[i + 2]!;
    let dSpeed = dy[i + 3]!;
    let dAcceleration = 0;
    let dSteering = 0;
    for (let k = frames - 1; k >= 0; k--) {
      heading = headings[k]!;
      speed = speeds[k]!;
      if (speed + acceleration * dt <= 0) dSpeed = 0;
      dAcceleration += dSpeed * dt;
      const turn = steering * speed * dt;
      const dTurn = dHeading / (1 + turn * turn);
      dSteering += dTurn * speed * dt;
      const cos = Math.cos(heading);
      const sin = Math.sin(heading);
      dSpeed += dTurn * steering * dt + dt * (dx * cos + dyLateral * sin);
      dHeading += speed * dt * (dyLateral * cos - dx * sin);
    }
    dState[i] = dx;
    dState[i + 1] = dyLateral;
    dState[i + 2] = dHeading;
    dState[i + 3] = dSpeed;
    dAction[2 * b] = dAcceleration;
    dAction[2 * b + 1] = dSteering;
  }
  return { state: dState, action: dAction };
}
