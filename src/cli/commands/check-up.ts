import type { Command } from "commander";
import { createRng } from "../../core/index.ts";
import type { CheckUp } from "../../examination/index.ts";
import { readFile } from "../files.ts";
import {
  addBackendOption,
  addCommonOptions,
  addHeldOutOptions,
  addIdleWorkersOption,
  type BackendOption,
  type CommonOptions,
  folderToWrite,
  type HeldOutOptions,
  positiveNumber,
  wholeNumberFrom,
} from "../options.ts";
import { createOutput, type Output } from "../output.ts";
import { writeReport } from "../report-files.ts";

interface CheckUpOptions extends BackendOption, CommonOptions, HeldOutOptions {
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
    addBackendOption,
    addIdleWorkersOption,
  ).action(checkUp);
}

async function checkUp(checkpoint: string, options: CheckUpOptions): Promise<void> {
  const { configurationOf } = await import("../configuration.ts");
  const { examinedWindows } = await import("../examined-windows.ts");
  const { loadForwardModel, stepSeconds } = await import("../../forward-model/index.ts");
  const { checkUpPage, examine, horizons } = await import("../../examination/index.ts");
  const { startBackend } = await import("../backend.ts");
  const { withProgress } = await import("../progress.ts");
  const output = createOutput(options.json);
  const config = configurationOf(options);
  const { seed } = config;
  const bytes = readFile(checkpoint, "a forward model");
  await startBackend(options.backend);
  const model = loadForwardModel(bytes, checkpoint);
  const steps = Math.round(horizons.openLoop / stepSeconds(model.config));
  const { places, names, heldOut, training } = examinedWindows(options, config, model.config, steps);
  const examination = withProgress({ label: "check-up", total: 100, unit: "%" }, (progress) =>
    examine(model, heldOut, {
      windows: options.windows,
      samples: options.samples,
      masks: options.masks,
      training,
      rng: createRng(seed).fork(`check-up/${options.split}`),
      onProgress: (fraction) => progress.update(Math.round(100 * fraction)),
    }),
  );
  model.dispose();
  const { family, latent, pixels } = model.config;
  const subject = {
    checkpoint,
    family,
    latent,
    data: names,
    split: options.split,
    seed,
  };
  const result = { ...subject, ...examination.checkUp };
  if (options.out !== undefined) {
    const where = `${subject.data.join(", ")} (${options.split})`;
    const command = `headway check-up ${checkpoint} --data ${places.join(" ")} --split ${options.split} --windows ${options.windows} --samples ${options.samples} --masks ${options.masks} --seed ${seed}`;
    const page = checkUpPage(examination, { checkpoint, family, latent, pixels, data: where, command });
    writeReport(output, options.out, "check-up", result, page);
  }
  await print(output, result);
  output.result(result);
}

/** The short version for people; the page has all of it. */
async function print(output: Output, result: CheckUp): Promise<void> {
  const { atSeconds } = await import("../../examination/index.ts");
  const two = (value: number): string => value.toFixed(2);
  const line = (label: string, cells: readonly string[]): void =>
    output.print(label.padEnd(34) + cells.map((cell) => cell.padStart(9)).join(""));
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
