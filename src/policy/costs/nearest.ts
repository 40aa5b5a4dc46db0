import * as tf from "@tensorflow/tfjs";
import { channelCount, channels, type PixelSpec } from "../../sim/index.ts";
import { weigh, type CostInputs, type Mask } from "./masks.ts";

/** Overlap that counts as none [m], and seconds of travel that the mask reaches ahead and behind. */
const tolerance = 1;
const reachSeconds = 1.5;
/** β: how sharply `softMaxProximityCost` picks the largest. */
const sharpness = 10;

/**
 * Cost of the nearest vehicle, [N]: max m·g over all pixels, g the traffic channel, m = a·b,
 *
 *     a tapers along  from (L − 1)/2 to (L − 1)/2 + 1.5·s + 1
 *     b tapers across from (W − 1)/2 to W
 *
 * Henaff, Canziani & LeCun, ICLR 2019, in meters instead of pixels. One pixel has all the gradient, and within a meter of
 * overlap none has any.
 */
export function maxProximityCost(spec: PixelSpec, inputs: CostInputs): tf.Tensor1D {
  return nearest(spec, inputs, (nearness) => {
    const most = nearness.indexOf(nearness.reduce((a, b) => Math.max(a, b), 0));
    return { value: nearness[most] ?? 0, slopes: nearness.map((_, p) => (p === most ? 1 : 0)) };
  });
}

/**
 * The same with a smooth maximum: log(1 + Σ A·(exp(β·m·g) − 1)) / β, A the area of a pixel in m², β = 10. All that is near has
 * a gradient, the nearest most; an empty picture costs nothing, and the grid hardly matters.
 */
export function softMaxProximityCost(spec: PixelSpec, inputs: CostInputs): tf.Tensor1D {
  const area = spec.metersPerRow * spec.metersPerColumn;
  return nearest(spec, inputs, (nearness) => {
    const exponentials = nearness.map((x) => area * Math.exp(sharpness * x));
    const sum = exponentials.reduce((total, x) => total + x - area, 1);
    return { value: Math.log(sum) / sharpness, slopes: exponentials.map((x) => x / sum) };
  });
}

/** From m·g of the pixels under a mask to one number, and its slope by each of them. */
type Reduce = (nearness: readonly number[]) => { readonly value: number; readonly slopes: readonly number[] };

/** One operation with hand-derived adjoints, to the poses or to the pixels, as for sums under masks. */
function nearest(spec: PixelSpec, inputs: CostInputs, reduce: Reduce): tf.Tensor1D {
  const { pose, pixels, values } = inputs;
  const N = inputs.speed.length;
  const size = spec.height * spec.width * channelCount;
  const poses = pose === null ? new Float32Array(3 * N) : (pose.dataSync() as Float32Array);
  const costs = new Float32Array(N);
  const byPose = new Float32Array(3 * N);
  const byPixel = pose === null ? new Float32Array(N * size) : null;
  for (let n = 0; n < N; n++) {
    const [x, y, heading] = [poses[3 * n]!, poses[3 * n + 1]!, poses[3 * n + 2]!];
    const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
    const nearness: number[] = [];
    const steepness: (readonly [pixel: number, byX: number, byY: number, byHeading: number])[] = [];
    const first = n * size + channels.traffic;
    const under = weigh(spec, x, y, heading, maskOf(inputs, n), pose === null ? null : values, first);
    for (let k = 0; k < under.count; k++) {
      const at = first + under.pixel[k]! * channelCount;
      const g = values[at]!;
      if (byPixel !== null) byPixel[at] = under.weight[k]!;
      const [byAlong, byAcross] = [under.slopeAlong[k]!, under.slopeAcross[k]!];
      nearness.push(under.weight[k]! * g);
      steepness.push([
        at,
        g * (sin * byAcross - cos * byAlong),
        -g * (sin * byAlong + cos * byAcross),
        g * (byAlong * under.across[k]! - byAcross * under.along[k]!),
      ]);
    }
    const { value, slopes } = reduce(nearness);
    costs[n] = value;
    steepness.forEach(([at, byX, byY, byHeading], p) => {
      const slope = slopes[p]!;
      if (byPixel !== null) byPixel[at]! *= slope;
      byPose[3 * n] = byPose[3 * n]! + slope * byX;
      byPose[3 * n + 1] = byPose[3 * n + 1]! + slope * byY;
      byPose[3 * n + 2] = byPose[3 * n + 2]! + slope * byHeading;
    });
  }
  const cost = tf.customGrad(() => ({
    value: tf.tensor1d(costs),
    gradFunc: (dy) =>
      byPixel === null
        ? tf.mul(tf.reshape(dy as tf.Tensor, [N, 1]), tf.tensor2d(byPose, [N, 3]))
        : tf.mul(tf.reshape(dy as tf.Tensor, [N, 1, 1, 1]), tf.tensor4d(byPixel, pixels.shape)),
  }));
  return cost(pose ?? pixels) as tf.Tensor1D;
}

/** Speeds and sizes are constants. */
function maskOf({ length, width, speed }: CostInputs, ego: number): Mask {
  const [alongside, beside] = [overlap(length[ego]!), overlap(width[ego]!)];
  return {
    along: { near: alongside, far: alongside + speed[ego]! * reachSeconds + 1 },
    across: { near: beside, far: width[ego]! },
    power: 1,
  };
}

const overlap = (size: number): number => Math.max(0, size - tolerance) / 2;
