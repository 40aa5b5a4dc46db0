import type { Rng } from "../core/index.ts";
import { bendSight, bendSpeed } from "./bent-traffic.ts";
import { drawDriver, type DriverProfile } from "./drivers.ts";
import { addVehicle, type Fleet } from "./fleet.ts";
import { followingGap } from "./idm.ts";
import { insertAt, type LaneOrder } from "./lane-order.ts";
import type { Perception } from "./perception.ts";
import { laneExistsAt } from "./road.ts";
import { stalledLength, type Scenario } from "./scenario.ts";
import type { Arrivals } from "./step.ts";
import { canStopBehind } from "./stopping.ts";

/** Vehicles that wait at an entrance that is full; more turn away. */
const longestQueue = 5;
/** Length of a car that `initialSpacing` reckons with [m]; a longer vehicle takes more of the road. */
const usualLength = 5;

/** Where vehicles come from: arrivals at the start of each lane, each with a driver of its own. */
export function createSpawner(
  scenario: Scenario,
  fleet: Fleet,
  orders: readonly LaneOrder[],
  perception: Perception,
  rng: Rng,
): Required<Arrivals> {
  const { road, dt } = scenario;
  let { demand, population } = scenario;
  const { traffic } = fleet;
  const entrances = road.lanes.map((lane, laneIndex) => ({
    laneIndex,
    lane,
    isOpen: laneExistsAt(road, lane, 0),
    queue: 0,
    next: drawDriver(population, road.lanes.length, rng),
  }));
  let lastId = 0;

  function enter(laneIndex: number, profile: DriverProfile, x: number, speed: number): void {
    const i = addVehicle(fleet, ++lastId, profile, laneIndex, { x, y: 0, speed }, dt);
    perception.begin(fleet, i);
    traffic.y[i] = road.lanes[laneIndex].center + fleet.laneOffset[i];
    insertAt(orders[laneIndex], orders[laneIndex].count, i);
  }

  /** The speed that a driver wants at `x` [m/s]: no more than the bend ahead allows. */
  function wishAt({ desiredSpeed }: DriverProfile, laneIndex: number, x: number): number {
    if (road.bend === undefined) return desiredSpeed;
    return Math.min(desiredSpeed, bendSpeed(road.bend, x, road.lanes[laneIndex].center, bendSight));
  }

  /** The speed at which a driver can come in at x = 0 behind the last vehicle of the lane, or -1. */
  function entrySpeed(profile: DriverProfile, laneIndex: number, last: number): number {
    const wish = wishAt(profile, laneIndex, 0);
    if (last < 0) return wish;
    const leaderSpeed = traffic.speed[last];
    const gap = traffic.x[last] - (traffic.length[last] + profile.length) / 2;
    const spare = gap - followingGap(profile, Math.min(leaderSpeed, wish));
    if (spare < 0) return -1;
    const closing = Math.sqrt(leaderSpeed * leaderSpeed + profile.comfortableDeceleration * spare);
    const speed = Math.min(wish, closing);
    return canStopBehind(gap, speed, leaderSpeed, dt) ? speed : -1;
  }

  return {
    fill() {
      for (const { laneIndex, x } of scenario.stalled ?? []) {
        // A car without any power: it neither drives off nor changes lanes.
        const broken = {
          ...drawDriver(population, road.lanes.length, rng),
          length: stalledLength,
          width: 1.9,
        };
        enter(laneIndex, { ...broken, maxAcceleration: 1e-9, preferredLane: -1 }, x, 0);
      }
      const spacing = scenario.initialSpacing;
      if (spacing === null) return;
      for (const { lane, laneIndex } of entrances) {
        const gap = spacing - usualLength;
        let rear = Math.min(lane.end, road.length) - gap / 2;
        let leaderSpeed = Infinity;
        for (;;) {
          const profile = drawDriver(population, road.lanes.length, rng);
          const x = rear - gap - profile.length / 2;
          rear = x - profile.length / 2;
          if (rear < Math.max(0, lane.start)) break;
          const following = Math.max(0, (gap - profile.jamGap) / profile.desiredTimeGap);
          const speed = Math.min(wishAt(profile, laneIndex, x), following);
          leaderSpeed = canStopBehind(gap, speed, leaderSpeed, dt) ? speed : leaderSpeed;
          enter(laneIndex, profile, x, leaderSpeed);
        }
      }
    },

    adopt(next, adaptation) {
      ({ demand, population } = next);
      for (const entrance of entrances) entrance.next = adaptation.of(entrance.next, population);
    },

    admit(time, step) {
      const wave = 1 + demand.swing * Math.sin((2 * Math.PI * time) / demand.period);
      const chance = demand.inflowRate * wave * step;
      for (const entrance of entrances) {
        if (!entrance.isOpen) continue;
        if (rng.uniform() < chance && entrance.queue < longestQueue) entrance.queue++;
        if (entrance.queue === 0 || traffic.count >= fleet.capacity) continue;
        const order = orders[entrance.laneIndex];
        const last = order.count === 0 ? -1 : order.order[order.count - 1];
        const speed = entrySpeed(entrance.next, entrance.laneIndex, last);
        if (speed < 0) continue;
        enter(entrance.laneIndex, entrance.next, 0, speed);
        entrance.queue--;
        entrance.next = drawDriver(population, road.lanes.length, rng);
      }
    },
  };
}
