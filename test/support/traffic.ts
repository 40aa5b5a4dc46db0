import { createTraffic, type Road, type Traffic, type VehicleShape } from "../../src/sim/index.ts";

/** Vehicles of one shape on the centers of their lanes, numbered from 1. */
export function placeVehicles(
  road: Road,
  shape: VehicleShape,
  others: readonly { readonly x: number; readonly lane: number; readonly speed: number }[],
): Traffic {
  const traffic = createTraffic(others.length);
  traffic.count = others.length;
  others.forEach(({ x, lane, speed }, i) => {
    traffic.id[i] = i + 1;
    traffic.x[i] = x;
    traffic.y[i] = road.lanes[lane].center;
    traffic.speed[i] = speed;
    traffic.length[i] = shape.length;
    traffic.width[i] = shape.width;
  });
  return traffic;
}
