export * from "./conv.ts";
export * from "./dense.ts";
export * from "./dropout.ts";
export * from "./leaky-relu.ts";
export * from "./space-to-depth.ts";
export * from "./transposed-conv.ts";
