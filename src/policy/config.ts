import { z } from "zod";
import { trainingKeys } from "../core/index.ts";
import { planPrices, proximityKey, weightKeys } from "./costs/config.ts";
import { doubtNames } from "./costs/names.ts";
import { descentKeys } from "./plan/config.ts";

const CostWeightsConfig = z.strictObject({
  ...weightKeys({ offroad: 2, jerk: 0.01 }),
  human: z.number().min(0).default(0.5).describe("of being elsewhere than the recorded human"),
});

/** Sizes and training of a policy. Presets say only what differs from these laptop values. */
export const PolicyConfig = z.strictObject({
  channels: z
    .array(z.int().positive())
    .length(3)
    .default([24, 48, 64])
    .describe("feature maps of the three convolutions"),
  hidden: z.int().positive().default(128).describe("width of the dense layers"),
  head: z
    .enum(["deterministic", "gaussian", "mixture"])
    .default("deterministic")
    .describe(
      "what the last layer gives: an action, a normal to draw it from, or (imitation only) a mixture of them",
    ),
  components: z.int().positive().default(5).describe("mixture: normals"),
  maxAcceleration: z.number().positive().default(4).describe("bound of the output [m/s²]"),
  maxLateralAcceleration: z.number().positive().default(1.2).describe("bound of speed²·steering [m/s²]"),
  horizonSteps: z.int().positive().default(15).describe("imagined steps: the rollout length"),
  discount: z.number().min(0).max(1).default(0.98).describe("per step"),
  weights: CostWeightsConfig.prefault({}),
  proximity: proximityKey("summed"),
  costs: z
    .strictObject({
      learned: z
        .boolean()
        .default(false)
        .describe("whether a network that has learned proximity, lane and offroad prices them"),
      updates: z
        .int()
        .positive()
        .default(300)
        .describe("batches that it learns from, before the policy does"),
      learningRate: z.number().positive().default(2e-3).describe("of Adam, for these"),
    })
    .prefault({}),
  targetSpeed: z.number().positive().default(25).describe("of the progress cost [m/s]"),
  latents: z
    .enum(["prior", "posterior", "adversarial"])
    .default("prior")
    .describe(
      "of the futures that mpur, svg and mper imagine: drawn, read off what really came, or the worst of several draws",
    ),
  latentDraws: z
    .int()
    .min(2)
    .default(4)
    .describe("adversarial: draws per window, of which the costliest counts"),
  matching: z
    .strictObject({
      states: z.number().min(0).default(1).describe("mper: of ego states unlike the human's"),
      pictures: z.number().min(0).default(1).describe("mper: of views unlike the human's"),
    })
    .prefault({}),
  distillation: z
    .strictObject({
      samples: z.int().positive().default(1).describe("distill: imagined futures in which a plan is judged"),
      ...descentKeys(20),
      steps: z
        .int()
        .positive()
        .nullable()
        .default(2)
        .describe("of a plan, from the first, that the policy learns to do; null: all"),
      ...planPrices,
    })
    .prefault({}),
  uncertainty: z
    .strictObject({
      of: z
        .array(z.enum(doubtNames))
        .min(1)
        .refine((names) => new Set(names).size === names.length, "expected each variance once")
        .default(["cost"])
        .describe(
          "variances that count: of the costs, of the imagined views, of the ego states that the network predicts",
        ),
      normalization: z
        .enum(["step", "rollout"])
        .default("step")
        .describe("whether what is usual is measured for each step, as published, or once for all steps"),
      masks: z.int().min(2).default(3).describe("K, dropout replicas of a window"),
      everyWindow: z.int().positive().default(4).describe("one window in so many is replicated"),
      hinge: z.number().default(0.5).describe("z-score below which uncertainty is free"),
      calibrationWindows: z.int().positive().default(192).describe("training windows for mean and deviation"),
    })
    .prefault({}),
  training: z
    .strictObject({
      ...trainingKeys({
        updates: 2000,
        learningRate: 1e-3,
        warmUpUpdates: 50,
        finalFraction: 0.1,
        averaging: 0.99,
      }),
      windowsAtOnce: z
        .int()
        .positive()
        .nullable()
        .default(null)
        .describe("windows of a worker whose rollouts are in memory together; null: all"),
      perturbedShare: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe("of the starts that are pushed off the record"),
      lateralSpread: z.number().min(0).default(0.5).describe("deviation of a pushed start [m]"),
      headingSpread: z.number().min(0).default(0.015).describe("deviation of a pushed start [rad]"),
      speedSpread: z.number().min(0).default(1).describe("deviation of a pushed start [m/s]"),
      ownShare: z
        .number()
        .min(0)
        .max(1)
        .default(0.9)
        .describe("of the starts to which the learning policy has driven by itself"),
      ownSteps: z.int().positive().default(40).describe("steps it has driven by then, at most"),
      validationStarts: z
        .int()
        .positive()
        .default(64)
        .describe("starts per recording that are driven for validation"),
    })
    .prefault({}),
});
export type PolicyConfig = z.infer<typeof PolicyConfig>;
