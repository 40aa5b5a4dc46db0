export * from "./cem.ts";
export * from "./config.ts";
export * from "./driver.ts";
export * from "./futures.ts";
export * from "./gradient.ts";
export * from "./guide.ts";
export * from "./look-back.ts";
export * from "./search.ts";
