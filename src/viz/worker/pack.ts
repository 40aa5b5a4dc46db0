import { gapBetween, laneAt, type Scene, type Traffic } from "../../sim/index.ts";
import { vehicleStride } from "../protocol.ts";

/** Copies traffic into buffers that can change hands. */
export function packTraffic(traffic: Traffic): { ids: Int32Array; vehicles: Float32Array } {
  const { count, x, y, heading, speed, length, width } = traffic;
  const vehicles = new Float32Array(count * vehicleStride);
  for (let i = 0; i < count; i++) {
    vehicles.set([x[i], y[i], heading[i], speed[i], length[i], width[i]], i * vehicleStride);
  }
  return { ids: traffic.id.slice(0, count), vehicles };
}

/** Gap to the next car ahead in the ego's lane [m]; null when nobody is in sight there. */
export function gapAhead({ road, ego, shape, traffic }: Scene): number | null {
  const lane = laneAt(road, ego.x, ego.y);
  let gap = Number.POSITIVE_INFINITY;
  for (let i = 0; i < traffic.count; i++) {
    if (traffic.x[i] <= ego.x || laneAt(road, traffic.x[i], traffic.y[i]) !== lane) continue;
    gap = Math.min(gap, gapBetween(ego.x, shape.length, traffic.x[i], traffic.length[i]));
  }
  return Number.isFinite(gap) ? Math.max(0, gap) : null;
}
