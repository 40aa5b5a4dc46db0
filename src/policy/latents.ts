import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import {
  disposeNoise,
  drawNoise,
  rollOut,
  selectRows,
  stepSeconds,
  type ForwardModel,
  type RolloutNoise,
} from "../forward-model/index.ts";
import { pixelSpecs } from "../sim/index.ts";
import { numbersOf } from "../tensor/index.ts";
import { actsOf } from "./acts.ts";
import type { PolicyConfig } from "./config.ts";
import type { PolicyNetwork } from "./network.ts";
import { totalByWindow } from "./objective.ts";
import type { PolicyWindows, Shard } from "./windows.ts";
import { formulas, type Price } from "./world-costs.ts";

/**
 * Latents for the futures that windows are imagined in, without dropout; to be freed with `disposeNoise`.
 *
 *     prior         what may come
 *     posterior     what came: read off the recorded future, which `windows` must hold
 *     adversarial   of several draws from the prior the one in which `policy`, as it is, pays most
 */
export function drawLatents(
  policy: PolicyNetwork,
  model: ForwardModel,
  config: PolicyConfig,
  { windows, first }: Shard,
  rng: Rng,
  price = formulas(config),
): RolloutNoise {
  const shape = { batch: windows.count, steps: config.horizonSteps, dropout: false };
  const draw = (label: string): RolloutNoise => drawNoise(model.config, shape, rng.fork(label), first);
  const drawn = draw("latent");
  switch (config.latents) {
    case "prior":
      return drawn;
    case "posterior":
      return { ...drawn, given: inferred(model, windows, drawn) };
    case "adversarial": {
      const others = Array.from({ length: config.latentDraws - 1 }, (_, k) => draw(`latent ${k + 1}`));
      const worst = worstOf([drawn, ...others], (noise) =>
        costsIn(noise, policy, model, config, windows, price),
      );
      for (const noise of [drawn, ...others]) disposeNoise(noise);
      return worst;
    }
  }
}

function inferred(model: ForwardModel, windows: PolicyWindows, noise: RolloutNoise): tf.Tensor2D[] {
  const { count, world, futureViews: views, futureActions: actions } = windows;
  return model
    .inferLatents(windows, { world: world.future, views, actions }, noise)
    .map((codes) => tf.tensor2d(codes, [count, codes.length / count]));
}

/** Of several noises the one that costs most, window by window. */
function worstOf(
  draws: readonly RolloutNoise[],
  costsIn: (noise: RolloutNoise) => Float32Array,
): RolloutNoise {
  const costs = draws.map(costsIn);
  const count = costs[0]!.length;
  const rows = Array.from({ length: count }, (_, b) => {
    const most = costs.reduce((worst, cost, k) => (cost[b]! > costs[worst]![b]! ? k : worst), 0);
    return most * count + b;
  });
  const [{ latent, ...rest }] = draws as [RolloutNoise];
  return {
    ...rest,
    latent:
      latent?.map((z, t) => {
        const all = Float32Array.from(draws.flatMap((noise) => Array.from(noise.latent![t]!.dataSync())));
        return tf.tensor2d(selectRows(all, draws.length * count, rows), z.shape);
      }) ?? null,
  };
}

/** What the policy pays in the futures of a noise, uncertainty apart, [B]. */
function costsIn(
  noise: RolloutNoise,
  policy: PolicyNetwork,
  model: ForwardModel,
  config: PolicyConfig,
  windows: PolicyWindows,
  price: Price,
): Float32Array {
  const imagination = model.imagine(windows, config.horizonSteps, noise);
  const act = actsOf(policy, windows.egoChannel, model.config, windows.actionNoise);
  return numbersOf(() => {
    const { actions, steps } = rollOut(imagination, config.horizonSteps, act);
    const costs = price(pixelSpecs[model.config.pixels], windows, steps);
    const way = { actions, states: steps.map(({ state }) => state), humans: null, before: null };
    return totalByWindow(way, costs, null, config, stepSeconds(model.config)).dataSync() as Float32Array;
  });
}
