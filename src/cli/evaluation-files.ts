import { join } from "node:path";
import type { Trace } from "../evaluation/index.ts";
import { writeFileAtomically } from "./files.ts";
import type { Verdict } from "./verdicts.ts";

/**
 * Keeps what an evaluation found: `evaluation.json` holds the rows and, for each, its episodes and the name of a file in
 * `traces/`. Line j of that file is the trace of episode j, so that a viewer reads one episode without the others.
 * Numbers that concern nobody (infinite times and gaps) are null; where nothing was traced there are no such files.
 * @returns the path of `evaluation.json`.
 */
export function writeEvaluation(folder: string, seed: number, verdicts: readonly Verdict[]): string {
  const traced = verdicts.some(({ results }) => results.some(({ trace }) => trace !== null));
  const traces = (traced ? verdicts : []).map(({ row, results }, i) => {
    const name = `${row.driver}-${row.traffic}-${row.mode}`.replaceAll(/[^\w-]+/g, "_");
    const file = `traces/${i + 1}-${name}.jsonl`;
    const lines = results.flatMap(({ trace }) => (trace === null ? [] : traceLine(trace)));
    writeFileAtomically(join(folder, file), lines.join(""));
    return file;
  });
  const episodes = verdicts.map(({ results, avoidable }) =>
    results.map(({ trace: _, ...episode }, j) => ({ ...episode, avoidable: avoidable[j] })),
  );
  const file = join(folder, "evaluation.json");
  const rows = verdicts.map(({ row }) => row);
  writeFileAtomically(file, JSON.stringify({ seed, rows, traces, episodes }) + "\n");
  return file;
}

/** Enough digits for meters and radians of a picture; a tenth of the bytes of all digits. */
const traceLine = (trace: Trace): string =>
  JSON.stringify(trace, (_, value: unknown) =>
    typeof value === "number" ? Math.round(value * 1e5) / 1e5 : value,
  ) + "\n";
