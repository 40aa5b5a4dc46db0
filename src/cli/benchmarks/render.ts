import { createRng, InputError } from "../../core/index.ts";
import {
  channelCount,
  createRenderer,
  createTraffic,
  pixelSpecs,
  straightRoad,
  type Traffic,
} from "../../sim/index.ts";
import type { BenchOptions, BenchResult } from "../commands/bench.ts";
import { configurationOf } from "../configuration.ts";
import { secondsPerCall } from "./repeat.ts";

/** Others on the stretch of road that an ego in the middle of the traffic has in its window: a jam. */
const around = 50;
const seconds = 2;
const batch = 256;

/**
 * Pixel states per second at the paper's grid with its four channels (lane, traffic, offroad, and the ego's own
 * rectangle), rotated and anti-aliased, seen from each vehicle in turn that has a whole window of traffic around it.
 */
export function benchRender(options: BenchOptions): BenchResult {
  const spec = pixelSpecs.paper;
  const { vehicles, lanes } = options;
  const window = spec.height * spec.metersPerRow;
  const spacing = (window * lanes) / around;
  const length = Math.max(Math.ceil(vehicles / lanes) * spacing, 2 * window);
  const traffic = scatter(options, spacing);
  const egos = Array.from(traffic.x.keys()).filter(
    (i) => traffic.x[i] > window / 2 && traffic.x[i] < length - window / 2,
  );
  if (egos.length === 0) {
    throw new InputError(
      `--vehicles: expected enough for a whole window of traffic around one, got ${vehicles} on ${lanes} lanes.`,
    );
  }
  const renderer = createRenderer(spec, straightRoad("bench", length, lanes));
  const pixels = new Uint8Array(spec.height * spec.width * channelCount);
  const egoChannel = new Uint8Array(spec.height * spec.width);
  const view = { x: 0, y: 0, heading: 0 };
  const shape = { length: 0, width: 0 };
  let turn = 0;
  const { wall, cpu } = secondsPerCall(
    () => {
      turn = (turn + 1) % egos.length;
      const ego = egos[turn];
      view.x = traffic.x[ego];
      view.y = traffic.y[ego];
      view.heading = traffic.heading[ego];
      renderer.render(view, traffic, ego, pixels, 0);
      shape.length = traffic.length[ego];
      shape.width = traffic.width[ego];
      renderer.renderEgo(shape, egoChannel, 0);
    },
    seconds,
    batch,
  );
  const size = `${spec.height}x${spec.width}x${channelCount + 1}`;
  const inWindow = egos.reduce((sum, ego) => sum + countNear(traffic, ego, window / 2), 0) / egos.length;
  return {
    result: {
      pixelStatesPerSecond: 1 / wall,
      pixelStatesPerCpuSecond: 1 / cpu,
      size,
      vehicles: traffic.count,
      vehiclesAround: inWindow,
    },
    line:
      `${Math.round(1 / wall)} pixel states/s (${Math.round(1 / cpu)} per second of CPU time) at ${size}, ` +
      `${Math.round(inWindow)} of ${traffic.count} vehicles on the ${Math.round(window)} m of road around the ego.`,
  };
}

/** Other vehicles with their center within `reach` [m] along the road. */
function countNear({ count, x }: Traffic, ego: number, reach: number): number {
  let near = 0;
  for (let i = 0; i < count; i++) if (i !== ego && Math.abs(x[i] - x[ego]) < reach) near++;
  return near;
}

/** Vehicles spread over all lanes, of all sizes, with the small headings of lane keeping and lane changes. */
function scatter(options: BenchOptions, spacing: number): Traffic {
  const { vehicles, lanes } = options;
  const rng = createRng(configurationOf(options).seed).fork("bench render");
  const traffic = createTraffic(vehicles);
  for (let i = 0; i < vehicles; i++) {
    traffic.id[i] = i;
    traffic.x[i] = (Math.floor(i / lanes) + rng.uniform() * 0.6) * spacing;
    traffic.y[i] = -3.7 * (i % lanes) + 0.2 * rng.normal();
    traffic.heading[i] = 0.02 * rng.normal();
    traffic.speed[i] = 2;
    traffic.length[i] = 4.6 + 0.4 * rng.normal();
    traffic.width[i] = 1.9 + 0.1 * rng.normal();
  }
  traffic.count = vehicles;
  return traffic;
}
