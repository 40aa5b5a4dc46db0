import { z } from "zod";
import { InputError, resolveConfig } from "../../core/index.ts";

const column = z.string().min(1, "expected the name of a column");
const positive = z.number().positive("expected a number above 0");

/** How the columns of any table of traffic are to be read: what `--columns` names. */
export const columnMapSchema = z.strictObject({
  columns: z
    .strictObject({
      vehicle: column.describe("who it is: a number or a name"),
      frame: column.optional().describe("number of the instant; either this or time"),
      time: column.optional().describe("the instant itself, in units.time; either this or frame"),
      along: column.describe("position along the road"),
      across: column
        .optional()
        .describe("position across it; without it, vehicles drive in the middle of their lanes"),
      lane: column.optional().describe("a whole number"),
      length: column.optional().describe("without it, assumed.length"),
      width: column.optional().describe("without it, assumed.width"),
      clip: column.optional().describe("stretch of filming; vehicles and frames are counted anew in each"),
    })
    .describe("which column holds what"),
  delimiter: z
    .string()
    .refine((text) => text.length === 1 || text === "whitespace", "expected one character or whitespace")
    .default(",")
    .describe('what stands between cells: one character, or "whitespace" of any length'),
  framesPerSecond: positive.default(10).describe("instants per second [1/s], at least 2"),
  units: z
    .strictObject({
      distance: z
        .enum(["m", "ft"], "expected m or ft")
        .default("m")
        .describe("of positions and sizes: m or ft"),
      time: z.enum(["s", "ms"], "expected s or ms").default("s").describe("of the column time: s or ms"),
    })
    .prefault({}),
  reference: z
    .enum(["front", "center", "rear"], "expected front, center or rear")
    .default("center")
    .describe("the point of the vehicle that positions mean: front, center or rear"),
  alongGrows: z
    .enum(["forward", "backward"], "expected forward or backward")
    .default("forward")
    .describe("whether the position along the road grows in the direction of driving: forward or backward"),
  acrossGrows: z
    .enum(["left", "right"], "expected left or right")
    .default("left")
    .describe("where the position across grows to, seen by a driver: left or right"),
  lanes: z
    .strictObject({
      first: z
        .number()
        .int("expected a whole number")
        .default(1)
        .describe("number of the outermost lane that is counted first"),
      from: z
        .enum(["left", "right"], "expected left or right")
        .default("left")
        .describe("the side it lies on: left or right"),
      width: positive.default(3.6).describe("[m]"),
    })
    .prefault({})
    .describe("how lanes are numbered; asked for only without a column across"),
  assumed: z
    .strictObject({
      length: positive.default(4.5).describe("[m]"),
      width: positive.default(1.8).describe("[m]"),
    })
    .prefault({})
    .describe("sizes where the table has none"),
  smoothSeconds: z
    .number()
    .positive("expected a number above 0")
    .max(2, "expected at most 2")
    .default(0.5)
    .describe("width of the smoothing in time [s]; 0.2 for data that are smooth already"),
  provenance: z.string().default("").describe("where the data come from, under which license"),
});

export type ColumnMap = z.infer<typeof columnMapSchema>;

/**
 * Checks a column map.
 * @param where names its file in messages.
 * @throws InputError naming the key.
 */
export function parseColumnMap(json: unknown, where: string): ColumnMap {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new InputError(`${where}: expected an object of settings, got ${JSON.stringify(json)}.`);
  }
  const map = resolveConfig(columnMapSchema, [json as Record<string, unknown>], where);
  const { frame, time, across, lane } = map.columns;
  if ((frame === undefined) === (time === undefined)) {
    const got = frame === undefined ? "neither" : "both";
    throw new InputError(`${where}: columns: expected either frame or time, got ${got}.`);
  }
  if (across === undefined && lane === undefined) {
    throw new InputError(`${where}: columns: expected across or lane, got neither.`);
  }
  if (map.framesPerSecond < 2) {
    throw new InputError(`${where}: framesPerSecond: expected at least 2, got ${map.framesPerSecond}.`);
  }
  return map;
}
