export * from "./code.ts";
export * from "./constants.ts";
export * from "./doubles.ts";
export type { Code, ValueType } from "./encoding.ts";
export * from "./instance.ts";
export * from "./module.ts";
