export * from "./codec.ts";
export * from "./coverage.ts";
export * from "./frame-reader.ts";
export * from "./quantize.ts";
export * from "./record.ts";
export * from "./recording.ts";
export * from "./split.ts";
export * from "./track.ts";
