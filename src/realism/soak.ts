import { boxesOverlap, type OrientedBox, type Rng } from "../core/index.ts";
import { boxOf, createSimulation, isOnRoad, planeOf, type Scenario, type Simulation } from "../sim/index.ts";

/** What a long drive of one scenario came to. `collisions`, `offRoad` and `broken` must be 0. */
export interface SoakRow {
  readonly scenario: string;
  /** Vehicles times seconds. */
  readonly vehicleSeconds: number;
  readonly seconds: number;
  /** Pairs of vehicles that began to overlap. */
  readonly collisions: number;
  /** Vehicles that began to be off the road. */
  readonly offRoad: number;
  /** Vehicles that vanished before the end of the road, or moved farther than their speed allows. */
  readonly broken: number;
  /** Times that a vehicle began to brake harder than 4 m/s². */
  readonly hardBraking: number;
  /** Vehicles that left by the end of the road. */
  readonly passed: number;
  /** The first of what was found, in words. */
  readonly findings: readonly string[];
}

/** [m/s²] */
const hardBraking = 4;
/** Vehicles farther apart than this along the road cannot touch, not even within a bend [m]. */
const reach = 36;
/** By so much more than it drives in a step may a vehicle come to the end of the road [m]. */
const leeway = 0.2;
/** Steps in a bend are integrated along the road, and longer or shorter in the plane by less than this part. */
const stretch = 0.01;
const mostFindings = 5;

/**
 * Drives a scenario until so many vehicle-seconds are full and looks at every vehicle after every step. It reads places,
 * headings, speeds and sizes only: whose lane is whose, and how often the simulator thinks that vehicles touched, is
 * not asked.
 */
export function soak(scenario: Scenario, vehicleSeconds: number, rng: Rng): SoakRow {
  const simulation = createSimulation(scenario, rng);
  const watch = watchTraffic(simulation);
  let driven = 0;
  while (driven < vehicleSeconds) {
    simulation.step();
    watch.look();
    driven += simulation.traffic.count * simulation.dt;
  }
  return { scenario: scenario.name, vehicleSeconds: driven, seconds: simulation.time, ...watch.found() };
}

/** Rows of one scenario, driven apart, as one. */
export function addRows(rows: readonly SoakRow[]): SoakRow {
  const sum = (of: (row: SoakRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    scenario: rows[0]!.scenario,
    vehicleSeconds: sum((row) => row.vehicleSeconds),
    seconds: sum((row) => row.seconds),
    collisions: sum((row) => row.collisions),
    offRoad: sum((row) => row.offRoad),
    broken: sum((row) => row.broken),
    hardBraking: sum((row) => row.hardBraking),
    passed: sum((row) => row.passed),
    findings: rows.flatMap(({ findings }) => findings).slice(0, mostFindings),
  };
}

/** Whether traffic did what it must never do. */
export const isSound = ({ collisions, offRoad, broken }: SoakRow): boolean =>
  collisions + offRoad + broken === 0;

interface Seen {
  step: number;
  /** Along the road [m]. */
  place: number;
  /** In the plane [m]. */
  x: number;
  y: number;
  speed: number;
  length: number;
  braking: boolean;
  offRoad: boolean;
}

/** What is watched: a simulation, or anything that shows traffic on a road step by step. */
export type Watched = Pick<Simulation, "traffic" | "road" | "dt">;

/** Looks at traffic after every step and keeps count of what must not be. */
export function watchTraffic({ traffic, road, dt }: Watched) {
  const seen = new Map<number, Seen>();
  let touching = new Set<string>();
  const order: number[] = [];
  const boxes: OrientedBox[] = [];
  const findings: string[] = [];
  const row = { collisions: 0, offRoad: 0, broken: 0, hardBraking: 0, passed: 0 };
  const plane = road.bend === undefined ? undefined : planeOf(road.bend);
  let step = 0;

  const report = (text: string): void => {
    if (findings.length < mostFindings) findings.push(`${(step * dt).toFixed(1)} s: ${text}`);
  };

  /** Boxes in road coordinates become boxes in the plane, where vehicles move and touch. */
  function placeBoxes(): void {
    boxes.length = traffic.count;
    for (let i = 0; i < traffic.count; i++) {
      const onRoad = boxOf(traffic, i);
      boxes[i] = plane === undefined ? onRoad : { ...onRoad, ...plane.place(onRoad) };
    }
  }

  function lookAtEach(): void {
    for (let i = 0; i < traffic.count; i++) {
      const id = traffic.id[i];
      const speed = traffic.speed[i];
      const { x, y, length, width } = boxes[i];
      const place = traffic.x[i];
      let before = seen.get(id);
      if (before === undefined) {
        before = { step, place, x, y, speed, length, braking: false, offRoad: false };
        seen.set(id, before);
      }
      const farthest = Math.max(before.speed, speed) * dt * (1 + stretch) + 1e-6;
      if (Math.hypot(x - before.x, y - before.y) > farthest) {
        row.broken++;
        report(`vehicle ${id} jumped from ${before.place.toFixed(1)} m to ${place.toFixed(1)} m`);
      }
      const braking = (before.speed - speed) / dt > hardBraking;
      if (braking && !before.braking) row.hardBraking++;
      const box = { x: place, y: traffic.y[i], heading: traffic.heading[i], length, width };
      const offRoad = !isOnRoad(road, box);
      if (offRoad && !before.offRoad) {
        row.offRoad++;
        report(`vehicle ${id} is off the road at ${place.toFixed(1)} m, ${box.y.toFixed(1)} m aside`);
      }
      Object.assign(before, { step, place, x, y, speed, braking, offRoad });
    }
    for (const [id, last] of seen) {
      if (last.step === step) continue;
      seen.delete(id);
      // Gone since the last look: within one step it must have passed the end.
      if (last.place - last.length / 2 + last.speed * dt + leeway > road.length) row.passed++;
      else {
        row.broken++;
        report(`vehicle ${id} vanished at ${last.place.toFixed(1)} m`);
      }
    }
  }

  function lookAtPairs(): void {
    const { x, id } = traffic;
    order.length = traffic.count;
    for (let i = 0; i < traffic.count; i++) order[i] = i;
    order.sort((a, b) => x[a] - x[b]);
    const now = new Set<string>();
    for (let at = 0; at < order.length; at++) {
      const i = order[at];
      for (let next = at + 1; next < order.length; next++) {
        const j = order[next];
        if (x[j] - x[i] > reach) break;
        if (!boxesOverlap(boxes[i], boxes[j])) continue;
        const pair = `${Math.min(id[i], id[j])} and ${Math.max(id[i], id[j])}`;
        now.add(pair);
        if (touching.has(pair)) continue;
        row.collisions++;
        report(`vehicles ${pair} touch at ${x[i].toFixed(1)} m`);
      }
    }
    touching = now;
  }

  return {
    /** After every step. */
    look(): void {
      step++;
      placeBoxes();
      lookAtEach();
      lookAtPairs();
    },
    found: () => ({ ...row, findings }),
  };
}
