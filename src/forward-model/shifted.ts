import * as tf from "@tensorflow/tfjs";

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

/** Where a pixel is read between four of the picture's; rewritten from pixel to pixel. */
interface Place {
  /** Index of the first value of the pixel above left of it, and from there to those below and beside. */
  first: number;
  readonly below: number;
  readonly beside: number;
  /** How far it is from there towards the next row and column, in [0, 1]. */
  down: number;
  right: number;
  /** Whether it lies within the picture, or was brought to its border, where a derivative ends. */
  inRows: boolean;
  inColumns: boolean;
}

function forEachPlace(
  [B, H, W, C]: readonly [number, number, number, number],
  shift: Float32Array,
  visit: (p: number, place: Place) => void,
): void {
  const place: Place = {
    ...{ first: 0, below: W * C, beside: C },
    ...{ down: 0, right: 0, inRows: true, inColumns: true },
  };
  for (let b = 0, p = 0; b < B; b++) {
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < W; j++, p++) {
        const row = i + shift[2 * p]!;
        const column = j + shift[2 * p + 1]!;
        place.inRows = row > 0 && row < H - 1;
        place.inColumns = column > 0 && column < W - 1;
        const heldRow = Math.min(H - 1, Math.max(0, row));
        const heldColumn = Math.min(W - 1, Math.max(0, column));
        const above = Math.min(H - 2, Math.floor(heldRow));
        const aside = Math.min(W - 2, Math.floor(heldColumn));
        place.down = heldRow - above;
        place.right = heldColumn - aside;
        place.first = ((b * H + above) * W + aside) * C;
        visit(p, place);
      }
    }
  }
}
