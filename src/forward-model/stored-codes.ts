import * as tf from "@tensorflow/tfjs";
import { numbersOf } from "../tensor/index.ts";
import { codesName } from "./latents/index.ts";
import type { ForwardModel, Lesson } from "./model.ts";
import type { RolloutNoise } from "./noise.ts";

/**
 * Fills the stored codes of a model, from which it draws its latents, with those of training windows; nothing where its
 * latent has a prior. Asks for lessons until there are enough. Does not free the noise.
 */
export function storeCodes(
  model: ForwardModel,
  lessons: Iterable<{ readonly lesson: Lesson; readonly noise: RolloutNoise }>,
): void {
  const codes = model.parameters.variables[codesName];
  if (codes === undefined) return;
  const values = new Float32Array(codes.size);
  let filled = 0;
  for (const { lesson, noise } of lessons) {
    const found = numbersOf(() =>
      lesson({ ...noise, withheld: [] }, true).inferred.map(({ z }) => z.dataSync() as Float32Array),
    );
    for (const list of found) {
      values.set(list.subarray(0, values.length - filled), filled);
      filled = Math.min(values.length, filled + list.length);
    }
    if (filled === values.length) break;
  }
  tf.tidy(() => codes.assign(tf.tensor(values, codes.shape)));
}
