import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJsonFile, writeFileAtomically } from "./files.ts";

/** What is known about one step: the seconds spent on it, over all calls, and its result once it is done. */
interface StepRecord {
  readonly seconds: number;
  readonly result?: unknown;
}

/** Named steps of a longer work in a run folder; one that is done is not done again. */
export interface Steps {
  /** The step's result: from the folder where it is done already, else from `work`, which is then kept. */
  run<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result>;
  /** Seconds spent on all steps, by this and earlier calls. */
  seconds(): number;
}

/** @param note told which step begins or was done before. */
export function openSteps(folder: string, note: (line: string) => void): Steps {
  const file = join(folder, "steps.json");
  const records: { [name: string]: StepRecord } = existsSync(file)
    ? (readJsonFile(file, "the steps of a run") as { [name: string]: StepRecord })
    : {};
  const keep = (name: string, record: StepRecord): void => {
    records[name] = record;
    writeFileAtomically(file, JSON.stringify(records, null, 2) + "\n");
  };
  return {
    async run<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> {
      const earlier = records[name];
      if (earlier !== undefined && "result" in earlier) {
        note(`${name}: done before.`);
        return earlier.result as Result;
      }
      note(`${name} …`);
      const start = performance.now();
      const spent = (): number => (earlier?.seconds ?? 0) + (performance.now() - start) / 1000;
      try {
        const result = await work();
        keep(name, { seconds: spent(), result: result ?? null });
        return result;
      } catch (error) {
        keep(name, { seconds: spent() });
        throw error;
      }
    },
    seconds: () => Object.values(records).reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
