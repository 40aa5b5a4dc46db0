import { basename } from "node:path";
import { InputError } from "../../core/index.ts";
import { policyRunsIn, type PolicyRun } from "./policy-run.ts";

/** Trainings that differ in their seed alone, or that the user took together. */
export interface RunGroup {
  readonly name: string;
  readonly runs: readonly PolicyRun[];
}

/**
 * The runs at the places that a user names, in groups: `NAME=FOLDER` puts what is in the folder into the group of that name; else runs
 * with the same settings form one, called by their method and by what sets it apart from others of that method.
 * @throws InputError for a place without runs, or a run that is named twice
 */
export function groupRuns(places: readonly string[]): RunGroup[] {
  const named = places.flatMap((place) => {
    const [, name, folder] = /^([^=/\\]+)=(.+)$/.exec(place) ?? [undefined, null, place];
    return policyRunsIn(folder!).map((run) => ({ name: name ?? null, run }));
  });
  const groups = new Map<string, { name: string | null; runs: PolicyRun[] }>();
  for (const { name, run } of named) {
    const key = name === null ? keyOf(run) : `=${name}`;
    const group = groups.get(key) ?? { name, runs: [] };
    const same = group.runs.find(({ crc }) => crc === run.crc);
    if (same !== undefined) {
      throw new InputError(
        `--runs: expected different trainings, got the same policy in ${same.folder} and ${run.folder}.`,
      );
    }
    group.runs.push(run);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  return all.map(({ name, runs }) => ({
    name:
      name ??
      nameOf(
        runs[0]!,
        all.flatMap((other) => (other.name === null ? other.runs[0]! : [])),
      ),
    runs,
  }));
}

const keyOf = ({ method, settings }: PolicyRun): string =>
  JSON.stringify([method, ...[...settings].sort(([a], [b]) => (a < b ? -1 : 1))]);

/** More words than these say less than the folder's name. */
const mostWords = 4;

/** The method, and what sets it apart from other arms of that method: its model, its settings, or else its folder. */
function nameOf(run: PolicyRun, others: readonly PolicyRun[]): string {
  const alike = others.filter(({ method }) => method === run.method);
  const paths = [...new Set(alike.flatMap(({ settings }) => [...settings.keys()]))];
  const differing = paths.filter((path) => new Set(alike.map(({ settings }) => settings.get(path))).size > 1);
  const words = differing.map((path) =>
    path === "model"
      ? `in ${run.model ?? "–"}`
      : `${path.split(".").slice(-2).join(".")} ${run.settings.get(path) ?? "–"}`,
  );
  return words.length > mostWords
    ? `${run.method}, ${basename(run.folder)}`
    : [run.method, ...words].join(", ");
}
