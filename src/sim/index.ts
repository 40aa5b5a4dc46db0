export * from "./driver.ts";
export * from "./kinematics.ts";
export * from "./pixel-state/ascii.ts";
export * from "./pixel-state/render.ts";
export * from "./pixel-state/spec.ts";
export * from "./road.ts";
export * from "./traffic.ts";
export * from "./vehicle.ts";
