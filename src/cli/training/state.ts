import { decodeEnvelope, encodeEnvelope } from "../../core/index.ts";
import type { Adam } from "../../tensor/index.ts";

/** All that a training must remember; its randomness is derived from the seed and the update's number. */
export interface TrainingState {
  /** Updates done. */
  update: number;
  skippedUpdates: number;
  bestScore: number | null;
  bestUpdate: number;
  readonly values: Float32Array;
  /** Running mean of the values: what is validated. */
  readonly average: Float32Array;
  readonly best: Float32Array;
}

interface StateMeta {
  readonly update: number;
  readonly skippedUpdates: number;
  readonly bestScore: number | null;
  readonly bestUpdate: number;
  readonly adamStep: number;
}

const version = 2;

/** State → bytes: parameters, their running mean, the best and Adam's two moments, as 32-bit floats. */
export function encodeTrainingState(state: TrainingState, adam: Adam): Uint8Array {
  const parts = [state.values, state.average, state.best, adam.state.m, adam.state.v];
  const payload = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    payload.set(part, offset);
    offset += part.length;
  }
  const { update, skippedUpdates, bestScore, bestUpdate } = state;
  const meta: StateMeta = { update, skippedUpdates, bestScore, bestUpdate, adamStep: adam.state.step };
  return encodeEnvelope({ kind: "training-state", version, meta, payload: new Uint8Array(payload.buffer) });
}

/**
 * Bytes → state, into `state` and `adam`.
 * @throws InputError when the file is damaged or of another kind or version
 */
export function restoreTrainingState(
  bytes: Uint8Array,
  where: string,
  state: TrainingState,
  adam: Adam,
): void {
  const { meta, payload } = decodeEnvelope<StateMeta>(bytes, "training-state", version, where);
  const values = new Float32Array(payload.slice().buffer);
  let offset = 0;
  for (const part of [state.values, state.average, state.best, adam.state.m, adam.state.v]) {
    part.set(values.subarray(offset, offset + part.length));
    offset += part.length;
  }
  state.update = meta.update;
  state.skippedUpdates = meta.skippedUpdates;
  state.bestScore = meta.bestScore;
  state.bestUpdate = meta.bestUpdate;
  adam.state.step = meta.adamStep;
}
