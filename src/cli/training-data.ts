import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../core/index.ts";
import type { Recording } from "../episodes/index.ts";
import type { Config } from "./configuration.ts";
import { withProgress } from "./progress.ts";
import {
  checkScenarios,
  describeGenerated,
  generateRecording,
  isScenario,
  readRecording,
  shippedFile,
  writeRecording,
  type GeneratedTraffic,
} from "./recordings.ts";

/** A recording to learn from and how often its windows are drawn relative to those of the others. */
export interface DataSource {
  readonly path: string;
  readonly weight: number;
}

const generatedFile = (run: string, scenario: string): string =>
  join(run, "traffic", `${scenario}.recording`);

/**
 * The traffic that the configuration names; what is generated of it lies, or will lie, in the folder of the run.
 * @throws InputError for an unknown scenario, a recording that is neither shipped nor a file, and where nothing is named.
 */
export function configuredData({ traffic }: Config, run: string): DataSource[] {
  checkScenarios(traffic.scenarios, "traffic.scenarios");
  const generated = traffic.scenarios.map((scenario) => ({ path: generatedFile(run, scenario), weight: 1 }));
  const recorded = traffic.recordings.map((name) => ({
    path: shippedFile(name) ?? existing(name),
    weight: traffic.recordingWeight,
  }));
  const sources = [...generated, ...recorded];
  if (sources.length === 0) {
    throw new InputError("traffic: expected at least one scenario or recording to learn from, got none.");
  }
  return sources;
}

/**
 * Generates the scenarios among `configuredData`.
 * @param begun whether the run holds results: then what it learned from stays, and only what is missing is made
 * @throws InputError when a begun run learned from other traffic than the configuration asks for
 */
export function generateData({ seed, traffic }: Config, run: string, begun: boolean): void {
  for (const scenario of traffic.scenarios) {
    const path = generatedFile(run, scenario);
    if (begun && existsSync(path)) {
      checkGenerated(path, scenario, traffic, seed);
      continue;
    }
    const total = Math.round(traffic.minutes * 60 + traffic.warmUpSeconds);
    const shown = { label: `record ${scenario}`, total, unit: "s of traffic", fromFirstUpdate: true };
    const recording = withProgress(shown, (progress) =>
      generateRecording(scenario, traffic, seed, (done) => progress.update(Math.round(done * total))),
    );
    writeRecording(path, recording);
  }
}

/** @throws InputError when the recording at `path` is other traffic; how long it was warmed up is not written in it. */
function checkGenerated(path: string, scenario: string, traffic: GeneratedTraffic, seed: number): void {
  const { provenance, frames, dt } = readRecording(path);
  const asked = describeGenerated(scenario, traffic, seed);
  if (provenance === asked.provenance && frames === asked.frames) return;
  throw new InputError(
    `${path}: expected ${traffic.minutes} min ${asked.provenance}, got ${(frames * dt) / 60} min ${provenance}, which this run ` +
      "learned from; repeat it with its own settings or name another folder.",
  );
}

/**
 * The recordings that a user names: files, shipped names, or folders that hold some.
 * @throws InputError for a place that has none.
 */
export function namedData(places: readonly string[]): DataSource[] {
  return places.flatMap((place) => {
    const path = shippedFile(place) ?? existing(place);
    if (!statSync(path).isDirectory()) return [{ path, weight: 1 }];
    const files = readdirSync(path).filter((name) => name.endsWith(".recording"));
    if (files.length === 0)
      throw new InputError(`${place}: expected a folder with recordings, got none in it.`);
    return files.sort().map((name) => ({ path: join(path, name), weight: 1 }));
  });
}

/** The recordings themselves; scenarios may be named as well and are generated. */
export function namedRecordings(
  places: readonly string[],
  traffic: GeneratedTraffic,
  seed: number,
): Recording[] {
  return places.flatMap((place) =>
    isScenario(place)
      ? [generateRecording(place, traffic, seed)]
      : namedData([place]).map(({ path }) => readRecording(path)),
  );
}

function existing(path: string): string {
  if (!existsSync(path)) {
    if (isScenario(path)) {
      throw new InputError(
        `${path}: expected a recording or a folder of them, got the name of traffic that \`headway record --traffic ${path}\` makes.`,
      );
    }
    throw new InputError(`${path}: expected a recording or a folder of them, but there is no such file.`);
  }
  return path;
}
