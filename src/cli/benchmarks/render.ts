import { createRng } from "../../core/index.ts";
import {
  channelCount,
  createRenderer,
  createTraffic,
  pixelSpecs,
  type Road,
  type Traffic,
} from "../../sim/index.ts";
import type { BenchOptions, BenchResult } from "../commands/bench.ts";
import { secondsPerCall } from "./repeat.ts";

const laneWidth = 3.7;
/** Meters of lane per vehicle: dense traffic at about 8 m/s. */
const spacing = 20;
const seconds = 2;

/** Pixel states per second at the paper's grid, rotated and anti-aliased, seen from each vehicle in turn. */
export function benchRender(options: BenchOptions): BenchResult {
  const spec = pixelSpecs.paper;
  const road: Road = {
    name: "bench",
    length: (options.vehicles / options.lanes) * spacing,
    lanes: Array.from({ length: options.lanes }, (_, lane) => ({
      center: -laneWidth * lane,
      width: laneWidth,
      start: 0,
      end: (options.vehicles / options.lanes) * spacing,
    })),
  };
  const traffic = scatter(road, options);
  const renderer = createRenderer(spec, road);
  const pixels = new Uint8Array(spec.height * spec.width * channelCount);
  let ego = 0;
  const each = secondsPerCall(
    () => {
      ego = (ego + 1) % traffic.count;
      const view = { x: traffic.x[ego], y: traffic.y[ego], heading: traffic.heading[ego] };
      renderer.render(view, traffic, ego, pixels, 0);
    },
    seconds,
    256,
  );
  const size = `${spec.height}x${spec.width}x${channelCount}`;
  return {
    result: { pixelStatesPerSecond: 1 / each, size, vehicles: traffic.count },
    line: `${Math.round(1 / each)} pixel states/s at ${size} among ${traffic.count} vehicles.`,
  };
}

/** Vehicles spread over all lanes, with the small headings of lane keeping and lane changes. */
function scatter(road: Road, { vehicles, lanes, seed }: BenchOptions): Traffic {
  const rng = createRng(seed ?? 1).fork("bench render");
  const traffic = createTraffic(vehicles);
  for (let i = 0; i < vehicles; i++) {
    traffic.id[i] = i;
    traffic.x[i] = (Math.floor(i / lanes) + rng.uniform() * 0.6) * spacing;
    traffic.y[i] = road.lanes[i % lanes].center + 0.2 * rng.normal();
    traffic.heading[i] = 0.02 * rng.normal();
    traffic.speed[i] = 8;
    traffic.length[i] = 4.6;
    traffic.width[i] = 1.9;
  }
  traffic.count = vehicles;
  return traffic;
}
