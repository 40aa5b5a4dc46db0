import { InputError, type Rng } from "../../core/index.ts";
import type { ForwardModel, ForwardModelConfig } from "../../forward-model/index.ts";
import type { PolicyConfig } from "../config.ts";
import type { UncertaintyCalibration } from "../costs/index.ts";
import type { PolicyNetwork } from "../network.ts";
import type { Price } from "../world-costs.ts";
import type { PolicyWindowOptions, Shard } from "../windows.ts";

/** A policy that learns, and what it learns in. */
export interface Apprentice {
  readonly policy: PolicyNetwork;
  readonly model: ForwardModel;
  readonly config: PolicyConfig;
  /** Usual variances; null where no uncertainty is paid for. */
  readonly calibration: UncertaintyCalibration | null;
  /** What says how much is paid; the formulas if not given. */
  readonly price?: Price | undefined;
}

/** A way to get a policy by gradient descent. */
export interface PolicyMethod {
  /** Names of the numbers that an update reports. */
  readonly reportNames: readonly string[];
  /** Whether it imagines a whole horizon, or only looks at what was done next. */
  readonly imagines: boolean;
  /** What it pays for the model's uncertainty, whose usual size is to be measured first; 0: nothing. */
  doubtWeight(policy: PolicyConfig): number;
  /** Whether it can learn from starts where no human was: pushed ones, and those that the policy has driven to. */
  readonly strays: boolean;
  /** Whether the futures that it imagines are those of `policy.latents`. */
  readonly drawsLatents: boolean;
  /** Whether it descends the costs of driving, so that a network can price them. */
  readonly priced: boolean;
  /** What it is shown of the time after "now". */
  readonly shown: "nothing" | "traffic" | "views";
  /** @throws InputError where such a policy cannot learn by it, or not in such a model */
  check(policy: PolicyConfig, model: ForwardModelConfig): void;
  /** The numbers of one update; their gradient is written to `into`. */
  gradient(apprentice: Apprentice, shard: Shard, rng: Rng, into: Float32Array): readonly number[];
}

/** @throws InputError where a policy of this configuration cannot learn by a method, or not in such a model */
export function checkMethod(method: PolicyMethod, policy: PolicyConfig, model: ForwardModelConfig): void {
  method.check(policy, model);
  const { of } = policy.uncertainty;
  if (method.doubtWeight(policy) > 0 && of.includes("state") && model.network !== "published") {
    throw new InputError(
      "policy.uncertainty.of: expected no state in a model whose ego states come from the kinematics and so never " +
        `vary, got ${of.join(", ")}.`,
    );
  }
  if (policy.costs.learned && !method.priced) {
    throw new InputError(
      "policy.costs.learned: expected false with this method, which takes no prices, got true.",
    );
  }
  if (policy.latents === "prior") return;
  if (!method.drawsLatents) {
    throw new InputError(
      `policy.latents: expected prior with a method that draws no latents, got ${policy.latents}.`,
    );
  }
  if (model.latent === "none") {
    throw new InputError(`policy.latents: expected prior in a model without latents, got ${policy.latents}.`);
  }
}

/** How windows are to be drawn for a method. */
export function windowOptions(method: PolicyMethod, policy: PolicyConfig): PolicyWindowOptions {
  const horizon = method.imagines ? policy.horizonSteps : 1;
  const told = method.drawsLatents && policy.latents === "posterior";
  const views = method.shown === "views";
  return {
    futureSteps: told || method.shown === "traffic" ? horizon : 0,
    futureViews: told || views ? horizon : 0,
    future: views ? "recorded" : "coasting",
    drawnSteps: method.imagines ? horizon : 0,
    perturb: method.strays,
  };
}
