import { join } from "node:path";
import { type Command, Option } from "commander";
import type { SideBySide } from "../../realism/index.ts";
import type { PopulationName } from "../../sim/index.ts";
import { writeFileAtomically } from "../files.ts";
import {
  addCommonOptions,
  addWorkersOption,
  type CommonOptions,
  folderToWrite,
  populationNames,
  positiveNumber,
  type WorkersOption,
} from "../options.ts";
import { createOutput } from "../output.ts";
import { withProgress } from "../progress.ts";
import { writeReport } from "../report-files.ts";
import type { ObservationTask } from "../traffic-workers/observation-worker.ts";

interface RealismOptions extends CommonOptions, WorkersOption {
  readonly population: PopulationName;
  readonly beside: PopulationName;
  readonly factor: number;
  readonly out: string;
}

/** More than the data can tell. */
const keptDigits = 4;

export function registerRealism(program: Command): void {
  addCommonOptions(
    program
      .command("realism")
      .description("compare generated with real traffic: a page with plots, distances and their intervals")
      .addOption(
        new Option("--population <name>", "whom to compare").choices(populationNames).default("calibrated"),
      )
      .addOption(
        new Option("--beside <name>", "whom to show beside them")
          .choices(populationNames)
          .default("uncalibrated"),
      )
      .option("--factor <n>", "seconds of generated traffic per second of real traffic", positiveNumber, 4)
      .option(
        "--out <folder>",
        "where realism.html, realism.svg and realism.json go",
        folderToWrite,
        "data/realism",
      ),
    addWorkersOption,
  ).action(realism);
}

async function realism(options: RealismOptions): Promise<void> {
  const { createRng } = await import("../../core/index.ts");
  const {
    compare,
    digitsOf,
    parameterRows,
    pool: poolObservations,
    quantities,
    realismPage,
    sameQuantity,
    sectionPlots,
    sectionSheet,
    withInterval,
  } = await import("../../realism/index.ts");
  const { configurationOf } = await import("../configuration.ts");
  const { shippedParts } = await import("../real-traffic.ts");
  const { createWorkerPool } = await import("../worker-pool.ts");
  const output = createOutput(options.json);
  const { seed } = configurationOf(options);
  const { population, beside, factor } = options;

  const parts = shippedParts();
  const tasks: ObservationTask[] = [population, beside].flatMap((who) =>
    parts.map((_, part) => ({ part, population: who, factor, seed })),
  );
  const workers = createWorkerPool<ObservationTask, SideBySide>(
    new URL("../traffic-workers/observation-worker.ts", import.meta.url),
    Math.min(options.workers, tasks.length),
    undefined,
  );
  const shown = { label: "realism", total: tasks.length, unit: "clips" };
  const found = await withProgress(shown, (progress) =>
    workers.map(tasks, (done) => progress.update(done)),
  ).finally(() => workers.close());

  // What was not fitted to comes first.
  const groups = [
    ...new Set(
      ["validation", "test", "train"].flatMap((split) =>
        parts.filter((part) => part.split === split).map(({ traffic }) => `${traffic}/${split}`),
      ),
    ),
  ];
  const sections = groups.map((group) => {
    const members = parts.flatMap((part, index) =>
      `${part.traffic}/${part.split}` === group ? [index] : [],
    );
    const { traffic, split } = parts[members[0]];
    const real = poolObservations(members.map((index) => found[index].real));
    const generated = poolObservations(members.map((index) => found[index].generated));
    const earlier = poolObservations(members.map((index) => found[parts.length + index].generated));
    const rng = createRng(seed).fork(`compare/${group}`);
    const seconds = members.reduce((sum, index) => {
      const { range, recording } = parts[index];
      return sum + (range.endFrame - range.firstFrame) * recording.dt;
    }, 0);
    return {
      traffic,
      split,
      clips: `${seconds.toFixed(0)} s in ${members.length === 1 ? "one piece" : `${members.length} clips`}.`,
      comparison: compare(real, generated, rng),
      before: compare(real, earlier, rng),
      cells: { real: cellsOf(real.samples), generated: cellsOf(generated.samples) },
    };
  });

  const command = `npx headway realism --population ${population} --beside ${beside} --factor ${factor} --seed ${seed}`;
  const page = realismPage({
    population,
    earlier: beside,
    command,
    sections,
    parameters: parameterRows(population, beside),
  });
  const result = {
    command,
    seed,
    population,
    beside,
    regimes: parts.map(({ traffic, split }, index) => ({ traffic, split, ...found[index].regime })),
    sections: sections.map(({ traffic, split, clips, comparison, before }) => ({
      traffic,
      split,
      clips,
      comparison,
      before,
    })),
  };
  for (const { traffic, split, comparison, before } of sections) {
    output.print(`${traffic}, ${split}`);
    for (const one of comparison.quantities) {
      const old = sameQuantity(before, one);
      const digits = digitsOf(one.unit);
      output.print(
        `  ${quantities[one.quantity].title.padEnd(26)}n ${String(one.real.n).padStart(5)}  W1 ` +
          `${withInterval(one.wasserstein, digits)} ${one.unit}  KS ${withInterval(one.kolmogorovSmirnov, 2)}  ` +
          `(${beside}: W1 ${old?.wasserstein.value.toFixed(digits) ?? "–"})`,
      );
    }
    output.print(
      `  lane changes per km: real ${withInterval(comparison.changeRate.real, 2)}, generated ` +
        withInterval(comparison.changeRate.generated, 2),
    );
  }
  output.result(result);
  writeReport(output, options.out, "realism", result, page, keptDigits);
  const heldOut = sections.find(({ split }) => split === "test")!;
  writeFileAtomically(
    join(options.out, "realism.svg"),
    sectionSheet(
      `${heldOut.traffic}, ${heldOut.split} clips: real (area), ${population} (line), ${beside} (dashed)`,
      sectionPlots(heldOut, population, beside),
    ),
  );
}

/** Density and flow of every cell. */
function cellsOf({ density, flow }: SideBySide["real"]["samples"]): [number, number][] {
  return density.values.map((value, i) => [value, flow.values[i]]);
}
