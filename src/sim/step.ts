import type { Rng } from "../core/index.ts";
import { adaptFleet, createAdaptation, type Adaptation } from "./adapt.ts";
import { createBentTraffic } from "./bent-traffic.ts";
import { countCollisions } from "./collision-check.ts";
import { createFleet, exitKinds, moveVehicle, turns, type Fleet } from "./fleet.ts";
import { actLongitudinally, beginFollowing, followInLane } from "./following.ts";
import { advanceTraffic, advanceTrafficOnBend } from "./kinematics.ts";
import { createLaneChanges } from "./lane-change.ts";
import { createLaneOrder, placeOf, removeAt, type LaneOrder } from "./lane-order.ts";
import { parametersOf, withParameters, type ParameterChange, type TrafficParameters } from "./parameters.ts";
import { createPerception, type Perception } from "./perception.ts";
import type { Road } from "./road.ts";
import { bottleneckLimit, deadEndsOf, type Scenario } from "./scenario.ts";
import { createSpawner } from "./spawn.ts";
import { steer } from "./steering.ts";
import type { Traffic } from "./traffic.ts";

/** Traffic that lives: the only place where its time passes. */
export interface Simulation {
  readonly road: Road;
  /** Everyone on the road now; overwritten by `step`. An id is never used twice. */
  readonly traffic: Traffic;
  /** Length of a step [s]. */
  readonly dt: number;
  /** [s] since the start. */
  readonly time: number;
  /** Overlapping pairs of vehicles seen since the start, step by step: 0 as long as the traffic is sound. */
  readonly collisions: number;
  /** As they are now. */
  readonly parameters: TrafficParameters;
  step(): void;
  /**
   * Changes parameters between two steps. Everyone on the road reacts at once, each as far from the new mean as from
   * the old one; the same changes at the same steps give the same traffic, bit for bit.
   * @throws InputError for an unknown name or a value out of its range.
   */
  change(parameters: ParameterChange): void;
}

/** A simulation from which vehicles can be taken. */
export interface PeopledSimulation extends Simulation {
  /** Takes vehicle i off the road; the last one gets its index. */
  remove(i: number): void;
}

/** Where the vehicles of a simulation come from. */
export interface Arrivals {
  /** Puts those on the road who are there from the start. */
  fill(): void;
  /** Lets in who arrives and finds room. */
  admit(time: number, dt: number): void;
  /** From now on demand and population are those of `conditions`; who waits at an entrance adapts. */
  adopt?(conditions: Scenario, adaptation: Adaptation): void;
}

/** Drives those vehicles of a simulation that simulated drivers do not. */
export interface Guests {
  /** Sets acceleration and steering of the guests among the vehicles `from` to `end` (exclusive). */
  act(from: number, end: number): void;
  /** Finds them their places in the lanes after everyone has moved. */
  settle(): void;
}

/** What those may work with who let vehicles in or drive some. */
export interface Parts {
  readonly fleet: Fleet;
  readonly orders: readonly LaneOrder[];
  readonly perception: Perception;
  readonly rng: Rng;
}

/** The closest that vehicles get on average, front to front [m]: room for this many is set aside. */
const closestHeadway = 4.5;

/** Vehicles that act, steer and move before the next ones do: what the fastest cache holds. */
const handful = 128;

/** Starts a scenario. The same scenario and the same seed give the same traffic, bit for bit. */
export function createSimulation(scenario: Scenario, rng: Rng): Simulation {
  return createPeopledSimulation(scenario, rng, ({ fleet, orders, perception, rng }) =>
    createSpawner(scenario, fleet, orders, perception, rng),
  );
}

/** A simulation whose vehicles come from `arrivals`, some of them possibly driven from outside. */
export function createPeopledSimulation(
  scenario: Scenario,
  rng: Rng,
  arrivalsOf: (parts: Parts) => Arrivals & Partial<Guests>,
): PeopledSimulation {
  const { road, dt, bottleneck, population } = scenario;
  const capacity = Math.ceil((road.length / closestHeadway + 4) * road.lanes.length);
  const fleet = createFleet(capacity);
  const { traffic } = fleet;
  const orders = road.lanes.map(() => createLaneOrder(capacity));
  const deadEnds = deadEndsOf(scenario);
  const perception = createPerception(population, dt, rng.fork("perception"));
  const changes = createLaneChanges(fleet, road, orders, deadEnds, population, dt, rng.fork("lane changes"));
  const arrivals = arrivalsOf({ fleet, orders, perception, rng: rng.fork("spawn") });
  const bent = road.bend === undefined ? null : createBentTraffic(fleet, road, road.bend, orders);
  const adaptation = createAdaptation(population);
  let conditions = scenario;
  let steps = 0;
  let collisions = 0;
  arrivals.fill();

  const hasLeft = (i: number): boolean =>
    traffic.x[i] - traffic.length[i] / 2 >
    (fleet.exits[i] !== exitKinds.none ? road.lanes[fleet.lane[i]].end : road.length);

  function removeVehicle(i: number): void {
    const last = traffic.count - 1;
    for (const laneIndex of [fleet.lane[i], fleet.leaving[i]]) {
      if (laneIndex >= 0) removeAt(orders[laneIndex], placeOf(orders[laneIndex], traffic.x, i));
    }
    if (i !== last) {
      for (const laneIndex of [fleet.lane[last], fleet.leaving[last]]) {
        if (laneIndex < 0) continue;
        const lane = orders[laneIndex];
        lane.order[placeOf(lane, traffic.x, last)] = i;
      }
      moveVehicle(fleet, last, i);
    }
    traffic.count--;
  }

  return {
    road,
    traffic,
    dt,
    get parameters() {
      return parametersOf(conditions);
    },
    get time() {
      return steps * dt;
    },
    get collisions() {
      return collisions;
    },
    change(parameters) {
      conditions = withParameters(conditions, parameters);
      adaptFleet(fleet, adaptation, conditions.population);
      arrivals.adopt?.(conditions, adaptation);
      adaptation.turnTo(conditions.population);
    },
    remove: removeVehicle,
    step() {
      const time = steps * dt;
      arrivals.admit(time, dt);

      const thinking = (2 * turns + 3 - (steps % turns)) % turns;
      const looking = (turns - (steps % turns)) % turns;
      const lookingToo = (looking + turns / 2) % turns;
      for (let i = 0; i < traffic.count; i++) {
        const turn = fleet.turn[i];
        if (turn === looking || turn === lookingToo) perception.refresh(fleet, i, time);
        if (turn === thinking) changes.decide(i, time);
      }

      bent?.look(conditions.population.desiredSpeed);
      beginFollowing(fleet);
      for (let laneIndex = 0; laneIndex < orders.length; laneIndex++) {
        const limit = bottleneck && {
          start: bottleneck.start,
          end: bottleneck.end,
          speed: bottleneckLimit(bottleneck, laneIndex, time),
        };
        followInLane(
          fleet,
          orders[laneIndex],
          laneIndex,
          deadEnds[laneIndex],
          limit,
          dt,
          bent?.along(laneIndex),
        );
      }
      for (let from = 0; from < traffic.count; from += handful) {
        const end = Math.min(from + handful, traffic.count);
        actLongitudinally(fleet, from, end, steps, time, dt);
        const { acceleration, steering } = fleet;
        steer(fleet, road, from, end, dt, bent?.curvature);
        arrivals.act?.(from, end);
        if (bent === null) advanceTraffic(traffic, from, end, acceleration, steering, dt);
        else advanceTrafficOnBend(traffic, from, end, acceleration, steering, bent.curvature, dt);
      }
      arrivals.settle?.();
      steps++;
      collisions += bent === null ? countCollisions(fleet, road, orders) : bent.countCollisions();

      changes.proceed(steps * dt);
      const someoneLeft = orders.some(({ order, count }) => count > 0 && hasLeft(order[0]));
      for (let i = someoneLeft ? traffic.count - 1 : -1; i >= 0; i--) {
        if (hasLeft(i)) removeVehicle(i);
      }
    },
  };
}
