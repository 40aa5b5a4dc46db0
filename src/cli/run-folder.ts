import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../core/index.ts";
import { WorkError } from "./errors.ts";
import { makeFolder, readJsonFile, reasonOf, writeFileAtomically } from "./files.ts";

/** One line of metrics.jsonl: the update it belongs to and named numbers (docs/metrics.md). */
export interface MetricsLine {
  readonly update: number;
  readonly [name: string]: number | string | boolean;
}

/**
 * A run is a folder: config.json as resolved when it began, metrics.jsonl with one line per report, effort.json with the seconds
 * spent on it, checkpoint/ with what resuming needs.
 */
export interface RunFolder {
  readonly path: string;
  /** Whether the folder held this run already: the work resumes. */
  readonly resumed: boolean;
  /** The path of a file inside checkpoint/. */
  checkpoint(file: string): string;
  log(line: MetricsLine): void;
  /** Drops the lines after `update`, and a half-written last one: a resumed run writes them again. Returns those that stay. */
  rewind(update: number): readonly MetricsLine[];
  /** Seconds spent on what is kept of it, by this and earlier calls; what a killed call did after its last checkpoint is not. */
  readonly seconds: number;
  keepSeconds(seconds: number): void;
}

/**
 * Whether the folder holds this run already; looks and leaves everything as it is.
 * @throws InputError when the folder holds a run with other settings, naming the first one that differs.
 */
export function holdsRun(path: string, config: object): boolean {
  const began = readSettings(path);
  if (began === undefined) return false;
  const difference = firstDifference(began, plain(config));
  if (difference === undefined) return true;
  throw new InputError(
    `${path}: this run began with ${difference.path} = ${JSON.stringify(difference.before)}, ` +
      `got ${JSON.stringify(difference.now)}; repeat it with its own settings or name another folder.`,
  );
}

/**
 * Opens the folder of a run, or begins it.
 * @throws InputError as `holdsRun`
 */
export function openRunFolder(path: string, config: object): RunFolder {
  const metricsPath = join(path, "metrics.jsonl");
  const resumed = holdsRun(path, config);
  if (!resumed) writeFileAtomically(configOf(path), JSON.stringify(plain(config), null, 2) + "\n");
  const checkpoints = join(path, "checkpoint");
  try {
    makeFolder(checkpoints);
  } catch (error) {
    throw new WorkError(`${checkpoints}: could not be made, ${reasonOf(error)}.`);
  }
  return {
    path,
    resumed,
    checkpoint: (file) => join(checkpoints, file),
    log(line) {
      try {
        appendFileSync(metricsPath, JSON.stringify(line) + "\n");
      } catch (error) {
        throw new WorkError(`${metricsPath}: could not be written, ${reasonOf(error)}.`);
      }
    },
    rewind(update) {
      const kept = readMetrics(path).filter((line) => line.update <= update);
      writeFileAtomically(metricsPath, kept.map((line) => JSON.stringify(line) + "\n").join(""));
      return kept;
    },
    seconds: readSeconds(path) ?? 0,
    keepSeconds: (seconds) => writeFileAtomically(effortPath(path), JSON.stringify({ seconds }) + "\n"),
  };
}

const configOf = (run: string): string => join(run, "config.json");

/** The settings with which a run began; undefined where the folder holds none. */
export function readSettings(run: string): object | undefined {
  const file = configOf(run);
  return existsSync(file) ? (readJsonFile(file, "the settings of a run") as object) : undefined;
}

/** As it will be read again. */
const plain = (config: object): object => JSON.parse(JSON.stringify(config)) as object;

const effortPath = (run: string): string => join(run, "effort.json");

/** The seconds spent on a run; undefined where nobody kept them. */
export function readSeconds(run: string): number | undefined {
  const file = effortPath(run);
  if (!existsSync(file)) return undefined;
  return (readJsonFile(file, "the effort of a run") as { readonly seconds: number }).seconds;
}

/** The lines of a run's metrics.jsonl; a half-written last one, left by a killed process, is skipped. */
export function readMetrics(path: string): MetricsLine[] {
  const file = join(path, "metrics.jsonl");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((text) => {
      try {
        return [JSON.parse(text) as MetricsLine];
      } catch {
        return [];
      }
    });
}

function firstDifference(
  before: unknown,
  now: unknown,
  path = "",
): { path: string; before: unknown; now: unknown } | undefined {
  if (isDeepStrictEqual(before, now)) return undefined;
  const both = [before, now].every((value) => typeof value === "object" && value !== null);
  if (!both) return { path: path === "" ? "settings" : path, before, now };
  const [a, b] = [before as Record<string, unknown>, now as Record<string, unknown>];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const difference = firstDifference(a[key], b[key], path === "" ? key : `${path}.${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
