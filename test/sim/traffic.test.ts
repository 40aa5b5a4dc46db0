import { describe, expect, test } from "vitest";
import { boxesOverlap, crc32, createRng } from "../../src/core/index.ts";
import {
  advance,
  createSimulation,
  crowdedScenario,
  isOnRoad,
  recoverAction,
  scenarios,
  type Scenario,
  type Simulation,
  type Traffic,
} from "../../src/sim/index.ts";

const run = (
  scenario: Scenario,
  seed: number,
  seconds: number,
  look?: (sim: Simulation) => void,
): Simulation => {
  const sim = createSimulation(scenario, createRng(seed));
  for (let step = 0; step < seconds / scenario.dt; step++) {
    sim.step();
    look?.(sim);
  }
  return sim;
};

const boxOf = ({ x, y, heading, length, width }: Traffic, i: number) => ({
  x: x[i],
  y: y[i],
  heading: heading[i],
  length: length[i],
  width: width[i],
});

function overlaps(traffic: Traffic): string[] {
  const byPlace = Array.from({ length: traffic.count }, (_, i) => i).sort(
    (a, b) => traffic.x[a] - traffic.x[b],
  );
  const found: string[] = [];
  byPlace.forEach((i, place) => {
    for (let k = place + 1; k < byPlace.length && traffic.x[byPlace[k]] - traffic.x[i] < 17; k++) {
      if (boxesOverlap(boxOf(traffic, i), boxOf(traffic, byPlace[k]))) {
        found.push(`${traffic.id[i]} and ${traffic.id[byPlace[k]]}`);
      }
    }
  });
  return found;
}

/** The kinds of traffic that models are trained on. */
const trained = ["dense", "free-flow", "mixed"];

describe("living traffic", () => {
  test.each(Object.keys(scenarios))("nobody collides or leaves the road in minutes of %s", (name) => {
    let steps = 0;
    const trouble: string[] = [];
    const { collisions } = run(
      scenarios[name],
      5,
      trained.includes(name) ? 600 : 200,
      ({ road, traffic }) => {
        if (steps++ % 5 !== 0) return;
        trouble.push(...overlaps(traffic));
        for (let i = 0; i < traffic.count; i++) {
          if (!isOnRoad(road, boxOf(traffic, i))) trouble.push(`${traffic.id[i]} is off the road`);
        }
      },
    );
    expect(trouble.slice(0, 3)).toEqual([]);
    expect(collisions).toBe(0);
  });

  // Who must merge and who stands astride two lanes behind it once waited for each other for ever.
  test.each(["lane-drop", "on-ramp", "stalled-car"])("%s still flows after ten minutes", (name) => {
    const simulation = run(scenarios[name], 1, 600);
    const waiting = new Set(simulation.traffic.id.subarray(0, simulation.traffic.count));
    for (let step = 0; step < 1200; step++) simulation.step();
    const { id, count } = simulation.traffic;
    const still = id.subarray(0, count).filter((each) => waiting.has(each));
    expect(still.length).toBeLessThan(0.5 * waiting.size);
  });

  test("every vehicle moves by the kinematics, brakes no harder than 8 m/s² and turns within 3 m/s²", () => {
    const { dt } = scenarios.dense;
    const worst = { miss: 0, braking: 0, turning: 0 };
    let before = new Map<number, ReturnType<typeof stateOf>>();
    run(scenarios.dense, 6, 120, ({ traffic }) => {
      const now = new Map<number, ReturnType<typeof stateOf>>();
      for (let i = 0; i < traffic.count; i++) {
        const state = stateOf(traffic, i);
        now.set(traffic.id[i], state);
        const last = before.get(traffic.id[i]);
        if (last === undefined) continue;
        const action = recoverAction(last, state, dt);
        const moved = { ...last };
        advance(moved, action, dt);
        worst.miss = Math.max(worst.miss, Math.hypot(moved.x - state.x, moved.y - state.y));
        worst.braking = Math.max(worst.braking, -action.acceleration);
        worst.turning = Math.max(worst.turning, Math.abs(action.steering) * last.speed ** 2);
      }
      before = now;
    });
    expect(worst.miss).toBeLessThan(1e-9);
    expect(worst.braking).toBeLessThan(8 + 1e-6);
    expect(worst.turning).toBeLessThan(3 + 1e-6);
  });

  test("an id is one vehicle: it comes once, keeps its size and never comes back", () => {
    const trouble: string[] = [];
    const sizes = new Map<number, number>();
    let present = new Set<number>();
    const gone = new Set<number>();
    run(scenarios.dense, 7, 200, ({ traffic }) => {
      const now = new Set(traffic.id.subarray(0, traffic.count));
      if (now.size !== traffic.count) trouble.push("two vehicles with one id");
      for (const id of present) if (!now.has(id)) gone.add(id);
      for (let i = 0; i < traffic.count; i++) {
        const id = traffic.id[i];
        if (gone.has(id)) trouble.push(`${id} came back`);
        if ((sizes.get(id) ?? traffic.length[i]) !== traffic.length[i])
          trouble.push(`${id} changed its length`);
        sizes.set(id, traffic.length[i]);
      }
      present = now;
    });
    expect(trouble).toEqual([]);
    expect(gone.size).toBeGreaterThan(100);
  });

  test("a crowded road starts full and stays about as full", () => {
    const sim = createSimulation(crowdedScenario(430, 6), createRng(1));
    expect(sim.traffic.count).toBeGreaterThan(350);
    for (let step = 0; step < 600; step++) sim.step();
    expect(overlaps(sim.traffic)).toEqual([]);
    expect(sim.traffic.count).toBeGreaterThan(300);
  });

  test("the same seed drives the same traffic, another seed another", () => {
    const fingerprint = (seed: number): number => fingerprintOf(run(scenarios.dense, seed, 60).traffic);
    expect(fingerprint(1)).toBe(fingerprint(1));
    expect(fingerprint(1)).not.toBe(fingerprint(2));
  });

  test.each([
    ["dense", 1, 13],
    ["mixed", 2, 26],
    ["free-flow", 15, 32],
  ])("vehicles in %s drive between %d and %d m/s for the most part", (name, slow, fast) => {
    const speeds: number[] = [];
    run(scenarios[name], 8, 400, ({ time, traffic }) => {
      if (time < 60 || Math.round(time * 10) % 20 !== 0) return;
      for (let i = 0; i < traffic.count; i++) {
        if (traffic.x[i] > 120 && traffic.x[i] < 340) speeds.push(traffic.speed[i]);
      }
    });
    speeds.sort((a, b) => a - b);
    expect(speeds.filter((speed) => speed >= slow && speed <= fast).length / speeds.length).toBeGreaterThan(
      0.8,
    );
  });
});

const stateOf = (traffic: Traffic, i: number) => ({
  x: traffic.x[i],
  y: traffic.y[i],
  heading: traffic.heading[i],
  speed: traffic.speed[i],
});

function fingerprintOf(traffic: Traffic): number {
  const { count, x, y, heading, speed } = traffic;
  const all = Float64Array.from([x, y, heading, speed].flatMap((field) => [...field.subarray(0, count)]));
  return crc32(new Uint8Array(all.buffer));
}

// Models were trained on this traffic: a change here makes their cards and the ledger wrong.
test("the first minute of each shipped scenario is what it always was", () => {
  const fingerprints = trained.map((name) => {
    const sim = run(scenarios[name], 1, 60);
    return [name, sim.traffic.count, fingerprintOf(sim.traffic).toString(16)];
  });
  expect(fingerprints).toMatchInlineSnapshot(`
    [
      [
        "dense",
        143,
        "4276734",
      ],
      [
        "free-flow",
        47,
        "82ac6887",
      ],
      [
        "mixed",
        74,
        "bf54e3dc",
      ],
    ]
  `);
});
