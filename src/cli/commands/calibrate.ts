import type { Command } from "commander";
import type { CalibrationLoss } from "../../realism/index.ts";
import { writeFileAtomically } from "../files.ts";
import {
  addCommonOptions,
  addWorkersOption,
  type CommonOptions,
  fileToWrite,
  positiveNumber,
  wholeNumberFrom,
  type WorkersOption,
} from "../options.ts";
import { createOutput } from "../output.ts";
import { withProgress } from "../progress.ts";
import type { CalibrationPlan, CalibrationTask } from "../traffic-workers/calibration-worker.ts";

interface CalibrateOptions extends CommonOptions, WorkersOption {
  readonly rounds: number;
  readonly candidates: number;
  readonly out: string;
}

export function registerCalibrate(program: Command): void {
  addCommonOptions(
    program
      .command("calibrate")
      .description("fit the population of drivers to the training stretches of the shipped real traffic")
      .option("--rounds <n>", "rounds of the search", positiveNumber, 20)
      .option("--candidates <n>", "populations tried per round, at least two", wholeNumberFrom(2), 20)
      .option("--out <file>", "where the population and the report go", fileToWrite, "data/calibration.json"),
    addWorkersOption,
  ).action(calibrate);
}

async function calibrate(options: CalibrateOptions): Promise<void> {
  const { createRng } = await import("../../core/index.ts");
  const { splits } = await import("../../episodes/index.ts");
  const { calibrationTargets, createSearch, populationAt, searchedNumbers, startingPopulation } =
    await import("../../realism/index.ts");
  const { configurationOf } = await import("../configuration.ts");
  const { openRealTraffic } = await import("../real-traffic.ts");
  const { createWorkerPool } = await import("../worker-pool.ts");
  const output = createOutput(options.json);
  const { seed } = configurationOf(options);
  const { rounds, candidates } = options;

  const { us101, i80 } = openRealTraffic();
  const start = startingPopulation(us101, splits(us101).train);
  const numbers = searchedNumbers(
    start,
    calibrationTargets(us101, i80, (recording) => splits(recording).train),
  );
  const search = createSearch(numbers, { candidates, eliteFraction: 0.3 }, createRng(seed).fork("calibrate"));

  const plan: CalibrationPlan = { seed };
  const pool = createWorkerPool<CalibrationTask, CalibrationLoss>(
    new URL("../traffic-workers/calibration-worker.ts", import.meta.url),
    Math.min(options.workers, candidates),
    plan,
  );
  const shown = { label: "calibrate", total: rounds * candidates, unit: "populations" };
  const [before, after] = await withProgress(shown, async (progress) => {
    for (let round = 0; round < rounds; round++) {
      const losses = await pool.map(search.ask(), (done) => progress.update(round * candidates + done));
      search.tell(losses.map(({ total }) => total));
      progress.update((round + 1) * candidates, `distance ${losses[0].total.toFixed(2)}`);
    }
    return pool.map([numbers.map((number) => number.start), search.center]);
  }).finally(() => pool.close());
  const population = roundedNumbers(populationAt(start, search.center));
  const result = {
    command: `npx headway calibrate --rounds ${rounds} --candidates ${candidates} --seed ${seed}`,
    seed,
    fitted: Object.fromEntries(
      numbers.map(({ name, low, high, start: from }, i) => [
        name,
        { low, high, from, to: Number(search.center[i].toPrecision(3)) },
      ]),
    ),
    before,
    after,
    population,
  };
  writeFileAtomically(options.out, JSON.stringify(result, null, 2) + "\n");
  output.print(
    `Sum of normalized distances: ${before.total.toFixed(2)} before, ${after.total.toFixed(2)} after.`,
  );
  for (const [part, value] of Object.entries(after.parts)) {
    output.print(`  ${part.padEnd(26)}${before.parts[part].toFixed(2).padStart(6)} → ${value.toFixed(2)}`);
  }
  for (const [name, { from, to }] of Object.entries(result.fitted)) {
    output.print(`  ${name.padEnd(26)}${from.toPrecision(3).padStart(8)} → ${to}`);
  }
  output.print(`The population is in ${options.out}.`);
  output.result(result);
}

/** Three digits are more than the data can tell. */
function roundedNumbers<Numbers extends object>(numbers: Numbers): Numbers {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [
      name,
      typeof value === "number" ? Number(value.toPrecision(3)) : value,
    ]),
  ) as Numbers;
}
