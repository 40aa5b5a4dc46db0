import { describe, expect, test } from "vitest";
import { boxesOverlap, createRng } from "../../src/core/index.ts";
import {
  advance,
  createConstantDriver,
  createIdmDriver,
  createSimulation,
  createTraffic,
  createUnbentDriver,
  curvatureAt,
  findContact,
  isOnRoad,
  planeOf,
  recoverAction,
  scenarios,
  statesFromPositions,
  straightRoad,
  turnAt,
  unbent,
  withParameters,
  type Bend,
  type Road,
} from "../../src/sim/index.ts";

const dt = 0.1;
const radius = 200;
const arc: Bend = [{ x: 0, curvature: 1 / radius }];
const snake = scenarios["curved-road"].road.bend!;
const bent = (bend: Bend): Road => ({ ...straightRoad("bent", 600, 3), bend });
const shape = { length: 4.8, width: 1.9 };

describe("the plane of a bent road", () => {
  test("an arc is a circle around its center", () => {
    const plane = planeOf(arc);
    for (const x of [-50, 0, 7, 100, 500]) {
      for (const y of [2, 0, -7.4]) {
        const pose = plane.place({ x, y, heading: 0.1 });
        expect(Math.hypot(pose.x, pose.y - radius)).toBeCloseTo(radius - y, 9);
        expect(pose.heading).toBeCloseTo(x / radius + 0.1, 12);
      }
    }
  });

  test("along a clothoid the line runs where its heading points, and turns as much as it is curved", () => {
    const plane = planeOf(snake);
    const step = 1e-3;
    for (let x = -20; x < 620; x += 7.3) {
      const here = plane.place({ x, y: 0, heading: 0 });
      const next = plane.place({ x: x + step, y: 0, heading: 0 });
      expect(Math.atan2(next.y - here.y, next.x - here.x)).toBeCloseTo(here.heading, 4);
      expect((turnAt(snake, x + step) - turnAt(snake, x)) / step).toBeCloseTo(curvatureAt(snake, x), 6);
    }
  });

  test("a point goes there and comes back", () => {
    const plane = planeOf(snake);
    for (const [x, y] of [
      [-30, 4],
      [100, 0],
      [222, -11],
      [340, 9],
      [700, -3],
    ]) {
      const pose = plane.place({ x, y, heading: 0 });
      const back = plane.locate(pose.x, pose.y, x + 9);
      expect(back.x).toBeCloseTo(x, 8);
      expect(back.y).toBeCloseTo(y, 8);
    }
  });

  test("distances along a lane are those in the plane", () => {
    const y = -7.4;
    expect(unbent(bent(arc), 100, y, 130, y) - 100).toBeCloseTo((30 * (radius - y)) / radius, 9);
    expect(unbent(straightRoad("", 600, 3), 100, y, 130, y)).toBe(130);
  });
});

describe("driving around a bend", () => {
  test("who steers as the lane does stays in it, and the plane sees a circle at that speed", () => {
    const car = { x: 10, y: -3.7, heading: 0, speed: 20 };
    const plane = planeOf(arc);
    const from = plane.place(car);
    for (let k = 0; k < 100; k++) advance(car, { acceleration: 0, steering: 1 / (radius + 3.7) }, dt, arc);
    expect(car.y).toBeCloseTo(-3.7, 2);
    expect(car.heading).toBeCloseTo(0, 3);
    const turned = plane.place(car).heading - from.heading;
    expect(turned * (radius + 3.7)).toBeCloseTo(200, 1);
  });

  test("a step comes close to the same step in the plane", () => {
    const rng = createRng(4);
    const plane = planeOf(snake);
    for (let k = 0; k < 50; k++) {
      const car = { x: 600 * rng.uniform(), y: -11 * rng.uniform(), heading: 0.1 * rng.normal(), speed: 30 };
      const action = { acceleration: 1, steering: 0.01 * rng.normal() };
      const inPlane = { ...car, ...plane.place(car) };
      advance(inPlane, action, 0.01);
      advance(car, action, 0.01, snake);
      const placed = plane.place(car);
      // Euler in either frame is off by the square of the step.
      expect(Math.hypot(placed.x - inPlane.x, placed.y - inPlane.y)).toBeLessThan(5e-4);
      expect(placed.heading).toBeCloseTo(inPlane.heading, 4);
    }
  });

  test("actions and states recovered from a drive repeat it", () => {
    const rng = createRng(5);
    const car = { x: 60, y: -3, heading: 0.01, speed: 15 };
    const states = [{ ...car }];
    for (let k = 0; k < 80; k++) {
      advance(car, { acceleration: rng.normal(), steering: 0.005 * rng.normal() }, dt, snake);
      states.push({ ...car });
    }
    const replay = { ...states[0] };
    states.slice(1).forEach((next, k) => {
      advance(replay, recoverAction(states[k], next, dt, snake), dt, snake);
      expect(replay.y).toBeCloseTo(next.y, 8);
      expect(replay.x).toBeCloseTo(next.x, 8);
    });
    const recovered = statesFromPositions(
      states.map(({ x }) => x),
      states.map(({ y }) => y),
      dt,
      snake,
    );
    states.slice(0, -1).forEach(({ heading, speed }, k) => {
      expect(recovered.heading[k]).toBeCloseTo(heading, 8);
      expect(recovered.speed[k]).toBeCloseTo(speed, 8);
    });
  });

  test("the rule-based driver slows down for the bend and keeps within its lane", () => {
    const road = scenarios["curved-road"].road;
    const ego = { x: 0, y: -3.7, heading: 0, speed: 30 };
    const session = createIdmDriver().begin(1, createRng(1));
    const action = { acceleration: 0, steering: 0 };
    let aside = 0;
    let sharpest = 0;
    while (ego.x < 600) {
      session.act([{ road, traffic: createTraffic(0), ego, shape, recordedAction: null }], [action]);
      sharpest = Math.max(sharpest, Math.abs(action.steering) * ego.speed ** 2);
      advance(ego, action, dt, road.bend);
      aside = Math.max(aside, Math.abs(ego.y + 3.7));
      expect(isOnRoad(road, { ...ego, ...shape })).toBe(true);
    }
    expect(aside).toBeLessThan(0.3);
    expect(sharpest).toBeLessThan(2.2);
  });

  test("who knows straight roads only takes a bend that is shown unrolled, and a straight road as ever", () => {
    const straightAhead = createUnbentDriver(createConstantDriver());
    const road = bent(arc);
    const ego = { x: 50, y: -3.7, heading: 0, speed: 20 };
    const scene = { road, traffic: createTraffic(0), ego, shape, recordedAction: null };
    const action = { acceleration: 0, steering: 0 };
    const session = straightAhead.begin(1, createRng(1));
    for (let step = 0; step < 200; step++) {
      session.act([scene], [action]);
      advance(ego, action, dt, road.bend);
    }
    expect(ego.y).toBeCloseTo(-3.7, 1);
    session.act([{ ...scene, road: straightRoad("", 600, 3) }], [action]);
    expect(action.steering).toBe(0);
  });

  test("traffic drives slower in the bend than before it, within what tires hold", () => {
    const simulation = createSimulation(scenarios["curved-road"], createRng(3));
    const speeds = { before: [] as number[], within: [] as number[] };
    let hardest = 0;
    for (let step = 0; step < 1500; step++) {
      simulation.step();
      const { x, y, speed, count } = simulation.traffic;
      for (let i = 0; step > 300 && i < count; i++) {
        if (x[i] < 30) speeds.before.push(speed[i]);
        else if (x[i] > 160 && x[i] < 250) speeds.within.push(speed[i]);
        const curvature = curvatureAt(snake, x[i]);
        hardest = Math.max(hardest, Math.abs((curvature / (1 - curvature * y[i])) * speed[i] ** 2));
      }
    }
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(speeds.within)).toBeLessThan(mean(speeds.before) - 2);
    expect(mean(speeds.within)).toBeGreaterThan(14);
    expect(hardest).toBeLessThan(3);
    expect(simulation.collisions).toBe(0);
  });
});

test("whatever drivers want, they come into the bend no faster than tires hold, and stay on the road", () => {
  const scenario = withParameters(scenarios["curved-road"], {
    inflowRate: 0.5,
    desiredSpeed: 40,
    timeGap: 0.5,
  });
  const simulation = createSimulation(scenario, createRng(3));
  let off = 0;
  for (let step = 0; step < 1500; step++) {
    simulation.step();
    const { x, y, heading, length, width, count } = simulation.traffic;
    for (let i = 0; step % 5 === 0 && i < count; i++) {
      const box = { x: x[i], y: y[i], heading: heading[i], length: length[i], width: width[i] };
      if (!isOnRoad(simulation.road, box)) off++;
    }
  }
  expect(off).toBe(0);
  expect(simulation.collisions).toBe(0);
});

describe("contact and edges in a bend", () => {
  const parked = (x: number, y: number) => {
    const traffic = createTraffic(1);
    traffic.count = 1;
    traffic.id[0] = 7;
    traffic.x[0] = x;
    traffic.y[0] = y;
    traffic.length[0] = 16;
    traffic.width[0] = 2.5;
    return traffic;
  };

  test("boxes touch when they do in the plane", () => {
    const road = bent([{ x: 0, curvature: 1 / 60 }]);
    const plane = planeOf(road.bend!);
    const rng = createRng(6);
    let touching = 0;
    for (let k = 0; k < 300; k++) {
      const ego = { x: 100, y: -4 * rng.uniform(), heading: 0.2 * rng.normal(), speed: 5 };
      const traffic = parked(100 + 24 * (rng.uniform() - 0.5), -8 * rng.uniform());
      const overlap = boxesOverlap(
        { ...plane.place(ego), ...shape },
        { ...plane.place({ x: traffic.x[0], y: traffic.y[0], heading: 0 }), length: 16, width: 2.5 },
      );
      if (overlap) touching++;
      expect(findContact(road, ego, shape, traffic) !== null).toBe(overlap);
    }
    expect(touching).toBeGreaterThan(30);
    expect(touching).toBeLessThan(270);
  });

  test("a long truck in a tight bend reaches over the inner edge of its lane", () => {
    const at = (bend: Bend) => isOnRoad(bent(bend), { x: 100, y: 0.4, heading: 0, length: 18, width: 2.5 });
    expect(at([{ x: 0, curvature: 0 }])).toBe(true);
    // Its front and rear corners swing out to the left of a bend to the right.
    expect(at([{ x: 0, curvature: -1 / 60 }])).toBe(false);
  });
});
