import { join } from "node:path";
import { type Command, Option } from "commander";
import { type TableColumn, textTable } from "../../core/index.ts";
import type { SoakRow } from "../../realism/index.ts";
import { WorkError } from "../errors.ts";
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
import type { SoakTask } from "../traffic-workers/soak-worker.ts";

interface SoakOptions extends CommonOptions, WorkersOption {
  readonly vehicleSeconds: number;
  readonly traffic?: readonly string[];
  readonly population?: PopulationName;
  readonly out?: string;
}

/** Drives per scenario, with a stream of randomness each. */
const drives = 4;

export function registerSoak(program: Command): void {
  addCommonOptions(
    program
      .command("soak")
      .description("drive all generated traffic for long and look for collisions and cars off the road")
      .option("--vehicle-seconds <n>", "in all, the same for every scenario", positiveNumber, 1_000_000)
      .option("--traffic <scenario...>", "which scenarios (default: all)")
      .addOption(
        new Option("--population <name>", "the people in every scenario (default: its own)").choices(
          populationNames,
        ),
      )
      .option("--out <folder>", "keep the table as soak.json", folderToWrite),
    addWorkersOption,
  ).action(soak);
}

async function soak(options: SoakOptions): Promise<void> {
  const { addRows, isSound } = await import("../../realism/index.ts");
  const { scenarios } = await import("../../sim/index.ts");
  const { configurationOf } = await import("../configuration.ts");
  const { checkScenarios } = await import("../recordings.ts");
  const { createWorkerPool } = await import("../worker-pool.ts");
  const output = createOutput(options.json);
  const { seed } = configurationOf(options);
  const names = [...new Set(options.traffic ?? Object.keys(scenarios))];
  checkScenarios(names, "--traffic");
  const vehicleSeconds = options.vehicleSeconds / names.length / drives;
  const tasks: SoakTask[] = names.flatMap((scenario) =>
    Array.from({ length: drives }, (_, drive) => ({
      scenario,
      population: options.population,
      vehicleSeconds,
      seed,
      drive,
    })),
  );
  const pool = createWorkerPool<SoakTask, SoakRow>(
    new URL("../traffic-workers/soak-worker.ts", import.meta.url),
    Math.min(options.workers, tasks.length),
    undefined,
  );
  const shown = { label: "soak", total: tasks.length, unit: "drives" };
  const found = await withProgress(shown, (progress) =>
    pool.map(tasks, (done) => progress.update(done)),
  ).finally(() => pool.close());
  const rows = names.map((name) => addRows(found.filter(({ scenario }) => scenario === name)));
  const total = { ...addRows(rows), scenario: everything };
  for (const line of textTable(columns, [...rows, total])) output.print(line);
  for (const { scenario, findings } of rows)
    for (const finding of findings) output.note(`${scenario}: ${finding}`);
  const result = { seed, sound: isSound(total), rows, total };
  if (options.out !== undefined) {
    writeFileAtomically(join(options.out, "soak.json"), JSON.stringify(result, null, 2) + "\n");
  }
  output.result(result);
  if (!isSound(total)) {
    throw new WorkError(
      `Expected sound traffic, got ${total.collisions} collisions, ${total.offRoad} vehicles off the road and ` +
        `${total.broken} broken tracks.`,
    );
  }
}

const everything = "all";

const columns: readonly TableColumn<SoakRow>[] = [
  { title: "scenario", left: true, cell: ({ scenario }) => scenario },
  { title: "vehicle-seconds", cell: ({ vehicleSeconds }) => vehicleSeconds.toFixed(0) },
  { title: "collisions", cell: ({ collisions }) => String(collisions) },
  { title: "off road", cell: ({ offRoad }) => String(offRoad) },
  { title: "broken tracks", cell: ({ broken }) => String(broken) },
  {
    title: "hard braking /veh-h",
    cell: ({ hardBraking, vehicleSeconds }) => ((3600 * hardBraking) / vehicleSeconds).toFixed(1),
  },
  {
    title: "throughput veh/h",
    cell: ({ passed, seconds, scenario }) =>
      scenario === everything ? "–" : ((3600 * passed) / seconds).toFixed(0),
  },
];
