import { createRng } from "../../src/core/index.ts";
import {
  createForwardModel,
  driveThrough,
  ForwardModelConfig,
  toFractions,
  type ForwardModel,
} from "../../src/forward-model/index.ts";
import { PolicyConfig } from "../../src/policy/index.ts";
import {
  channelCount,
  createRenderer,
  createTraffic,
  pixelSpecs,
  straightRoad,
  type Scene,
  type Traffic,
  type VehicleState,
} from "../../src/sim/index.ts";

const spec = pixelSpecs.laptop;
export const config = ForwardModelConfig.parse({ stemChannels: 4, hiddenChannels: 8, latentSize: 2 });
export const policy = PolicyConfig.parse({ channels: [4, 4, 8], hidden: 8, horizonSteps: 5 });
const car = { length: 4.6, width: 1.9 };
export type MovingScene = Scene & { readonly ego: VehicleState };

/** An ego in the middle of one of three lanes, or on the only one, and cars that stand. */
export function sceneWith(
  ego: Partial<VehicleState>,
  standing: readonly { x: number; y: number }[],
  lanes = 3,
): MovingScene {
  const traffic = createTraffic(standing.length);
  standing.forEach(({ x, y }, i) => {
    traffic.id[i] = i;
    traffic.x[i] = x;
    traffic.y[i] = y;
    traffic.length[i] = car.length;
    traffic.width[i] = car.width;
  });
  traffic.count = standing.length;
  return {
    road: straightRoad("straight", 1000, lanes),
    traffic,
    ego: { x: 200, y: lanes === 1 ? 0 : -3.7, heading: 0, speed: 12, ...ego },
    shape: car,
    recordedAction: null,
  };
}

/** A model that knows: whoever stands, stands; pictures are rendered exactly. */
export function knowing({
  road,
  traffic,
}: {
  readonly road: Scene["road"];
  readonly traffic: Traffic;
}): ForwardModel {
  const model = createForwardModel(config, createRng("unused"));
  const size = spec.height * spec.width * channelCount;
  return {
    ...model,
    imagine(start, steps) {
      const renderer = createRenderer(spec, road);
      const world = Array.from({ length: steps }, (_, t) => {
        const bytes = new Uint8Array(start.count * size);
        start.frames.forEach(({ x, y, speed }, b) => {
          renderer.render({ x: x + speed * 0.2 * (t + 1), y, heading: 0 }, traffic, -1, bytes, b * size);
        });
        return toFractions(bytes);
      });
      return driveThrough(world, start, config);
    },
  };
}
