import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { EvaluationRow } from "../../evaluation/index.ts";
import type { Config } from "../configuration.ts";
import { interruptible } from "../interrupt.ts";
import { lockFolder } from "../lock.ts";
import {
  addCommonOptions,
  addMachineOptions,
  type CommonOptions,
  folderToWrite,
  type MachineOptions,
} from "../options.ts";
import { createOutput } from "../output.ts";
import { describeSeconds } from "../progress.ts";
import { openRunFolder } from "../run-folder.ts";
import { openSteps } from "../steps.ts";
import type { Entrant, Verdict } from "../verdicts.ts";

interface QuickstartOptions extends CommonOptions, MachineOptions {
  readonly run: string;
}

export function registerQuickstart(program: Command): void {
  addCommonOptions(
    program
      .command("quickstart")
      .description("from traffic to a trained, evaluated driver in one go; the same command goes on")
      .option("--run <folder>", "where everything goes", folderToWrite, "data/runs/quickstart"),
    addMachineOptions,
  ).action(quickstart);
}

async function quickstart(options: QuickstartOptions): Promise<void> {
  const { checkMethod, policyMethods } = await import("../../policy/index.ts");
  const { configurationOf } = await import("../configuration.ts");
  const { checkTraffic } = await import("../recordings.ts");
  const { configuredData, generateData } = await import("../training-data.ts");
  const { trainModel, trainPolicy } = await import("../trainings.ts");
  const { tableLines } = await import("../../evaluation/index.ts");
  const output = createOutput(options.json);
  const config = configurationOf(options);
  const { run } = options;
  checkTraffic(config.evaluation.traffic, "evaluation.traffic");
  // Before a model is trained that the policies cannot learn in.
  checkMethod(policyMethods.mpur, config.policy, config.forwardModel);
  checkMethod(policyMethods.imitation, forImitation(config).policy, config.forwardModel);
  const configured = configuredData(config, run);
  const { resumed } = openRunFolder(run, { kind: "quickstart", ...config });
  lockFolder(run);
  output.note(`Everything goes to ${run}. Ctrl-C at any time; the same command goes on.`);
  const steps = openSteps(run, output.note);
  const base = { config, options, note: output.note };

  const data = await steps.run("traffic", () => {
    generateData(config, run, resumed);
    return configured;
  });
  const model = await steps.run("model", () =>
    interruptible((signal) => trainModel({ ...base, data, from: null, run: join(run, "model"), signal })),
  );
  const learn = (method: "mpur" | "imitation", folder: string): ReturnType<typeof trainPolicy> =>
    interruptible((signal) =>
      trainPolicy({
        ...base,
        config: method === "imitation" ? forImitation(config) : config,
        data,
        run: join(run, folder),
        method,
        modelPath: model.checkpoint,
        from: null,
        signal,
      }),
    );
  const policy = await steps.run("policy", () => learn("mpur", "policy"));
  const imitation = await steps.run("imitation", () => learn("imitation", "imitation"));
  const evaluation = await steps.run("evaluation", () =>
    evaluateAll(config, options, { imitation: imitation.checkpoint, trained: policy.checkpoint }),
  );

  for (const line of tableLines(evaluation.rows)) output.print(line);
  output.print(
    `\n${describeSeconds(steps.seconds())} in all. Watch it drive: npx headway watch --run ${run}`,
  );
  output.result({ minutes: steps.seconds() / 60, model, policy, evaluation });
}

/** Of the updates of MPUR: more of them made imitation drive worse. */
const imitationFactor = 0.5;

/** The configuration with fewer updates, a whole number of them and at least one, and without what only learning in a model heeds. */
export function forImitation(config: Config): Config {
  const { policy } = config;
  const updates = Math.max(1, Math.round(imitationFactor * policy.training.updates));
  const training = { ...policy.training, updates };
  const costs = { ...policy.costs, learned: false };
  return { ...config, policy: { ...policy, training, costs, latents: "prior" } };
}

/** Rules, baselines and what was trained, on starts that nothing was trained or chosen on. */
async function evaluateAll(
  config: Config,
  options: QuickstartOptions,
  trained: { readonly [name: string]: string },
): Promise<{ rows: EvaluationRow[] }> {
  const { openDriver, ruleDrivers } = await import("../drivers.ts");
  const { openTraffic, readRecording } = await import("../recordings.ts");
  const { withDrivingCrew } = await import("../judging/crew.ts");
  const { judge } = await import("../verdicts.ts");
  const { writeEvaluation } = await import("../evaluation-files.ts");
  const named = [...Object.keys(ruleDrivers).map((name) => [name, name]), ...Object.entries(trained)];
  const drivers: Entrant[] = [];
  for (const [name, source] of named)
    drivers.push({ name, source, driver: await openDriver(source, options.backend) });
  const verdicts: Verdict[] = [];
  await withDrivingCrew({ ...options, planning: config }, async (crew) => {
    for (const traffic of config.evaluation.traffic) {
      const own = join(options.run, "traffic", `${traffic}.recording`);
      const recording = existsSync(own)
        ? readRecording(own)
        : openTraffic(traffic, config.traffic, config.seed);
      const { episodes } = config.evaluation;
      verdicts.push(
        ...(await judge({ recording, split: "test", episodes, seed: config.seed, drivers, crew })),
      );
    }
  });
  writeEvaluation(options.run, config.seed, verdicts);
  return { rows: verdicts.map(({ row }) => row) };
}
