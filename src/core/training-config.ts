import { z } from "zod";

/** What every training by gradient descent can be told; each kind of training has its own defaults. */
export interface TrainingDefaults {
  readonly updates: number;
  readonly learningRate: number;
  readonly warmUpUpdates: number;
  readonly finalFraction: number;
  readonly averaging: number;
}

/** The keys of a training's schema that Adam, its schedule and the loop need. */
export const trainingKeys = (defaults: TrainingDefaults) => ({
  updates: z.int().positive().default(defaults.updates).describe("optimizer updates"),
  batchSize: z.int().positive().default(16).describe("windows per update, over all workers"),
  learningRate: z.number().positive().default(defaults.learningRate).describe("peak of Adam's schedule"),
  warmUpUpdates: z.int().min(0).default(defaults.warmUpUpdates).describe("updates to reach the peak"),
  finalFraction: z
    .number()
    .min(0)
    .max(1)
    .default(defaults.finalFraction)
    .describe("of the peak, at the end of the cosine"),
  averaging: z
    .number()
    .min(0)
    .lt(1)
    .default(defaults.averaging)
    .describe(
      "decay per update of the running mean of parameters that is validated and kept; 0: the last ones are",
    ),
  gradientClip: z.number().positive().default(1).describe("largest global norm of a gradient"),
  checkpointUpdates: z.int().positive().default(200).describe("updates between checkpoints and validations"),
});
