import type * as tf from "@tensorflow/tfjs";

/** Every cost that a policy can be trained on; a missing term or weight is a type error. */
export const costNames = ["proximity", "lane", "offroad", "action", "jerk", "uncertainty"] as const;
export type CostName = (typeof costNames)[number];
/** Discounted means, scalars. */
export type CostTerms = { readonly [Name in CostName]: tf.Scalar };
export type CostWeights = { readonly [Name in CostName]: number };
export type CostReport = { readonly [Name in CostName]: number };
