import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { crc32, InputError } from "../../core/index.ts";
import { readPolicyCard } from "../../policy/index.ts";
import { readFile, readJsonFile } from "../files.ts";
import { readMetrics, readSeconds } from "../run-folder.ts";
import { artifacts } from "../trainings.ts";

/** What a folder says about the training of its policy. */
export interface PolicyRun {
  readonly folder: string;
  readonly checkpoint: string;
  /** Of the checkpoint's bytes. */
  readonly crc: string;
  readonly method: string;
  /** The forward model that it learned in, by folder and file; like the seed null where the folder does not say. */
  readonly model: string | null;
  readonly seed: number | null;
  /** Updates done, and asked for. */
  readonly updates: number;
  readonly plannedUpdates: number;
  readonly minutes: number | null;
  /** Whether the minutes were kept by the training; else they are the time between its first and its last file. */
  readonly minutesKept: boolean;
  /** All settings but the seed, by their path, so that runs that differ in nothing else can be told. */
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * The trainings in a folder: itself, or those of its subfolders that hold a policy.
 * @throws InputError when there is none
 */
export function policyRunsIn(folder: string): PolicyRun[] {
  if (existsSync(join(folder, artifacts.policy))) return [readPolicyRun(folder)];
  const inside = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, artifacts.policy)))
        .map((entry) => readPolicyRun(join(folder, entry.name)))
        .sort((a, b) => a.folder.localeCompare(b.folder, "en", { numeric: true }))
    : [];
  if (inside.length > 0) return inside;
  throw new InputError(
    `--runs: expected the folder of a policy's training, or of several, got ${folder}, which holds no ${artifacts.policy}.`,
  );
}

function readPolicyRun(folder: string): PolicyRun {
  const checkpoint = join(folder, artifacts.policy);
  const bytes = readFile(checkpoint, "a trained policy");
  const { name, config, view } = readPolicyCard(bytes, checkpoint);
  const settingsFile = join(folder, "config.json");
  const { seed, model, data } = readJsonFile(settingsFile, "the settings of a run") as RunSettings;
  const kept = readSeconds(folder);
  // A policy is kept until the end, its settings are written at the beginning.
  const between = (statSync(checkpoint).mtimeMs - statSync(settingsFile).mtimeMs) / 60_000;
  return {
    folder,
    checkpoint,
    crc: crc32(bytes).toString(16),
    method: name,
    model: model === undefined ? null : model.path.split(/[/\\]/).slice(-2).join("/"),
    seed: seed ?? null,
    updates: readMetrics(folder).at(-1)?.update ?? 0,
    plannedUpdates: config.training.updates,
    minutes: kept === undefined ? (between > 0 ? between : null) : kept / 60,
    minutesKept: kept !== undefined,
    // The same model may lie in two places, the same recording in every run's own folder.
    settings: flatten({
      policy: config,
      view,
      model: model?.crc32,
      data: data?.map(({ path, weight }) => `${basename(path)} × ${weight}`),
    }),
  };
}

/** What of a run's settings is not in its checkpoint. */
interface RunSettings {
  readonly seed?: number;
  readonly model?: { readonly path: string; readonly crc32: number };
  readonly data?: readonly { readonly path: string; readonly weight: number }[];
}

/** Leaves by their path. */
function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value))
      flatten(part, path === "" ? key : `${path}.${key}`, into);
  } else if (value !== undefined) {
    into.set(path, String(value));
  }
  return into;
}
