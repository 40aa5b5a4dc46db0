import type * as tf from "@tensorflow/tfjs";

/** Every cost that a policy can be trained on; a missing term or weight is a type error. */
export const costNames = [
  "proximity",
  "lane",
  "offroad",
  "action",
  "jerk",
  "progress",
  "human",
  "uncertainty",
] as const;
export type CostName = (typeof costNames)[number];
/** Those in which the world has a say: what an ego pays for where it is in a picture. */
export const worldCostNames = ["proximity", "lane", "offroad"] as const satisfies readonly CostName[];
export type WorldCostName = (typeof worldCostNames)[number];
/** Discounted means: scalars, or one per window. */
export type CostTerms<Term = tf.Scalar> = { readonly [Name in CostName]: Term };
export type CostWeights = { readonly [Name in CostName]: number };
export type CostReport = { readonly [Name in CostName]: number };

/** What K dropout replicas of a window can differ in, each as its epistemic variance. */
export const doubtNames = ["image", "state", "cost"] as const;
export type DoubtName = (typeof doubtNames)[number];
