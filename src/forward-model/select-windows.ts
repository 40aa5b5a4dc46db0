import * as tf from "@tensorflow/tfjs";
import type { ImaginationStart } from "./imagination.ts";
import type { DropoutMasks, RolloutNoise } from "./noise.ts";

/** The start of the windows with the given numbers, in that order and each as often as it is named. */
export function selectStart<Start extends ImaginationStart>(start: Start, windows: readonly number[]): Start {
  const select = <Numbers extends Uint8Array | Float32Array>(values: Numbers): Numbers =>
    selectRows(values, start.count, windows);
  const { context, ego } = start.world;
  return {
    ...start,
    count: windows.length,
    views: start.views.map(select),
    states: start.states.map(select),
    world: {
      ...start.world,
      context: context.map(select),
      ego: { picture: select(ego.picture), offset: select(ego.offset), velocity: select(ego.velocity) },
    },
    frames: windows.map((b) => start.frames[b]!),
  };
}

/** The same of numbers [count, …]. */
export function selectRows<Numbers extends Uint8Array | Float32Array>(
  values: Numbers,
  count: number,
  windows: readonly number[],
): Numbers {
  const size = values.length / count;
  const length = windows.length * size;
  const selected = (
    values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)
  ) as Numbers;
  windows.forEach((b, i) => selected.set(values.subarray(b * size, (b + 1) * size), i * size));
  return selected;
}

/** The same of noise; its tensors belong to the caller's tidy. */
export function selectNoise(noise: RolloutNoise, windows: readonly number[]): RolloutNoise {
  const rows = tf.tensor1d([...windows], "int32");
  const select = (z: tf.Tensor2D): tf.Tensor2D => tf.gather(z, rows);
  return {
    latent: noise.latent?.map(select) ?? null,
    ...(noise.given !== undefined && { given: noise.given.map(select) }),
    withheld: noise.withheld,
    masks:
      noise.masks === null
        ? null
        : (Object.fromEntries(
            Object.entries(noise.masks).map(([layer, mask]) => [layer, tf.gather(mask, rows)]),
          ) as DropoutMasks),
  };
}
