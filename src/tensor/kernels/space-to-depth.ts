import * as tf from "@tensorflow/tfjs";
import type { SimdHost } from "../simd/host.ts";
import { copyRegion } from "../simd/region.ts";
import type { KernelTable } from "./table.ts";

export const spaceToDepthName = "HeadwaySpaceToDepth";
export const depthToSpaceName = "HeadwayDepthToSpace";

type Shape4D = readonly [number, number, number, number];

/** Squares of pixels into channels and back; each is the gradient of the other. */
export function spaceToDepthKernels(host: SimdHost): KernelTable {
  /** Copies between an image [B, H, W, C] and its squares in depth, in either direction. */
  const exchange = (
    image: number,
    [B, H, W, C]: Shape4D,
    depth: number,
    block: number,
    toDepth: boolean,
  ): void => {
    const line = 4 * C * block;
    const square = block * line;
    for (let i = 0; i < block; i++) {
      const inImage = [image + i * W * C * 4, block * W * C * 4, line] as const;
      const inDepth = [depth + i * line, (W / block) * square, square] as const;
      const [to, from] = toDepth ? [inDepth, inImage] : [inImage, inDepth];
      copyRegion(host, to[0], from[0], C * block, [
        [(B * H) / block, to[1], from[1]],
        [W / block, to[2], from[2]],
      ]);
    }
  };
  return {
    [spaceToDepthName]: ({ inputs: { x }, attrs }) => {
      const { block } = attrs as { block: number };
      const [B, H, W, C] = x!.shape as unknown as Shape4D;
      const y = host.create([B, H / block, W / block, block * block * C]);
      exchange(host.address(x!), [B, H, W, C], host.address(y), block, true);
      return y;
    },
    [depthToSpaceName]: ({ inputs: { x }, attrs }) => {
      const { block } = attrs as { block: number };
      const [B, H, W, D] = x!.shape as unknown as Shape4D;
      const shape = [B, H * block, W * block, D / (block * block)] as const;
      const y = host.create(shape);
      exchange(host.address(y), shape, host.address(x!), block, false);
      return y;
    },
  };
}

export function registerSpaceToDepthGradients(): void {
  for (const [kernelName, inverse] of [
    [spaceToDepthName, depthToSpaceName],
    [depthToSpaceName, spaceToDepthName],
  ] as const) {
    tf.registerGradient({
      kernelName,
      gradFunc: (dy, _, attrs) => ({
        x: () => tf.engine().runKernel(inverse, { x: dy as tf.Tensor }, attrs),
      }),
    });
  }
}
