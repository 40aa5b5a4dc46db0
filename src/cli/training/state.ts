import { decodeEnvelope, encodeEnvelope } from "../../core/index.ts";
import type { AdamState } from "../../tensor/index.ts";

/** All that a training must remember; its randomness is derived from the seed and the update's number. */
export interface TrainingState {
  /** Updates done. */
  update: number;
  skippedUpdates: number;
  bestScore: number | null;
  bestUpdate: number;
}

interface StateMeta extends TrainingState {
  adamStep: number;
}

const version = 2;

/** State → bytes, with arrays of one length: parameters, the best ones, moments and what else there is, as 32-bit floats. */
export function encodeTrainingState(
  state: TrainingState,
  moments: AdamState,
  arrays: readonly Float32Array[],
): Uint8Array {
  const payload = new Float32Array(arrays.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of arrays) {
    payload.set(part, offset);
    offset += part.length;
  }
  const meta: StateMeta = { ...state, adamStep: moments.step };
  return encodeEnvelope({ kind: "training-state", version, meta, payload: new Uint8Array(payload.buffer) });
}

/**
 * Bytes → state, into `state`, the step of `moments`, and `arrays`: null for those that another worker fills for all.
 * @throws InputError when the file is damaged or of another kind or version
 */
export function restoreTrainingState(
  bytes: Uint8Array,
  where: string,
  state: TrainingState,
  moments: AdamState,
  arrays: readonly (Float32Array | null)[],
): void {
  const { meta, payload } = decodeEnvelope<StateMeta>(bytes, "training-state", version, where);
  const values = new Float32Array(payload.slice().buffer);
  const length = values.length / arrays.length;
  arrays.forEach((part, k) => part?.set(values.subarray(k * length, (k + 1) * length)));
  const { adamStep, ...rest } = meta;
  Object.assign(state, rest);
  moments.step = adamStep;
}
