import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../core/index.ts";
import { readFile, readJsonFile, writeFileAtomically } from "../files.ts";
import { projectRoot } from "../places.ts";

/** What goes from a finished quickstart into the package: run folder's file → shipped name. */
const shipped = {
  "model/forward-model.headway": "forward-model.headway",
  "policy/policy.headway": "policy.headway",
  "imitation/policy.headway": "imitation.headway",
} as const;

export function registerShip(program: Command): void {
  program
    .command("ship")
    .description(
      "for maintainers: copy a finished quickstart's model and drivers to data/pretrained, with their card",
    )
    .argument("<run>", "folder of a finished quickstart")
    .action(ship);
}

/** The card says how to make the files again and what they scored: configuration, seed, commit, machine, evaluation. */
function ship(run: string): void {
  const evaluation = join(run, "evaluation.json");
  if (!existsSync(evaluation)) {
    throw new InputError(`${run}: expected a finished quickstart with its evaluation.json, got none.`);
  }
  const { kind, ...configuration } = readJsonFile(join(run, "config.json"), "a configuration") as {
    kind: string;
  };
  if (kind !== "quickstart")
    throw new InputError(`${run}: expected the folder of a quickstart, got one of ${kind}.`);
  const steps = readJsonFile(join(run, "steps.json"), "the steps of a quickstart") as {
    readonly [step: string]: { readonly seconds: number };
  };
  const { seed, rows } = readJsonFile(evaluation, "an evaluation") as { seed: number; rows: unknown };
  const folder = join(projectRoot, "data/pretrained");
  for (const [from, to] of Object.entries(shipped)) {
    writeFileAtomically(join(folder, to), readFile(join(run, from), "a checkpoint"));
  }
  const card = {
    command: "npx headway quickstart",
    commit: execFileSync("git", ["rev-parse", "HEAD"], { cwd: projectRoot, encoding: "utf8" }).trim(),
    machine: `${cpus().length} cores of ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.version}, wasm`,
    minutes: Object.fromEntries(
      Object.entries(steps).map(([step, { seconds }]) => [step, Math.round(seconds / 6) / 10]),
    ),
    data: "generated traffic of the configuration's scenarios and seed; data/recordings/us101.recording",
    configuration,
    evaluation: { seed, rows },
  };
  writeFileAtomically(join(folder, "card.json"), JSON.stringify(card, null, 2) + "\n");
}
