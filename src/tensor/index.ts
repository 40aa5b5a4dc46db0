export * from "./adam.ts";
export * from "./axes.ts";
export * from "./backend.ts";
export * from "./checkpoint.ts";
export * from "./data-parallel.ts";
export * from "./layers/index.ts";
export * from "./numbers.ts";
export * from "./parameters.ts";
export type { MapNow, MappableBuffer } from "./webgpu-reads.ts";
