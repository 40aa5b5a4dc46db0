import * as tf from "@tensorflow/tfjs";
import { bilinearPlace, locate, type BilinearPlace } from "./bilinear.ts";

/**
 * Pictures read at other places, bilinear; beyond the edge the border repeats. The gradient goes to the places alone.
 * @param pixels [B, H, W, C], constant
 * @param shift rows and columns from each pixel to where it is read, [B, H, W, 2]
 * @returns [B, H, W, C]
 */
export function shifted(pixels: tf.Tensor4D, shift: tf.Tensor4D): tf.Tensor4D {
  const shape = pixels.shape;
  const C = shape[3];
  const source = pixels.dataSync() as Float32Array;
  const read = tf.customGrad((shift, save) => {
    const input = shift as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    const out = new Float32Array(source.length);
    forEachPlace(shape, input.dataSync() as Float32Array, (p, { first, below, beside, down, right }) => {
      for (let k = 0; k < C; k++) {
        const a = first + k;
        const upper = (1 - right) * source[a]! + right * source[a + beside]!;
        const lower = (1 - right) * source[a + below]! + right * source[a + below + beside]!;
        out[p * C + k] = (1 - down) * upper + down * lower;
      }
    });
    return {
      value: tf.tensor4d(out, shape),
      gradFunc: (dy, [saved]) => {
        const g = (dy as tf.Tensor).dataSync() as Float32Array;
        const gradient = new Float32Array((out.length / C) * 2);
        forEachPlace(shape, saved!.dataSync() as Float32Array, (p, place) => {
          const { first, below, beside, down, right, inRows, inColumns } = place;
          for (let k = 0; k < C; k++) {
            const a = first + k;
            const [upperLeft, upperRight] = [source[a]!, source[a + beside]!];
            const [lowerLeft, lowerRight] = [source[a + below]!, source[a + below + beside]!];
            const byRow = (1 - right) * (lowerLeft - upperLeft) + right * (lowerRight - upperRight);
            const byColumn = (1 - down) * (upperRight - upperLeft) + down * (lowerRight - lowerLeft);
            if (inRows) gradient[2 * p] = gradient[2 * p]! + g[p * C + k]! * byRow;
            if (inColumns) gradient[2 * p + 1] = gradient[2 * p + 1]! + g[p * C + k]! * byColumn;
          }
        });
        return tf.tensor4d(gradient, [shape[0], shape[1], shape[2], 2]);
      },
    };
  });
  return read(shift) as tf.Tensor4D;
}

/** Where a pixel is read; always the same object. */
interface Place extends BilinearPlace {
  /** Index of the first value of the pixel above left of it, and from there to those below and beside. */
  first: number;
  readonly below: number;
  readonly beside: number;
}

function forEachPlace(
  [B, H, W, C]: readonly [number, number, number, number],
  shift: Float32Array,
  visit: (p: number, place: Place) => void,
): void {
  const place: Place = { ...bilinearPlace(), first: 0, below: W * C, beside: C };
  for (let b = 0, p = 0; b < B; b++) {
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < W; j++, p++) {
        locate(place, i + shift[2 * p]!, j + shift[2 * p + 1]!, H, W);
        place.first = ((b * H + place.row) * W + place.column) * C;
        visit(p, place);
      }
    }
  }
}
