import { describe, expect, test } from "vitest";
import { crc32, createRng } from "../../src/core/index.ts";
import {
  createSimulation,
  parameterNames,
  parametersOf,
  scenarios,
  withParameters,
  type ParameterChange,
  type Simulation,
} from "../../src/sim/index.ts";

const run = (sim: Simulation, steps: number): Simulation => {
  for (let step = 0; step < steps; step++) sim.step();
  return sim;
};
const bits = ({ traffic: { count, x, y, speed } }: Simulation): number =>
  crc32(new Uint8Array(Float64Array.from([x, y, speed].flatMap((f) => [...f.subarray(0, count)])).buffer));
const started = (name: string, change: ParameterChange = {}) =>
  createSimulation(withParameters(scenarios[name], change), createRng(4));
const meanSpeed = ({ traffic: { count, speed } }: Simulation): number =>
  speed.subarray(0, count).reduce((sum, v) => sum + v, 0) / count;
const meanGap = ({ traffic: { count, x, y, speed } }: Simulation): number => {
  const gaps: number[] = [];
  for (let i = 0; i < count; i++) {
    let gap = Infinity;
    for (let j = 0; j < count; j++) {
      if (Math.abs(y[j] - y[i]) < 1 && x[j] > x[i]) gap = Math.min(gap, x[j] - x[i] - 4.7);
    }
    if (gap < 60) gaps.push(gap / Math.max(1, speed[i]));
  }
  return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
};

describe("parameters of traffic", () => {
  test("are those of the scenario until they are changed, one by one", () => {
    const sim = started("dense");
    expect(sim.parameters).toEqual(parametersOf(scenarios.dense));
    sim.change({ timeGap: 2 });
    sim.change({ politeness: 0 });
    expect(sim.parameters).toEqual({ ...parametersOf(scenarios.dense), timeGap: 2, politeness: 0 });
    expect(Object.keys(sim.parameters)).toEqual([...parameterNames]);
  });

  test("a change to what is already so changes no bit, and one taken back in time leaves none", () => {
    const plain = run(started("dense"), 500);
    const same = run(started("dense"), 200);
    same.change(parametersOf(scenarios.dense));
    expect(bits(run(same, 300))).toBe(bits(plain));
    const undone = run(started("dense"), 200);
    undone.change({ timeGap: 3, desiredSpeed: 40, politeness: 0.9, inflowRate: 0 });
    undone.change(parametersOf(scenarios.dense));
    expect(bits(run(undone, 300))).toBe(bits(plain));
  });

  test("the same changes at the same steps give the same traffic, bit for bit; a step later another", () => {
    const changedAt = (step: number): number => {
      const sim = run(started("dense"), step);
      sim.change({ timeGap: 1.6, desiredSpeed: 22, truckFraction: 0.3 });
      return bits(run(sim, 600 - step));
    };
    expect(changedAt(200)).toBe(changedAt(200));
    expect(changedAt(200)).not.toBe(changedAt(201));
  });

  test("everyone on the road slows down when the desired speed drops, and nobody touches", () => {
    const sim = run(started("free-flow"), 600);
    const before = meanSpeed(sim);
    const ids = [...sim.traffic.id.subarray(0, sim.traffic.count)];
    sim.change({ desiredSpeed: 12 });
    run(sim, 100);
    const there = ids.filter((id) => sim.traffic.id.subarray(0, sim.traffic.count).includes(id));
    expect(there.length).toBeGreaterThan(5);
    expect(meanSpeed(sim)).toBeLessThan(15);
    expect(before).toBeGreaterThan(18);
    expect(sim.collisions).toBe(0);
  });

  test("drivers stay as different from each other as they were", () => {
    const sim = run(started("free-flow"), 900);
    sim.change({ desiredSpeed: 14, inflowRate: 0 });
    run(sim, 80);
    const { count, speed } = sim.traffic;
    const speeds = [...speed.subarray(0, count)];
    expect(Math.max(...speeds) - Math.min(...speeds)).toBeGreaterThan(2);
  });

  test("gaps open when the time gap grows", () => {
    const short = run(started("dense"), 900);
    const long = run(started("dense"), 600);
    long.change({ timeGap: 2.5 });
    run(long, 300);
    expect(meanGap(long)).toBeGreaterThan(1.25 * meanGap(short));
  });

  test("without inflow the road empties, and trucks come when they are asked for", () => {
    const sim = run(started("free-flow"), 600);
    sim.change({ inflowRate: 0 });
    run(sim, 800);
    expect(sim.traffic.count).toBe(0);
    sim.change({ inflowRate: 0.3, truckFraction: 1 });
    run(sim, 400);
    const { count, length } = sim.traffic;
    // Whoever waited at an entrance had come before the trucks.
    expect(length.subarray(0, count).filter((l) => l > 8).length).toBeGreaterThan(0.7 * count);
  });

  test("unknown names and values out of range are refused in one sentence", () => {
    const sim = started("dense");
    expect(() => sim.change({ timeGap: 9 })).toThrow(
      "traffic.timeGap: expected a number from 0.5 to 4 s, got 9.",
    );
    expect(() => sim.change({ politeness: Number.NaN })).toThrow("got NaN");
    expect(() => sim.change({ gap: 1 } as ParameterChange)).toThrow(
      /expected one of inflowRate, .*, got gap/,
    );
  });
});

// Whatever drivers want between nothing and the limit of the road, they stay apart.
test.each([1, 8, 20, 35, 40])("nobody collides when everyone wants %d m/s", (desiredSpeed) => {
  const sim = run(started("cut-in", { desiredSpeed }), 1200);
  expect(sim.collisions).toBe(0);
  expect(Math.max(...sim.traffic.speed.subarray(0, sim.traffic.count))).toBeLessThan(1.6 * desiredSpeed);
});
