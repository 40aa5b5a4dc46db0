import * as tf from "@tensorflow/tfjs";
import type { Latent } from "./latent.ts";

/** How many codes of training windows a model keeps to draw from. */
const storedCodes = 512;
/** The variable that holds them; no gradient reaches it. */
export const codesName = "codes";

/**
 * A latent that is a function of the future, with no distribution to draw from: where the future is unknown, a code is
 * drawn from those that training windows had; where training withholds the future, it is zero.
 * @param encode [B, E] → code [B, Z] and what it costs
 */
function encodedLatent(size: number, encode: (encoded: tf.Tensor2D) => Encoded): Latent {
  return {
    noise: { count: 1, distribution: "uniform" },
    encoderColumns: size,
    priorColumns: 0,
    parameters: { [codesName]: { shape: [storedCodes, size], initialize: "zeros" } },
    infer: (encoded) => ({ kl: null, ...encode(encoded) }),
    withhold: (_, noise) => tf.zeros([noise.shape[0], size]),
    sample(_, noise, codes) {
      const rows = Int32Array.from(noise.dataSync(), (u) => Math.min(storedCodes - 1, u * storedCodes));
      return tf.gather(codes as tf.Tensor2D, tf.tensor1d(rows, "int32"));
    },
  };
}

type Encoded = { readonly z: tf.Tensor2D; readonly sparsity: tf.Tensor1D | null };

/**
 * Error encoding: the code is whatever the encoder says, narrow only because it has few numbers and is zero where
 * training withholds it. Henaff, Zhao & LeCun, "Prediction Under Uncertainty with Error-Encoding Networks" (2017).
 */
export const een = (size: number): Latent => encodedLatent(size, (z) => ({ z, sparsity: null }));

/** Narrow because the magnitude of the code costs: most of its numbers stay near zero. */
export const sparse = (size: number): Latent =>
  encodedLatent(size, (z) => ({ z, sparsity: tf.mean(tf.abs(z), 1) }));

/**
 * Narrow because each number can only take `levels` values between −1 and 1, so that a code holds Z · log₂ levels bits;
 * the gradient goes straight through the rounding. Mentzer et al., "Finite Scalar Quantization" (2023).
 */
export function discrete(size: number, levels: number): Latent {
  const half = (levels - 1) / 2;
  const quantize = tf.customGrad((x) => ({
    value: tf.div(tf.sub(tf.round(tf.mul(tf.add(x as tf.Tensor, 1), half)), half), half),
    gradFunc: (dy) => dy as tf.Tensor,
  }));
  return encodedLatent(size, (encoded) => ({
    z: quantize(tf.tanh(encoded)) as tf.Tensor2D,
    sparsity: null,
  }));
}
