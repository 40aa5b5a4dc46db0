import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import {
  disposeNoise,
  drawNoise,
  type DropoutMasks,
  type ForwardModel,
  type RolloutNoise,
  type WorldWindows,
} from "../forward-model/index.ts";
import { numbersOf } from "../tensor/index.ts";
import { imagineWorld } from "./imagine.ts";
import type { World } from "./roll-out.ts";

export interface ReplicaOptions {
  readonly steps: number;
  /** K */
  readonly masks: number;
  /** Number of the first window within its update. */
  readonly first: number;
}

/**
 * Imagines all windows once without dropout, and those of `doubted` K times more with masks of their own and the
 * same latents: as one batch, because that is the fastest way to ask a small network for many things.
 * @returns the world of all windows, then K worlds of the doubted ones
 */
export function imagineReplicas(
  model: ForwardModel,
  windows: WorldWindows,
  doubted: readonly number[],
  { steps, masks, first }: ReplicaOptions,
  rng: Rng,
): World[] {
  const { count } = windows;
  const d = doubted.length;
  const K = d === 0 ? 0 : masks;
  const plain = drawNoise(model.config, { batch: count, steps, dropout: false }, rng.fork("latent"), first);
  const masked = Array.from({ length: K }, (_, k) =>
    drawNoise(model.config, { batch: d, steps: 0, dropout: true }, rng.fork(`masks ${k}`), first),
  );
  const batch = count + K * d;
  const all = numbersOf(() => {
    const noise = { ...plain, ...replicateNoise(plain, masked, doubted, count) };
    const repeated = {
      context: windows.context.map((bytes) => repeatWindows(bytes, count, doubted, K)),
      ego: {
        picture: repeatWindows(windows.ego.picture, count, doubted, K),
        offset: repeatWindows(windows.ego.offset, count, doubted, K),
        velocity: repeatWindows(windows.ego.velocity, count, doubted, K),
      },
    };
    return imagineWorld(model, repeated, steps, noise);
  });
  for (const noise of [plain, ...masked]) disposeNoise(noise);
  const size = all[0]!.length / batch;
  const part = (begin: number, length: number): World =>
    all.map((frame) => frame.subarray(begin * size, (begin + length) * size));
  return [part(0, count), ...Array.from({ length: K }, (_, k) => part(count + k * d, d))];
}

/** The latents of all windows and again of the doubted ones, K times; masks of one for the former. */
function replicateNoise(
  plain: RolloutNoise,
  masked: readonly RolloutNoise[],
  doubted: readonly number[],
  count: number,
): Pick<RolloutNoise, "latent" | "masks"> {
  const [some] = masked;
  if (some === undefined) return { latent: plain.latent, masks: null };
  const chosen = tf.tensor1d([...doubted], "int32");
  const latent = plain.latent?.map((z) => {
    const again = tf.gather(z, chosen);
    return tf.concat([z, ...masked.map(() => again)], 0) as tf.Tensor2D;
  });
  const masks = Object.fromEntries(
    Object.entries(some.masks!).map(([name, mask]) => [
      name,
      tf.concat(
        [
          tf.ones([count, 1, 1, mask.shape[3]]),
          ...masked.map((noise) => noise.masks![name as keyof DropoutMasks]),
        ],
        0,
      ),
    ]),
  );
  return { latent: latent ?? null, masks: masks as DropoutMasks };
}

/** All windows, then the doubted ones `times` times. */
function repeatWindows<Numbers extends Uint8Array | Float32Array>(
  values: Numbers,
  count: number,
  doubted: readonly number[],
  times: number,
): Numbers {
  const size = values.length / count;
  const length = (count + times * doubted.length) * size;
  const repeated = (
    values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)
  ) as Numbers;
  repeated.set(values);
  let offset = values.length;
  for (let k = 0; k < times; k++) {
    for (const b of doubted) {
      repeated.set(values.subarray(b * size, (b + 1) * size), offset);
      offset += size;
    }
  }
  return repeated;
}
