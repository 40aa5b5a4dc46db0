import { InputError } from "../../core/index.ts";
import type { PolicyConfig } from "../config.ts";
import { costNames } from "../costs/index.ts";
import type { PolicyStepReport } from "../policy-gradient.ts";
import { distillGradient, distillNames } from "./distill.ts";
import { imitationGradient, imitationNames } from "./imitation.ts";
import { logReplayGradient } from "./log-replay.ts";
import type { PolicyMethod } from "./method.ts";
import { mperGradient, mperNames } from "./mper.ts";
import { mpurGradient } from "./mpur.ts";
import { svgGradient } from "./svg.ts";
import { checkMiddle, vgGradient } from "./vg.ts";

export * from "./distill.ts";
export * from "./imitation.ts";
export * from "./log-replay.ts";
export * from "./method.ts";
export * from "./mper.ts";
export * from "./mpur.ts";
export * from "./svg.ts";
export * from "./vg.ts";

/** @throws InputError where a policy cannot draw actions with a gradient */
function checkDrawn({ head }: PolicyConfig): void {
  if (head !== "mixture") return;
  throw new InputError(
    "policy.head: expected deterministic or gaussian where a policy learns from where its actions lead, got mixture; " +
      "only imitation learns one.",
  );
}

const numbersOf = (report: PolicyStepReport): number[] => [
  ...costNames.map((name) => report[name]),
  report.total,
];
/** Who learns from costs pays for doubt as it pays for them. */
const atPrices = ({ weights }: PolicyConfig): number => weights.uncertainty;
const driving = {
  reportNames: [...costNames, "total"],
  imagines: true,
  strays: true,
  priced: true,
  check: checkDrawn,
} as const;

export const policyMethods = {
  mpur: {
    ...driving,
    drawsLatents: true,
    doubtWeight: atPrices,
    shown: "nothing",
    gradient: ({ policy, model, config, calibration, price }, shard, rng, into) =>
      numbersOf(mpurGradient(policy, model, config, shard, calibration, rng, into, price)),
  },
  svg: {
    ...driving,
    drawsLatents: true,
    doubtWeight: () => 0,
    shown: "nothing",
    gradient: ({ policy, model, config, price }, shard, rng, into) =>
      numbersOf(svgGradient(policy, model, config, shard, rng, into, price)),
  },
  vg: {
    ...driving,
    drawsLatents: false,
    doubtWeight: () => 0,
    shown: "nothing",
    check(policy, model) {
      checkDrawn(policy);
      checkMiddle(model);
    },
    gradient: ({ policy, model, config, price }, { windows }, _, into) =>
      numbersOf(vgGradient(policy, model, config, windows, into, price)),
  },
  mper: {
    reportNames: [...mperNames, "total"],
    imagines: true,
    drawsLatents: true,
    priced: false,
    doubtWeight: atPrices,
    strays: false,
    shown: "views",
    check: checkDrawn,
    gradient({ policy, model, config, calibration }, shard, rng, into) {
      const report = mperGradient(policy, model, config, shard, calibration, rng, into);
      return [...mperNames.map((name) => report[name]), report.total];
    },
  },
  distill: {
    reportNames: [...distillNames, "total"],
    imagines: true,
    priced: false,
    doubtWeight: ({ distillation }) => distillation.weights.uncertainty,
    strays: true,
    drawsLatents: false,
    shown: "nothing",
    check({ distillation, horizonSteps }) {
      if ((distillation.steps ?? 0) <= horizonSteps) return;
      throw new InputError(
        `policy.distillation.steps: expected at most the ${horizonSteps} steps of a plan, got ${distillation.steps}.`,
      );
    },
    gradient({ policy, model, config, calibration }, shard, rng, into) {
      const report = distillGradient(policy, model, config, shard, calibration, rng, into);
      return [...distillNames.map((name) => report[name]), report.total];
    },
  },
  imitation: {
    reportNames: [...imitationNames, "total"],
    imagines: false,
    drawsLatents: false,
    priced: false,
    doubtWeight: () => 0,
    strays: false,
    shown: "nothing",
    check: () => undefined,
    gradient({ policy, model }, { windows }, _, into) {
      const report = imitationGradient(policy, model.config, windows, into);
      return [...imitationNames.map((name) => report[name]), report.total];
    },
  },
  "log-replay": {
    ...driving,
    drawsLatents: false,
    doubtWeight: () => 0,
    shown: "traffic",
    gradient: ({ policy, model, config, price }, { windows }, _, into) =>
      numbersOf(logReplayGradient(policy, model, config, windows, into, price)),
  },
} satisfies { readonly [name: string]: PolicyMethod };

export type PolicyMethodName = keyof typeof policyMethods;
