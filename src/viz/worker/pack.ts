import type { Traffic } from "../../sim/index.ts";
import { vehicleStride } from "../protocol.ts";

/** Copies traffic into buffers that can change hands. */
export function packTraffic(traffic: Traffic): { ids: Float64Array; vehicles: Float32Array } {
  const { count, x, y, heading, speed, length, width } = traffic;
  const vehicles = new Float32Array(count * vehicleStride);
  for (let i = 0; i < count; i++) {
    vehicles.set([x[i], y[i], heading[i], speed[i], length[i], width[i]], i * vehicleStride);
  }
  return { ids: traffic.id.slice(0, count), vehicles };
}
