import * as tf from "@tensorflow/tfjs";
import { egoStateColumns, egoStateSize, rollOut } from "../../forward-model/index.ts";
import { numbersOf } from "../../tensor/index.ts";
import { actsOf } from "../acts.ts";
import { rawAction, type ActionBounds, type PolicyNetwork } from "../network.ts";
import type { Futures } from "./futures.ts";
import type { PlanStart } from "./look-back.ts";

/** What a policy would do in the first sampled future of each ego, as plans before their bounds. */
export function guidedPlans(
  network: PolicyNetwork,
  start: PlanStart,
  { imagination, egos, steps, samples, masks }: Futures,
  bounds: ActionBounds,
): Float32Array[] {
  const act = actsOf(network, start.egoChannel, imagination.config);
  const { actions, states } = numbersOf(() => {
    const rollout = rollOut(
      imagination.again(),
      steps,
      (observed, t) => tf.tile(act(observed, t), [samples * (1 + masks), 1]),
      egos,
    );
    return {
      actions: rollout.actions.map((action) => action.dataSync()),
      states: [start.states.at(-1)!, ...rollout.steps.map(({ state }) => state.dataSync())],
    };
  });
  return Array.from({ length: egos }, (_, b) =>
    Float32Array.from(
      actions.flatMap((action, t) =>
        rawAction(
          action[2 * b]!,
          action[2 * b + 1]!,
          states[t]![b * egoStateSize + egoStateColumns.speed]!,
          bounds,
        ),
      ),
    ),
  );
}
