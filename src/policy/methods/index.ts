import { InputError, type Rng } from "../../core/index.ts";
import type { ForwardModel, ForwardModelConfig } from "../../forward-model/index.ts";
import type { PolicyConfig } from "../config.ts";
import { costNames, type UncertaintyCalibration } from "../costs/index.ts";
import type { PolicyNetwork } from "../network.ts";
import type { PolicyStepReport } from "../policy-gradient.ts";
import type { Shard } from "../uncertainty.ts";
import { imitationGradient, imitationNames } from "./imitation.ts";
import { logReplayGradient } from "./log-replay.ts";
import { mperGradient, mperNames } from "./mper.ts";
import { mpurGradient } from "./mpur.ts";
import { svgGradient } from "./svg.ts";
import { checkMiddle, vgGradient } from "./vg.ts";

export * from "./imitation.ts";
export * from "./log-replay.ts";
export * from "./mper.ts";
export * from "./mpur.ts";
export * from "./svg.ts";
export * from "./vg.ts";

/** A policy that learns, and what it learns in. */
export interface Apprentice {
  readonly policy: PolicyNetwork;
  readonly model: ForwardModel;
  readonly config: PolicyConfig;
  /** Usual variance of the costs; null where no uncertainty is paid for. */
  readonly calibration: UncertaintyCalibration | null;
}

/** A way to get a policy by gradient descent. */
export interface PolicyMethod {
  /** Names of the numbers that an update reports. */
  readonly reportNames: readonly string[];
  /** Whether it imagines a whole horizon, or only looks at what was done next. */
  readonly imagines: boolean;
  /** Whether it pays for the model's uncertainty, whose usual size is to be measured first. */
  readonly doubts: boolean;
  /** Whether it can learn from starts where no human was: pushed ones, and those that the policy has driven to. */
  readonly strays: boolean;
  /** What it is shown of the time after "now". */
  readonly shown: "nothing" | "traffic" | "views";
  /** @throws InputError where such a policy cannot learn by it, or not in such a model */
  check(policy: PolicyConfig, model: ForwardModelConfig): void;
  /** The numbers of one update; their gradient is written to `into`. */
  gradient(apprentice: Apprentice, shard: Shard, rng: Rng, into: Float32Array): readonly number[];
}

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
const driving = {
  reportNames: [...costNames, "total"],
  imagines: true,
  strays: true,
  check: checkDrawn,
} as const;

export const policyMethods = {
  mpur: {
    ...driving,
    doubts: true,
    shown: "nothing",
    gradient: ({ policy, model, config, calibration }, shard, rng, into) =>
      numbersOf(mpurGradient(policy, model, config, shard, calibration, rng, into)),
  },
  svg: {
    ...driving,
    doubts: false,
    shown: "nothing",
    gradient: ({ policy, model, config }, shard, rng, into) =>
      numbersOf(svgGradient(policy, model, config, shard, rng, into)),
  },
  vg: {
    ...driving,
    doubts: false,
    shown: "nothing",
    check(policy, model) {
      checkDrawn(policy);
      checkMiddle(model);
    },
    gradient: ({ policy, model, config }, { windows }, _, into) =>
      numbersOf(vgGradient(policy, model, config, windows, into)),
  },
  mper: {
    reportNames: [...mperNames, "total"],
    imagines: true,
    doubts: true,
    strays: false,
    shown: "views",
    check: checkDrawn,
    gradient({ policy, model, config, calibration }, shard, rng, into) {
      const report = mperGradient(policy, model, config, shard, calibration, rng, into);
      return [...mperNames.map((name) => report[name]), report.total];
    },
  },
  imitation: {
    reportNames: [...imitationNames, "total"],
    imagines: false,
    doubts: false,
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
    doubts: false,
    shown: "traffic",
    gradient: ({ policy, model, config }, { windows }, _, into) =>
      numbersOf(logReplayGradient(policy, model, config, windows, into)),
  },
} satisfies { readonly [name: string]: PolicyMethod };

export type PolicyMethodName = keyof typeof policyMethods;
