import * as tf from "@tensorflow/tfjs";
import { partsOf, placesOf, type Mass } from "./mass.ts";
import { weightedSums } from "./weighted-sums.ts";

/**
 * Traffic as mass that moves. Every pixel of the last observed picture carries the mass seen there, a displacement
 * and a velocity through the whole rollout; a predicted picture is that mass dropped where it has come to. Cars
 * thus keep their shape and go on as they went, however long the rollout, and a network has to say only what
 * changes. Each operation is a single one with a hand-derived adjoint, and pixels without mass cost nothing.
 */
export type MovingMass = {
  /** Traffic channel of the last observed picture. */
  readonly mass: Mass;
  /** Rows and columns that each pixel's mass has moved, [B, H, W, 2]. */
  readonly displacement: tf.Tensor4D;
  /** [pixels per step], [B, H, W, 2]. */
  readonly velocity: tf.Tensor4D;
  /** What the velocity gains of itself in the next step, observed and dying away [pixels per step²], [B, H, W, 2]. */
  readonly inertia: tf.Tensor4D;
};

/**
 * Drops mass where it has come to, shared among the pixels that its box lies in by area; what leaves the grid is gone.
 * The gradient goes to the displacement alone.
 * @param displacement [B, H, W, 2]
 * @returns [B, H, W]
 */
export function dropMass(mass: Mass, displacement: tf.Tensor4D): tf.Tensor3D {
  const { shape } = mass;
  const drop = tf.customGrad((displacement, save) => {
    const input = displacement as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: tf.tensor3d(dropped(mass, input.dataSync() as Float32Array), [...shape]),
      gradFunc: (dy, [saved]) => {
        const m = mass.values();
        const g = (dy as tf.Tensor).dataSync() as Float32Array;
        const gradient = new Float32Array(2 * m.length);
        const parts = partsOf(mass, saved!.dataSync() as Float32Array);
        for (let k = 0; k < parts.count; k++) {
          const p = parts.p[k]!;
          const pull = m[p]! * g[parts.q[k]!]!;
          gradient[2 * p] = gradient[2 * p]! + pull * parts.byRow[k]!;
          gradient[2 * p + 1] = gradient[2 * p + 1]! + pull * parts.byColumn[k]!;
        }
        return tf.tensor4d(gradient, [...shape, 2]);
      },
    };
  });
  return drop(displacement) as tf.Tensor3D;
}

/** The same with plain numbers, for what needs no gradient. */
export function dropped(mass: Mass, displacement: Float32Array): Float32Array {
  const m = mass.values();
  const out = new Float32Array(m.length);
  const { count, p, q, weight } = partsOf(mass, displacement);
  for (let k = 0; k < count; k++) out[q[k]!] = out[q[k]!]! + m[p[k]!]! * weight[k]!;
  return out;
}

/**
 * What a field says at the place to which each pixel's mass has come, bilinear; zero for pixels without mass and
 * for mass beyond the grid. The gradient goes to the field alone.
 * @param field [B, H, W, 2]
 * @returns [B, H, W, 2]
 */
export function sampleAtMass(mass: Mass, displacement: tf.Tensor4D, field: tf.Tensor4D): tf.Tensor4D {
  const { shape } = mass;
  const d = displacement.dataSync() as Float32Array;
  const sample = tf.customGrad((field) => {
    const f = (field as tf.Tensor).dataSync() as Float32Array;
    const out = new Float32Array(f.length);
    const places = placesOf(mass, d);
    for (let k = 0; k < places.count; k++) {
      const p = places.p[k]!;
      const q = places.q[k]!;
      const weight = places.weight[k]!;
      out[2 * p] = out[2 * p]! + f[2 * q]! * weight;
      out[2 * p + 1] = out[2 * p + 1]! + f[2 * q + 1]! * weight;
    }
    return {
      value: tf.tensor4d(out, [...shape, 2]),
      gradFunc: (dy) => {
        const g = (dy as tf.Tensor).dataSync() as Float32Array;
        const gradient = new Float32Array(g.length);
        const places = placesOf(mass, d);
        for (let k = 0; k < places.count; k++) {
          const p = places.p[k]!;
          const q = places.q[k]!;
          const weight = places.weight[k]!;
          gradient[2 * q] = gradient[2 * q]! + g[2 * p]! * weight;
          gradient[2 * q + 1] = gradient[2 * q + 1]! + g[2 * p + 1]! * weight;
        }
        return tf.tensor4d(gradient, [...shape, 2]);
      },
    };
  });
  return sample(field) as tf.Tensor4D;
}

/**
 * A field averaged over the mass around each pixel with mass, twice over, about as large as a car: what happens to a car
 * happens to all of it. Zero for pixels without mass. The gradient goes to the field alone.
 *
 *     f ← around(m · f) / around(m) where m > 0, twice; around: the sum over 5 × 3 pixels
 *
 * @param field at the pixels of the last observed picture, [B, H, W, 2]
 * @returns [B, H, W, 2]
 */
export function averageOverMass(mass: Mass, field: tf.Tensor4D): tf.Tensor4D {
  const { shape } = mass;
  const [m, share] = [mass.values(), mass.shares()];
  // The adjoint is the same sum with the weights before and after it exchanged.
  const twice = (f: tf.Tensor, before: Float32Array, after: Float32Array): tf.Tensor4D => {
    const once = weightedSums(f.dataSync() as Float32Array, before, after, shape);
    return tf.tensor4d(weightedSums(once, before, after, shape), [...shape, 2]);
  };
  const average = tf.customGrad((f) => ({
    value: twice(f as tf.Tensor, m, share),
    gradFunc: (dy) => twice(dy as tf.Tensor, share, m),
  }));
  return average(field) as tf.Tensor4D;
}
