/** What of the worker needs tensors; loaded as one piece, after the first lines. */
export { loadForwardModel } from "../../forward-model/index.ts";
export { loadPolicy } from "../../policy/index.ts";
export { pixelStateCosts } from "./costs.ts";
export { createImaginer } from "./imaginer.ts";
export { mindOfPlanner, mindOfPolicy, mindOfRule } from "./minds.ts";
