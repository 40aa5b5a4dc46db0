export * from "./axis.ts";
export * from "./marks.ts";
export * from "./plane.ts";
export * from "./plots.ts";
export * from "./sheet.ts";
