import type { PolicyMethodName } from "../policy/index.ts";

/** What each method does, for --help; written here because the room that knows them loads a tensor library. */
export const policyMethodStories: { readonly [Name in PolicyMethodName]: string } = {
  mpur: "down the gradient of what imagined driving costs, the model's own uncertainty included",
  svg: "the same without uncertainty, in sampled futures",
  vg: "the same without uncertainty, in the one future that the middle of the latents gives",
  mper: "do over the whole horizon, in the model, what the human did and came to see",
  distill: "do what a planner that began with the policy's own actions made of them in the model",
  imitation: "do what the human did next",
  "log-replay": "as mpur, in the recorded future instead of a model: the upper bound",
};
