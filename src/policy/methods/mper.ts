import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import { firstOf, type ForwardModel, type Rollout } from "../../forward-model/index.ts";
import { channelCount, pixelSpecs, type PixelSpec } from "../../sim/index.ts";
import type { PolicyConfig } from "../config.ts";
import { distancesFromHumans, type UncertaintyCalibration } from "../costs/index.ts";
import type { PolicyNetwork } from "../network.ts";
import { discountedMean } from "../objective.ts";
import { worldCosts } from "../world-costs.ts";
import { ownView } from "../own-view.ts";
import { rolloutGradient } from "../policy-gradient.ts";
import { imagineInDoubt } from "../uncertainty.ts";
import { recordedStates, type PolicyWindows, type Shard } from "../windows.ts";

export const mperNames = ["states", "pictures", "uncertainty"] as const;
export type MperReport = { readonly [Name in (typeof mperNames)[number] | "total"]: number };

/**
 * MPER, imitation inside the model: over the whole horizon the ego is to be where the human was, and to see what the human
 * saw,
 *
 *     L = λ_states MSE(ego states) + λ_pictures MSE(views) + u_reg mean_t γᵗ U_t
 *
 * so that small errors are paid for where they lead to. Henaff, Canziani & LeCun, ICLR 2019, section 4; theirs takes
 * latents from the posterior, this as `policy.latents` says, and U is optional there. Works through every family: a picture that
 * has to be turned to the ego is turned with its gradient.
 * @param shard windows drawn with `futureViews` = the horizon
 */
export function mperGradient(
  policy: PolicyNetwork,
  model: ForwardModel,
  config: PolicyConfig,
  shard: Shard,
  calibration: UncertaintyCalibration | null,
  rng: Rng,
  gradient: Float32Array,
): MperReport {
  const { windows } = shard;
  const spec = pixelSpecs[model.config.pixels];
  const { matching, weights, discount, horizonSteps } = config;
  const { imagination, cast, uncertaintyOf, dispose } = imagineInDoubt(
    policy,
    model,
    config,
    shard,
    calibration,
    rng,
  );
  const humans = recordedStates(windows, model.config, horizonSteps);
  const report = rolloutGradient(policy, horizonSteps, imagination, cast, gradient, (rollout) => {
    const doubt =
      calibration === null
        ? null
        : uncertaintyOf(rollout.steps, worldCosts(spec, cast.sizes, rollout.steps, config.proximity));
    const terms = {
      states: stateError(rollout, humans, windows.count),
      pictures: matching.pictures > 0 ? pictureError(rollout, windows, spec) : tf.scalar(0),
      uncertainty: doubt === null ? tf.scalar(0) : discountedMean(doubt, discount),
    };
    const total = tf.addN([
      tf.mul(terms.states, matching.states),
      tf.mul(terms.pictures, matching.pictures),
      tf.mul(terms.uncertainty, weights.uncertainty),
    ]) as tf.Scalar;
    return { terms, total };
  });
  dispose();
  return report;
}

/** Mean square error of the ego states over steps, windows and columns. */
function stateError({ steps }: Rollout, humans: readonly Float32Array[], count: number): tf.Scalar {
  const states = steps.map(({ state }) => firstOf(state, count));
  return tf.mean(tf.square(distancesFromHumans(states, humans)));
}

/** Mean square error of what the egos see, over steps, windows, pixels and channels. */
function pictureError({ steps }: Rollout, { count, futureViews }: PolicyWindows, spec: PixelSpec): tf.Scalar {
  const errors = steps.map(({ scene }, t) => {
    const human = tf.tensor4d(futureViews[t]!, [count, spec.height, spec.width, channelCount]);
    return tf.mean(tf.squaredDifference(ownView(spec, scene, count), human));
  });
  return tf.div(tf.addN(errors), steps.length);
}
