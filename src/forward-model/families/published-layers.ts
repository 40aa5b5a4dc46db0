import { channelCount } from "../../sim/index.ts";
import type { ConvOptions, Padding, ParameterSpecs, TransposedConvOptions } from "../../tensor/index.ts";
import type { ForwardModelConfig } from "../config.ts";
import type { Latent } from "../latents/index.ts";
import { unitCount } from "./state-units.ts";

/** Layers under dropout that reach the result, with their widths: whole feature maps of convolutions, single numbers of dense layers. */
export const publishedDropout = {
  ...{ image1: 64, image2: 128, state1: 256, state2: 256, action1: 256, action2: 256 },
  ...{ narrow5: 256, picture1: 128, picture2: 64 },
  ...{ speed1: 256, speed2: 256, speed3: 256, speed4: 256, target1: 64, target2: 128 },
  ...{ posterior1: 256, posterior2: 256, prior1: 256, prior2: 256 },
} as const;

/** The hidden map. */
export const [mapRows, mapColumns, mapChannels] = [14, 3, 256];
const mapSize = mapRows * mapColumns * mapChannels;
const width = 256;
/** Of leaky rectifiers on the negative side. */
export const slope = 0.2;

/** The layers by name: shapes of their filters, and how they are applied. */
export interface PublishedLayers {
  readonly convolutions: { readonly [name: string]: Convolution };
  readonly transposed: {
    readonly [name: string]: readonly [filter: readonly number[], TransposedConvOptions];
  };
  /** Inputs and outputs. */
  readonly denses: { readonly [name: string]: readonly [number, number] };
}

type Convolution = readonly [filter: readonly number[], ConvOptions];

/** The three layers that look at pictures. */
const image = (inputs: number): readonly [Convolution, Convolution, Convolution] => [
  [[4, 4, inputs, 64], { strides: 2, pad: 1, slope }],
  [[4, 4, 64, 128], { strides: 2, pad: 1, slope }],
  [[4, 4, 128, 256], { strides: 2, pad: 1 }],
];

/** A column of zeros on either side. */
const acrossOnly: Padding = [
  [0, 0],
  [0, 0],
  [1, 1],
  [0, 0],
];

/** The layers of a network with so many pictures in its context, and with such a latent. */
export function publishedLayers(
  { contextFrames, latentSize }: Pick<ForwardModelConfig, "contextFrames" | "latentSize">,
  latent: Latent | null,
): PublishedLayers {
  const [image1, image2, image3] = image(contextFrames * channelCount);
  const [target1, target2, target3] = image(channelCount);
  const convolutions: PublishedLayers["convolutions"] = {
    image1,
    image2,
    image3,
    narrow1: [[4, 4, 256, 256], { strides: 2, pad: 1, slope }],
    narrow2: [[4, 1, 256, 256], { strides: 2, pad: 1 }],
    speed1: [[4, 4, 256, 256], { strides: 2, pad: 1, slope }],
    speed2: [[4, 1, 256, 256], { strides: [2, 1], pad: 0, slope }],
    ...(latent !== null && { target1, target2, target3 }),
  };
  const transposed: PublishedLayers["transposed"] = {
    narrow5: [[4, 1, 256, 256], { size: [6, 1, 256], strides: 2, pad: 1, slope }],
    narrow6: [[4, 3, 256, 256], { size: [14, 3, 256], strides: 2, pad: 0 }],
    picture1: [[4, 4, 128, 256], { size: [28, 6, 128], strides: 2, pad: 1, slope }],
    picture2: [[5, 5, 64, 128], { size: [59, 13, 64], strides: 2, pad: acrossOnly, slope }],
    picture3: [[2, 2, channelCount, 64], { size: [118, 24, channelCount], strides: 2, pad: acrossOnly }],
  };
  const denses: PublishedLayers["denses"] = {
    state1: [unitCount * contextFrames, width],
    state2: [width, width],
    state3: [width, mapSize],
    action1: [2, width],
    action2: [width, width],
    action3: [width, mapSize],
    narrow3: [1536, width],
    narrow4: [width, 1536],
    speed3: [512, width],
    speed4: [width, width],
    speed5: [width, unitCount],
    ...(latent !== null && {
      posterior1: [mapSize, width] as const,
      posterior2: [width, width] as const,
      posterior3: [width, latent.encoderColumns] as const,
      expand: [latentSize, mapSize] as const,
    }),
    ...(latent !== null &&
      latent.priorColumns > 0 && {
        prior1: [mapSize, width] as const,
        prior2: [width, width] as const,
        prior3: [width, latent.priorColumns] as const,
      }),
  };
  return { convolutions, transposed, denses };
}

/** Their filters and biases. */
export function layerSpecs({ convolutions, transposed, denses }: PublishedLayers): ParameterSpecs {
  const specs: { [name: string]: ParameterSpecs[string] } = {};
  const declare = (name: string, shape: readonly number[], outputs: number): void => {
    specs[name] = { shape, initialize: "lecun" };
    specs[`${name}Bias`] = { shape: [outputs], initialize: "zeros" };
  };
  for (const [name, [filter]] of Object.entries(convolutions)) declare(name, filter, filter[3]!);
  for (const [name, [filter]] of Object.entries(transposed)) declare(name, filter, filter[2]!);
  for (const [name, shape] of Object.entries(denses)) declare(name, shape, shape[1]);
  return specs;
}
