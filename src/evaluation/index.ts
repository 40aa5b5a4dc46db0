export * from "./episode.ts";
export * from "./measures.ts";
export * from "./metrics.ts";
export * from "./protocol.ts";
export * from "./report.ts";
export * from "./run.ts";
export * from "./statistics.ts";
export type { Trace } from "./trace.ts";
