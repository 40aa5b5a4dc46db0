import type { Rng } from "../core/index.ts";
import type { DriverProfile } from "./drivers.ts";
import type { DriverPopulation } from "./population.ts";
import {
  addVehicle,
  commandMemory,
  exitKinds,
  followingFields,
  followingStride,
  gapBetweenIn,
} from "./fleet.ts";
import { entrySpeed } from "./entry-speed.ts";
import { mergingRoom } from "./following.ts";
import { createGuests, noTurn, type GuestList } from "./guests.ts";
import { brakingScale, idmAcceleration } from "./idm.ts";
import { insertAt, placeAt, placeOf } from "./lane-order.ts";
import type { Road } from "./road.ts";
import { deadEndsOf, type Scenario, type StalledVehicle } from "./scenario.ts";
import { goOnSideways, touchedLane } from "./sideways.ts";
import { createPeopledSimulation, type Arrivals, type Guests, type Parts, type Simulation } from "./step.ts";
import type { Action, VehicleState } from "./vehicle.ts";

/** A vehicle at the instant at which somebody else begins to drive it. */
export interface HandedVehicle {
  readonly id: number;
  readonly state: Readonly<VehicleState>;
  /** The lane its center is in. */
  readonly laneIndex: number;
  /** Whoever drives it from now on, size included. */
  readonly profile: DriverProfile;
  /** What it does just now [m/s²]; goes on until its driver's reaction comes through. */
  readonly acceleration: number;
  /** The lane change under way and how far along the road it still takes [m]. */
  readonly change: { readonly from: number; readonly to: number; readonly distance: number } | null;
  /** Leaves the road by the end of its lane, where others must merge. */
  readonly exits: boolean;
  /** How fast it goes at x [m] as long as nobody is known to be ahead of it [m/s]. */
  readonly pace: (x: number) => number;
  /** Number of its driver among those outside the simulation, -1: a simulated one. */
  readonly guest: number;
}

/** A vehicle that comes later. */
export interface Newcomer extends HandedVehicle {
  /** Wants to come in at this step, and no longer after the last one. */
  readonly step: number;
  readonly lastStep: number;
}

export interface HandOver {
  readonly road: Road;
  /** Length of a step [s]. */
  readonly dt: number;
  readonly population: DriverPopulation;
  /** Everyone on the road, in the order in which `traffic` has them at first. */
  readonly present: readonly HandedVehicle[];
  /** In order of time. */
  readonly newcomers: readonly Newcomer[];
  readonly stalled: readonly StalledVehicle[];
  /** How many guests there are, numbered from 0. */
  readonly guests: number;
  readonly rng: Rng;
}

/** One that has been handed over, and which part of its usual gap it likes just now. */
interface Present {
  readonly handed: HandedVehicle;
  liking: number;
}

/** Traffic that was recorded up to its first instant and lives from there on. */
export interface HandedTraffic extends Omit<Simulation, "change" | "parameters"> {
  /** What each guest does in the next step; to be overwritten. */
  readonly actions: readonly Action[];
  /** Where guest `number` is in `traffic`, -1: not on the road. */
  indexOfGuest(number: number): number;
  /** Takes a guest off the road. */
  removeGuest(number: number): void;
}

/**
 * A driver who is handed a shorter gap than it likes takes it, and comes back to its liking over so long [s]: drivers
 * relax slowly (Laval & Leclercq, Transportation Research B 42, 511 (2008): half a minute and less).
 */
const relaxationTime = 15;
/** No gap is liked so short [part of the usual one]. */
const shortestLiking = 0.1;

/** Nobody waits for ever for what is not there [m/s]. */
const slowestPace = 0.1;

/**
 * Lets drivers take over traffic as it stands: at the first instant every vehicle is exactly where it is handed over.
 * Who has nobody ahead keeps its own pace instead of racing off, since what was ahead of it is not known. Newcomers
 * come in as they are given once there is room.
 */
export function createHandedTraffic(handOver: HandOver): HandedTraffic {
  const { road, dt, population } = handOver;
  const actions: Action[] = Array.from({ length: handOver.guests }, () => ({ acceleration: 0, steering: 0 }));
  const scenario: Scenario = {
    name: "hand-over",
    goal: "Go on from where a record stops.",
    road,
    dt,
    demand: { inflowRate: 0, swing: 0, period: 1 },
    bottleneck: null,
    population,
    initialSpacing: null,
    stalled: handOver.stalled,
  };
  let guests: GuestList | null = null;
  const simulation = createPeopledSimulation(scenario, handOver.rng, (parts) => {
    guests = createGuests(parts.fleet, road, parts.orders, actions);
    return createTakeover(handOver, scenario, parts, guests);
  });
  const indexOfGuest = (number: number): number => guests!.indexOf(number);
  return Object.assign(simulation, {
    actions,
    indexOfGuest,
    removeGuest(number: number) {
      const i = indexOfGuest(number);
      if (i >= 0) simulation.remove(i);
    },
  });
}

function createTakeover(
  { road, dt, population, present, newcomers }: HandOver,
  scenario: Scenario,
  { fleet, orders, perception }: Parts,
  guests: GuestList,
): Arrivals & Guests {
  const { traffic } = fleet;
  const deadEnds = deadEndsOf(scenario);
  const vehicles = new Map<number, Present>();
  let waiting: Newcomer[] = [];
  let next = 0;
  let steps = 0;

  function take(handed: HandedVehicle): number {
    const { id, state, profile, laneIndex } = handed;
    const i = addVehicle(fleet, id, profile, laneIndex, state, dt);
    vehicles.set(id, { handed, liking: 1 });
    perception.begin(fleet, i);
    traffic.heading[i] = state.heading;
    fleet.guest[i] = handed.guest;
    if (handed.guest >= 0) fleet.turn[i] = noTurn;
    const room = Math.min(population.laneDrift, Math.max(0, 1.45 - profile.width / 2));
    const aside = state.y - road.lanes[laneIndex].center;
    fleet.laneOffset[i] = Math.max(-room, Math.min(room, aside));
    fleet.commands.fill(handed.acceleration, i * commandMemory, (i + 1) * commandMemory);
    const left = deadEnds[laneIndex] - mergingRoom - state.x - profile.length / 2;
    const braking = (state.speed * state.speed) / (2 * profile.comfortableDeceleration);
    if (handed.exits) fleet.exits[i] = exitKinds.wanted;
    else if (state.x < deadEnds[laneIndex] && left < braking) fleet.exits[i] = exitKinds.late;
    insertAt(orders[laneIndex], placeAt(orders[laneIndex], traffic.x, state.x), i);
    return i;
  }

  /** Makes a driver like so short a gap that it need not brake harder than is comfortable. */
  function acceptGap(i: number): void {
    const { profile } = vehicles.get(traffic.id[i])!.handed;
    const { maxAcceleration, comfortableDeceleration, jamGap, desiredTimeGap, desiredSpeed } = profile;
    const v = traffic.speed[i];
    const free = idmAcceleration(profile, desiredSpeed, v, Infinity, 0);
    let liking = 1;
    for (const laneIndex of [fleet.lane[i], fleet.leaving[i]]) {
      if (laneIndex < 0) continue;
      const { order } = orders[laneIndex];
      const place = placeOf(orders[laneIndex], traffic.x, i);
      if (place === 0) continue;
      const leader = order[place - 1];
      // The IDM turned round: which wanted gap makes it brake comfortably.
      const wanted =
        gapBetweenIn(fleet, i, leader) * Math.sqrt((free + comfortableDeceleration) / maxAcceleration);
      const dynamic = (v * (v - traffic.speed[leader])) / brakingScale(profile);
      liking = Math.min(liking, (wanted - Math.max(0, dynamic)) / (jamGap + v * desiredTimeGap));
    }
    vehicles.get(traffic.id[i])!.liking = Math.max(shortestLiking, liking);
  }

  function tryToEnter(newcomer: Newcomer): boolean {
    const { laneIndex, state } = newcomer;
    if (traffic.count >= fleet.capacity) return false;
    let speed = entrySpeed(fleet, orders[laneIndex], newcomer, dt);
    const touched = touchedLane(road, newcomer);
    if (touched >= 0) speed = Math.min(speed, entrySpeed(fleet, orders[touched], newcomer, dt));
    if (speed < 0) return false;
    const entering = { ...newcomer, state: { ...state, speed } };
    const i = take(entering);
    goOnSideways(fleet, road, orders, i, entering, dt);
    acceptGap(i);
    return true;
  }

  return {
    fill() {
      present.forEach(take);
      present.forEach((handed, i) => goOnSideways(fleet, road, orders, i, handed, dt));
      for (let i = 0; i < traffic.count; i++) acceptGap(i);
      guests.settle();
    },
    act: guests.act,
    settle() {
      steps++;
      guests.settle();
      while (next < newcomers.length && newcomers[next].step <= steps) waiting.push(newcomers[next++]);
      if (waiting.length === 0) return;
      waiting = waiting.filter((newcomer) => newcomer.lastStep >= steps && !tryToEnter(newcomer));
    },
    admit() {
      for (let i = 0; i < traffic.count; i++) {
        const { desiredSpeed, desiredTimeGap, jamGap } = fleet.profile[i];
        const vehicle = vehicles.get(traffic.id[i])!;
        vehicle.liking += ((1 - vehicle.liking) * dt) / relaxationTime;
        const row = i * followingStride;
        fleet.following[row + followingFields.desiredSpeed] = desiredSpeed;
        fleet.following[row + followingFields.desiredTimeGap] = desiredTimeGap * vehicle.liking;
        fleet.following[row + followingFields.jamGap] = jamGap * vehicle.liking;
      }
      for (const { order, count } of orders) {
        if (count === 0) continue;
        const i = order[0];
        const pace = Math.max(slowestPace, vehicles.get(traffic.id[i])!.handed.pace(traffic.x[i]));
        const row = i * followingStride + followingFields.desiredSpeed;
        fleet.following[row] = Math.min(fleet.following[row], pace);
      }
    },
  };
}
