export * from "./comfort.ts";
export * from "./lane.ts";
export * from "./masks.ts";
export * from "./names.ts";
export * from "./offroad.ts";
export * from "./proximity.ts";
export * from "./uncertainty.ts";
