import { z } from "zod";

/** How nearness of others is priced (`proximityCosts`). */
export const proximityKey = (otherwise: "summed" | "close") =>
  z
    .enum(["summed", "close", "max", "log-sum-exp"])
    .default(otherwise)
    .describe(
      "how nearness of others adds up over a picture: over masks, mostly by distance or mostly where they nearly touch; by the nearest pixel as published; softly",
    );

/** Weights of what drivers of every kind pay for, with the defaults of one kind. */
export const weightKeys = (defaults: { readonly offroad: number; readonly jerk: number }) => ({
  proximity: z.number().min(0).default(5).describe("of other vehicles near the ego"),
  lane: z.number().min(0).default(1.5).describe("of lane lines under the ego"),
  offroad: z.number().min(0).default(defaults.offroad).describe("of ground off the road"),
  action: z.number().min(0).default(0.003).describe("per (m/s²)²"),
  jerk: z.number().min(0).default(defaults.jerk).describe("per (m/s³)²"),
  progress: z.number().min(0).default(0).describe("of being slower than the target speed"),
  uncertainty: z.number().min(0).default(0.05).describe("u_reg; 0 as svg and vg"),
});

/** What plans pay, whoever makes them: nobody knows while planning where a human would be, so nothing draws them there. */
export const planPrices = {
  proximity: proximityKey("close"),
  weights: z.strictObject(weightKeys({ offroad: 10, jerk: 0.05 })).prefault({}),
};
