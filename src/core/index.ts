export * from "./config.ts";
export * from "./errors.ts";
export * from "./frames.ts";
export * from "./geometry.ts";
export * from "./header.ts";
export * from "./rng.ts";
export * from "./training-config.ts";
