/** How files of recorded traffic can be laid out. */
export const importFormats = ["ngsim", "commonroad", "highd", "csv", "us101", "i80-lane1"] as const;
export type ImportFormat = (typeof importFormats)[number];

/** Columns that only one layout has together. */
const marks: readonly (readonly [ImportFormat, readonly string[]])[] = [
  ["us101", ["cluster", "frame", "vehicle_id", "s_m", "lat_m"]],
  ["i80-lane1", ["track", "frame", "local_y_ft"]],
  ["ngsim", ["vehicle_id", "frame_id", "global_time", "local_x", "local_y", "lane_id"]],
  ["highd", ["frame", "id", "x", "y", "width", "height", "laneid"]],
];

/** The layout that the beginning of a file shows unmistakably, or undefined. A table of any other kind needs its columns told. */
export function guessFormat(beginning: string): ImportFormat | undefined {
  const text = beginning.replace(/^\ufeff/, "").trimStart();
  if (/^<[?!]?[a-z]/i.test(text)) return text.includes("<commonRoad") ? "commonroad" : undefined;
  const first = text.split(/\r?\n/, 1)[0];
  const cells = first.trim().split(/\s+/);
  if (cells.length === 18 && cells.every((cell) => Number.isFinite(Number(cell)))) return "ngsim";
  const names = first
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  return marks.find(([, columns]) => columns.every((column) => names.includes(column)))?.[0];
}
