import { z } from "zod";
import { planPrices } from "../costs/config.ts";

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
      iterations: z.int().min(0).default(6).describe("Adam steps per decision"),
      learningRate: z.number().positive().default(0.15).describe("of Adam, on actions before their bounds"),
      keepMoments: z
        .boolean()
        .default(false)
        .describe("whether Adam's moments move on with the plan, as published; here that made cars weave"),
      clip: z.number().positive().default(1).describe("largest norm of a plan's gradient"),
    })
    .prefault({}),
  cem: z
    .strictObject({
      iterations: z.int().min(0).default(3).describe("refits per decision"),
      candidates: z.int().min(2).default(24).describe("plans tried per iteration"),
      elites: z.int().min(2).default(5).describe("best plans, to which the distribution is fitted"),
      spread: z.number().positive().default(0.6).describe("first deviation of actions before their bounds"),
      smoothness: z
        .number()
        .min(0)
        .max(0.99)
        .default(0.8)
        .describe("correlation of a candidate's deviation from one step to the next"),
    })
    .refine(({ candidates, elites }) => elites <= candidates, "expected no more elites than candidates")
    .prefault({}),
});
export type PlannerConfig = z.infer<typeof PlannerConfig>;
