import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../../core/index.ts";
import {
  egoStateColumns,
  rollOut,
  selectRows,
  type Act,
  type ForwardModel,
} from "../../forward-model/index.ts";
import { valueAndGradient } from "../../tensor/index.ts";
import { actionErrorNames, actionErrors, type ActionErrors } from "../action-error.ts";
import { motionOf, packViews } from "../acts.ts";
import type { PolicyConfig } from "../config.ts";
import type { UncertaintyCalibration } from "../costs/index.ts";
import { boundAccelerations, steerWith, type Observation, type PolicyNetwork } from "../network.ts";
import {
  adamOfPlan,
  descend,
  guidedPlans,
  imagineFutures,
  judgeOf,
  packPlans,
  pricesOf,
  type Futures,
} from "../plan/index.ts";
import type { Shard } from "../windows.ts";

export const distillNames = [...actionErrorNames, "driven", "planned"] as const;
export interface DistillReport extends ActionErrors {
  /** What the policy's own actions cost in the imagined futures, and what the plans made of them do: means over windows. */
  readonly driven: number;
  readonly planned: number;
  readonly total: number;
}

/**
 * Distillation: a planner begins with what the policy would do, improves it by gradient descent in sampled futures of the
 * model, and the policy learns to do the first steps of that plan where it leads along the plan. No gradient of the policy
 * passes through the model: costs shape the plans, plans shape the policy. LeCun, "A Path Towards Autonomous Machine
 * Intelligence" (2022), section 4.1: training the actor with optimized action sequences.
 *
 * Every plan stands for itself, so every window is doubted where the calibration is given.
 */
export function distillGradient(
  policy: PolicyNetwork,
  model: ForwardModel,
  config: PolicyConfig,
  { windows, first }: Shard,
  calibration: UncertaintyCalibration | null,
  rng: Rng,
  gradient: Float32Array,
): DistillReport {
  const { horizonSteps, distillation, uncertainty } = config;
  const masks = calibration === null ? 0 : uncertainty.masks;
  const rngs = windows.starts.map((_, b) => rng.fork(`window ${first + b}`));
  const futures = imagineFutures(model, windows, { ...distillation, horizonSteps, masks }, rngs);
  const judge = judgeOf(futures, 1, {
    ...config,
    ...pricesOf(distillation),
    usual: calibration && { calibration, prices: config },
  });
  const plans = guidedPlans(policy, windows, futures, config);
  const adams = plans.map(() => adamOfPlan(2 * horizonSteps, distillation));
  const { before: driven, after: planned } = descend(judge, plans, adams, distillation);
  let errors!: ActionErrors;
  const total = tf.tidy(() => {
    const { observation, actions } = along(plans, futures, windows.egoChannel, config);
    return valueAndGradient(
      () => {
        const wanted = actionErrors(policy, observation, actions);
        errors = wanted.errors;
        return wanted.loss;
      },
      policy.parameters,
      gradient,
    );
  });
  futures.dispose();
  return {
    ...errors,
    driven: mean(driven),
    planned: mean(planned),
    total,
  };
}

/** What is seen and done in the first steps of each plan, in all sampled futures: steps · samples · B rows, time first. */
function along(
  plans: readonly Float32Array[],
  { imagination, egos, samples }: Futures,
  egoChannel: Float32Array,
  config: PolicyConfig,
): { readonly observation: Observation; readonly actions: tf.Tensor2D } {
  const windows = Array.from({ length: samples * egos }, (_, n) => n);
  const channel = selectRows(
    egoChannel,
    egos,
    windows.map((n) => n % egos),
  );
  const bounded = boundAccelerations(packPlans(plans), config);
  const accelerations = tf.unstack(tf.tile(bounded, [samples, 1, 1]), 1);
  const seen: Observation[] = [];
  const act: Act = ({ pictures, states }, t) => {
    seen.push({ views: packViews(pictures, channel, imagination.config), motion: motionOf(states) });
    return steerWith(accelerations[t] as tf.Tensor2D, states.at(-1)!, egoStateColumns.speed);
  };
  const steps = config.distillation.steps ?? config.horizonSteps;
  const { actions } = rollOut(imagination.again(windows), steps, act);
  const views = seen.map(({ views }) => views);
  const motion = seen.map(({ motion }) => motion);
  return {
    observation: { views: tf.concat(views, 0), motion: tf.concat(motion, 0) },
    actions: tf.concat([...actions], 0),
  };
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
