import { z } from "zod";
import { frameSeconds, trainingKeys } from "../core/index.ts";
import { CounterfactualConfig } from "./counterfactual.ts";

/** Sizes and training of the forward model. Presets say only what differs from these laptop values. */
export const ForwardModelConfig = z.strictObject({
  family: z
    .enum(["separated", "coupled", "kinematic"])
    .default("separated")
    .describe("how the ego's action enters the prediction"),
  network: z
    .enum(["compact", "published"])
    .default("compact")
    .describe("of the coupled family: a small U-net, or the paper's layers on the paper's grid"),
  pixels: z.enum(["paper", "laptop"]).default("laptop").describe("grid of the pixel state"),
  stepFrames: z.int().positive().default(2).describe("recorded frames of 0.1 s per predicted step"),
  contextFrames: z.int().positive().default(3).describe("pixel states the encoder sees"),
  stemChannels: z.int().positive().default(32).describe("feature maps at half resolution"),
  hiddenChannels: z.int().positive().default(48).describe("feature maps at a quarter and an eighth"),
  motion: z
    .enum(["pixels", "bodies"])
    .default("bodies")
    .describe("of what moves in a compact network: each pixel's own, or that of the mass around it together"),
  latent: z
    .enum(["none", "vae", "vae-learned", "een", "noisy", "sparse", "discrete"])
    .default("vae")
    .describe("what the future holds that the past does not tell, and what keeps it narrow"),
  latentPer: z
    .enum(["view", "cell"])
    .default("cell")
    .describe("what has a latent of its own: the whole view, or each 4 × 4 pixels of it (compact network)"),
  latentSize: z.int().positive().default(1).describe("length of a latent"),
  latentNoise: z
    .number()
    .positive()
    .default(0.5)
    .describe("noisy: deviation of the noise on a code of norm 1"),
  latentLevels: z.int().min(2).default(5).describe("discrete: values that each number can take"),
  sparsityWeight: z.number().min(0).default(1e-4).describe("sparse: weight of the code's mean magnitude"),
  stateWeight: z
    .number()
    .min(0)
    .default(1)
    .describe("published: weight of the error of the predicted ego state, in its units"),
  klWeight: z.number().min(0).default(3e-6).describe("β, weight of the KL divergence [1/nat]"),
  klWarmUpUpdates: z
    .int()
    .min(0)
    .default(400)
    .describe("over which β grows from nothing, from the first update that hears a latent on"),
  latentDropout: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("share of the training in which the latent is withheld although the future is known"),
  latentDropoutOf: z
    .enum(["step", "rollout"])
    .default("rollout")
    .describe(
      "what does without: steps, which draw from the prior, or rollouts, which take its mean; these all do while the horizon grows",
    ),
  dropoutRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe("of feature maps; kept on for epistemic variance"),
  training: z
    .strictObject({
      ...trainingKeys({
        updates: 2200,
        learningRate: 2e-3,
        warmUpUpdates: 100,
        finalFraction: 0.05,
        averaging: 0,
      }),
      firstHorizonSteps: z.int().positive().default(2).describe("unrolled steps at the first update"),
      horizonSteps: z.int().positive().default(14).describe("unrolled steps once the curriculum is through"),
      curriculumFraction: z
        .number()
        .min(0)
        .max(1)
        .default(0.4)
        .describe("share of the updates that the curriculum takes"),
      speedSpread: z
        .number()
        .min(0)
        .default(1.5)
        .describe("deviation of the frame's speed from the ego's [m/s]"),
      counterfactual: CounterfactualConfig.prefault({}),
      validationWindows: z.int().positive().default(128).describe("held-out windows per validation"),
    })
    .prefault({}),
});
export type ForwardModelConfig = z.infer<typeof ForwardModelConfig>;

/** Length of one predicted step [s]. */
export const stepSeconds = (config: Pick<ForwardModelConfig, "stepFrames">): number =>
  config.stepFrames * frameSeconds;
