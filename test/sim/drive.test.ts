import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  advance,
  createConstantDriver,
  createIdmDriver,
  createRandomDriver,
  createRecordedDriver,
  createTraffic,
  findCollision,
  isOnRoad,
  laneAt,
  straightRoad,
  type Driver,
  type Scene,
  type Traffic,
  type VehicleState,
} from "../../src/sim/index.ts";
import { placeVehicles } from "../support/traffic.ts";

const dt = 0.1;
const car = { length: 4.8, width: 1.9 };
const road = straightRoad("test", 2000, 3);

interface Other {
  x: number;
  lane: number;
  speed: number;
}

/** Drives the ego among cars of constant speed; reports what happened on the way. */
function drive(driver: Driver, ego: VehicleState, others: Other[], seconds: number) {
  const traffic = placeVehicles(road, car, others);
  const session = driver.begin(1, createRng(1));
  const action = { acceleration: 0, steering: 0 };
  const path: VehicleState[] = [{ ...ego }];
  let hardestBraking = 0;
  for (let step = 0; step * dt < seconds; step++) {
    const scene: Scene = { road, traffic, ego, shape: car, recordedAction: null };
    session.act([scene], [action]);
    hardestBraking = Math.max(hardestBraking, -action.acceleration);
    advance(ego, action, dt);
    moveAlong(traffic);
    path.push({ ...ego });
    expect(findCollision(ego, car, traffic)).toBeNull();
    expect(isOnRoad(road, { ...ego, ...car })).toBe(true);
  }
  return { path, traffic, hardestBraking };
}

function moveAlong(traffic: Traffic): void {
  for (let i = 0; i < traffic.count; i++) traffic.x[i] += traffic.speed[i] * dt;
}

const wall = (x: number): Other[] => [0, 1, 2].map((lane) => ({ x, lane, speed: 0 }));

describe("the rule-based driver", () => {
  test("reaches its desired speed on an empty road and stays in its lane", () => {
    const { path } = drive(createIdmDriver(), { x: 0, y: -3.7, heading: 0, speed: 10 }, [], 40);
    expect(path.at(-1)!.speed).toBeGreaterThan(27);
    expect(path.every(({ y }) => Math.abs(y + 3.7) < 0.01)).toBe(true);
  });

  test("stops comfortably before parked cars and stays at the jam gap", () => {
    const ego = { x: 0, y: 0, heading: 0, speed: 25 };
    const { path, hardestBraking } = drive(createIdmDriver(), ego, wall(400), 60);
    const gap = 400 - ego.x - car.length;
    expect(gap).toBeGreaterThan(1.7);
    expect(gap).toBeLessThan(2.5);
    expect(path.slice(-50).every(({ speed }) => speed < 0.05)).toBe(true);
    expect(hardestBraking).toBeLessThan(3.5);
  });

  test("brakes hard, in time, when the jam comes into view late", () => {
    const ego = { x: 0, y: 0, heading: 0, speed: 25 };
    const { hardestBraking } = drive(createIdmDriver(), ego, wall(70), 15);
    expect(hardestBraking).toBeGreaterThan(5);
    expect(ego.speed).toBeLessThan(0.1);
  });

  test("overtakes a slow vehicle when the next lane is free", () => {
    const ego = { x: 0, y: -3.7, heading: 0, speed: 25 };
    const { path } = drive(createIdmDriver(), ego, [{ x: 80, lane: 1, speed: 15 }], 20);
    expect(new Set(path.map(({ x, y }) => laneAt(road, x, y))).size).toBe(2);
    expect(ego.x).toBeGreaterThan(80 + 15 * 20);
  });

  test("stays behind it when both neighboring lanes are taken", () => {
    const column = (lane: number): Other[] =>
      Array.from({ length: 40 }, (_, i) => ({ x: 14 * (i - 10), lane, speed: 15 }));
    const others = [{ x: 80, lane: 1, speed: 15 }, ...column(0), ...column(2)];
    const { path } = drive(createIdmDriver(), { x: 0, y: -3.7, heading: 0, speed: 20 }, others, 20);
    expect(path.every(({ x, y }) => laneAt(road, x, y) === 1)).toBe(true);
    expect(path.at(-1)!.speed).toBeCloseTo(15, 0);
  });

  test("comes back to the middle of its lane from any drift, at walking and at highway speed", () => {
    for (const speed of [2, 10, 30]) {
      const options = { x: 0, y: -3.7 + 0.8, heading: 0.03, speed };
      const { path } = drive(createIdmDriver(), options, [], 30);
      expect(Math.abs(path.at(-1)!.y + 3.7)).toBeLessThan(0.05);
      expect(Math.max(...path.map(({ y }) => Math.abs(y + 3.7)))).toBeLessThan(1.7);
    }
  });
});

describe("simple drivers", () => {
  const sceneWith = (recordedAction: Scene["recordedAction"]): Scene => ({
    road,
    traffic: createTraffic(0),
    ego: { x: 0, y: 0, heading: 0, speed: 5 },
    shape: car,
    recordedAction,
  });

  test("none does nothing, human does what was recorded and coasts where nothing was", () => {
    const action = { acceleration: 9, steering: 9 };
    createConstantDriver()
      .begin(1, createRng(1))
      .act([sceneWith(null)], [action]);
    expect(action).toEqual({ acceleration: 0, steering: 0 });
    const human = createRecordedDriver().begin(1, createRng(1));
    human.act([sceneWith({ acceleration: -1, steering: 0.01 })], [action]);
    expect(action).toEqual({ acceleration: -1, steering: 0.01 });
    human.act([sceneWith(null)], [action]);
    expect(action).toEqual({ acceleration: 0, steering: 0 });
  });

  test("random repeats itself for the same seed, and an ego's actions do not depend on who else is driven", () => {
    const actionsOf = (count: number, ended: number): number[] => {
      const session = createRandomDriver().begin(count, createRng(3));
      const actions = Array.from({ length: count }, () => ({ acceleration: 0, steering: 0 }));
      const scenes = actions.map((_, i) => (i === ended ? null : sceneWith(null)));
      return Array.from({ length: 50 }, () => {
        session.act(scenes, actions);
        return actions[0].acceleration;
      });
    };
    expect(actionsOf(1, -1)).toEqual(actionsOf(4, 2));
    expect(new Set(actionsOf(1, -1)).size).toBe(50);
  });
});
