import type { Command } from "commander";
import type { CheckUp } from "../../examination/index.ts";
import type { CheckUpPlan } from "../examining/check-up.ts";
import {
  addCommonOptions,
  addHeldOutOptions,
  addMachineOptions,
  type CommonOptions,
  folderToWrite,
  type HeldOutOptions,
  type MachineOptions,
  positiveNumber,
  settingWords,
  wholeNumberFrom,
} from "../options.ts";
import { createOutput, type Output } from "../output.ts";
import { writeReport } from "../report-files.ts";

interface CheckUpOptions extends CommonOptions, HeldOutOptions, MachineOptions {
  readonly windows: number;
  readonly samples: number;
  readonly masks: number;
  readonly out?: string;
}

export function registerCheckUp(program: Command): void {
  addCommonOptions(
    addHeldOutOptions(
      program
        .command("check-up")
        .description(
          "examine a forward model: its errors, answers to actions, gradients and doubt beside the exact ones",
        )
        .argument("<checkpoint>", "file of a forward model"),
    )
      .option("--windows <n>", "ordinary windows, and as many perturbed ones", positiveNumber, 64)
      .option("--samples <k>", "futures drawn of each window, at least two", wholeNumberFrom(2), 6)
      .option("--masks <k>", "dropout masks of each window", wholeNumberFrom(2), 5)
      .option(
        "--out <folder>",
        "keep the numbers as check-up.json and the page as check-up.html",
        folderToWrite,
      ),
    addMachineOptions,
  ).action(checkUp);
}

async function checkUp(checkpoint: string, options: CheckUpOptions): Promise<void> {
  const { configurationOf } = await import("../configuration.ts");
  const { checkUpPage } = await import("../../examination/index.ts");
  const { checkUpSeconds, openCheckUp } = await import("../examining/check-up.ts");
  const { ask, withExaminingCrew } = await import("../examining/crew.ts");
  const { openModel, readModelFile } = await import("../examining/model.ts");
  const { examinedTraffic } = await import("../examining/windows.ts");
  const { seenBefore } = await import("../seen-before.ts");
  const output = createOutput(options.json);
  const config = configurationOf(options);
  const { seed } = config;
  const { windows, samples, masks, split, workers } = options;
  const file = readModelFile(checkpoint, options.backend);
  const model = await openModel(file);
  const traffic = examinedTraffic(options, config);
  for (const line of seenBefore(traffic.places, options, config)) output.note(line);
  const workerData: CheckUpPlan = { file, traffic, windows, samples, masks, seed };
  const examiner = openCheckUp(model, workerData);
  const module = new URL("../examining/check-up-worker.ts", import.meta.url);
  const examination = await withExaminingCrew({ module, workerData, workers }, (crew) =>
    ask(examiner, "check-up", checkUpSeconds(workerData), crew),
  );
  model.dispose();
  const { family, latent, pixels } = model.config;
  const subject = {
    checkpoint,
    family,
    latent,
    data: traffic.recordings.map(({ name }) => name),
    split,
    seed,
  };
  const result = { ...subject, ...examination.checkUp };
  await print(output, result);
  output.result(result);
  if (options.out === undefined) return;
  const where = `${subject.data.join(", ")} (${split})`;
  const command =
    `headway check-up ${checkpoint} --data ${traffic.places.join(" ")} --split ${split} --windows ${windows} ` +
    `--samples ${samples} --masks ${masks}${settingWords(options, seed)}`;
  const page = checkUpPage(examination, { checkpoint, family, latent, pixels, data: where, command });
  writeReport(output, options.out, "check-up", result, page);
}

/** The short version for people; the page has all of it. */
async function print(output: Output, result: CheckUp): Promise<void> {
  const { atSeconds } = await import("../../examination/index.ts");
  const two = (value: number): string => value.toFixed(2);
  const line = (label: string, cells: readonly string[]): void =>
    output.print(label.padEnd(36) + cells.map((cell) => cell.padStart(9)).join(""));
  const ahead = atSeconds(result.openLoop, [0.2, 1, 2, 3, 4]);
  line(
    "squared error of traffic after",
    ahead.map(({ seconds }) => `${seconds.toFixed(1)} s`),
  );
  line(
    "  model",
    ahead.map(({ image }) => image.toFixed(4)),
  );
  line(
    "  last picture kept",
    ahead.map(({ copied }) => copied.toFixed(4)),
  );
  line(
    "  constant velocity, true speeds",
    ahead.map(({ constantVelocity }) => constantVelocity.toFixed(4)),
  );
  line(
    "  the same, of those in the picture",
    ahead.map(({ shownVelocity }) => shownVelocity.toFixed(4)),
  );
  line(
    "  constant velocity, as observed",
    ahead.map(({ observedVelocity }) => observedVelocity.toFixed(4)),
  );
  const drawn = atSeconds(result.bestOfK, [0.2, 1, 2, 3, 4]);
  line(
    "spread of samples over error",
    drawn.map(({ spread }) => two(spread)),
  );
  line(
    "score of samples over that without",
    drawn.map(({ score, deterministicScore }) => two(score / deterministicScore)),
  );
  const horizons = [...new Set(result.gradientAgreement.map(({ seconds }) => seconds))];
  line(
    "correlation of derivatives over",
    horizons.map((seconds) => `${seconds.toFixed(1)} s`),
  );
  for (const windows of ["ordinary", "perturbed"] as const) {
    for (const action of ["acceleration", "steering"] as const) {
      const rows = result.gradientAgreement.filter(
        (row) => row.windows === windows && row.action === action && row.cost === "proximity",
      );
      line(
        `  ${action}, ${windows} windows`,
        rows.map(({ correlation }) => two(correlation)),
      );
    }
  }
  line("rank correlation of doubt with", ["error", "distance"]);
  for (const { kind, action, of, againstError, againstDistance } of result.calibration.rows) {
    line(`  ${kind}: ${of} under ${action}`, [two(againstError.value), two(againstDistance.value)]);
  }
  output.print("");
  if (result.warnings.length === 0) output.print("No warnings.");
  for (const warning of result.warnings) output.print(`Warning: ${warning}`);
}
