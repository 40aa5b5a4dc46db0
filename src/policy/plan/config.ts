import { z } from "zod";
import { planPrices } from "../costs/config.ts";

/** How plans are improved by gradient descent, with so many steps if nothing else is said. */
export const descentKeys = (iterations: number) => ({
  iterations: z.int().min(0).default(iterations).describe("Adam steps that improve a plan"),
  learningRate: z.number().positive().default(0.15).describe("of these, on actions before their bounds"),
  momentum: z.number().min(0).max(0.999).default(0.9).describe("of these (β₁)"),
  smoothness: z
    .number()
    .min(0)
    .max(0.99)
    .default(0)
    .describe(
      "correlation of what a step changes from one action to the next; 0: each by itself, as published",
    ),
  clip: z.number().positive().default(1).describe("largest norm of a plan's gradient"),
});
export type DescentConfig = z.infer<z.ZodObject<ReturnType<typeof descentKeys>>>;

/** How actions are planned at run time, and what plans pay for. What a car may do, a policy's configuration says. */
export const PlannerConfig = z.strictObject({
  horizonSteps: z.int().positive().default(15).describe("imagined steps of a plan"),
  samples: z.int().positive().default(2).describe("imagined futures in which a plan is judged"),
  masks: z
    .int()
    .min(0)
    .refine((masks) => masks !== 1, "expected 0, or at least 2")
    .default(0)
    .describe("dropout replicas of each future for the uncertainty cost; 0: none"),
  guide: z
    .string()
    .nullable()
    .default(null)
    .describe("policy (shipped, or a file) whose actions each plan begins with and whose usual doubt counts"),
  ...planPrices,
  gradient: z
    .strictObject({
      ...descentKeys(6),
      keepMoments: z
        .boolean()
        .default(false)
        .describe("whether Adam's moments move on with the plan, as published; here that made cars weave"),
    })
    .prefault({}),
  cem: z
    .strictObject({
      iterations: z.int().min(0).default(3).describe("refits per decision"),
      candidates: z.int().min(2).default(24).describe("plans tried per iteration"),
      elites: z.int().min(2).default(5).describe("best plans, to which the distribution is fitted"),
      spread: z.number().positive().default(0.3).describe("first deviation of actions before their bounds"),
      smoothness: z
        .number()
        .min(0)
        .max(0.99)
        .default(0.95)
        .describe("correlation of a candidate's deviation from one step to the next"),
    })
    .refine(({ candidates, elites }) => elites <= candidates, "expected no more elites than candidates")
    .prefault({}),
});
export type PlannerConfig = z.infer<typeof PlannerConfig>;
