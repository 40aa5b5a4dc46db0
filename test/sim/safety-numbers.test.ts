import { describe, expect, test } from "vitest";
import { createRng, type Rng } from "../../src/core/index.ts";
import {
  attributeCollision,
  createSafetyNumbers,
  createTraffic,
  findCollision,
  measureSafety,
  projectedTimeToCollision,
  straightRoad,
  type SafetyNumbers,
  type Traffic,
} from "../../src/sim/index.ts";
import {
  projectedTimeReference,
  requiredDecelerationReference,
  type MovingBox,
} from "../reference/safety.ts";

const shape = { length: 5, width: 2 };

function trafficOf(others: readonly MovingBox[]): Traffic {
  const traffic = createTraffic(others.length);
  traffic.count = others.length;
  others.forEach((other, i) => {
    for (const name of ["x", "y", "heading", "speed", "length", "width"] as const)
      traffic[name][i] = other[name];
  });
  return traffic;
}

const at = (x: number, y: number, speed: number, heading = 0): MovingBox => ({
  x,
  y,
  heading,
  speed,
  ...shape,
});

function numbersOf(ego: MovingBox, others: readonly MovingBox[], skip = -1): SafetyNumbers {
  const numbers = createSafetyNumbers();
  measureSafety(ego, ego, trafficOf(others), numbers, skip);
  return numbers;
}

describe("two cars in a lane", () => {
  test("have the gap, times and decelerations of the formulas, ahead and behind", () => {
    expect(numbersOf(at(100, 0, 20), [at(130, 0, 10), at(70, 0, 25), at(110, -3.7, 0)])).toEqual({
      gap: 25,
      timeGap: 1.25,
      timeToCollision: 2.5,
      projectedTimeToCollision: 2.5,
      requiredDeceleration: 2,
      follower: 1,
      followerGap: 25,
      inducedBraking: 0.5,
    });
  });

  test("are no danger when the leader is as fast, however near", () => {
    expect(numbersOf(at(100, 0, 20), [at(106, 0, 20)])).toMatchObject({
      gap: 1,
      timeGap: 0.05,
      timeToCollision: Infinity,
      projectedTimeToCollision: Infinity,
      requiredDeceleration: 0,
    });
  });

  test("that overlap have no gap and no time left", () => {
    expect(numbersOf(at(100, 0, 20), [at(103, 0, 10)])).toMatchObject({
      gap: 0,
      timeToCollision: 0,
      projectedTimeToCollision: 0,
      requiredDeceleration: Infinity,
    });
  });

  test("need exactly the deceleration that a search finds", () => {
    const rng = createRng("deceleration");
    for (let i = 0; i < 20; i++) {
      const [gap, slow, faster] = [1 + 60 * rng.uniform(), 20 * rng.uniform(), 1 + 15 * rng.uniform()];
      const { requiredDeceleration } = numbersOf(at(0, 0, slow + faster), [at(5 + gap, 0, slow)]);
      const searched = requiredDecelerationReference(gap, slow + faster, slow);
      expect(Math.abs(requiredDeceleration / searched - 1)).toBeLessThan(0.01);
    }
  });

  test("are told apart from those beside them, and from the ego itself", () => {
    const alone = createSafetyNumbers();
    expect(numbersOf(at(100, 0, 20), [at(120, 2, 0), at(80, -2, 40)])).toEqual({
      ...alone,
      projectedTimeToCollision: Infinity,
    });
    expect(numbersOf(at(100, 0, 20), [at(100, 0, 20)], 0)).toEqual(alone);
  });
});

test("the standing car behind a slow truck is the most pressing one, the follower behind the follower concerns nobody", () => {
  const numbers = numbersOf(at(100, 0, 20), [at(130, 0, 18), at(140, 0, 0), at(80, 0, 20), at(70, 0, 40)]);
  expect(numbers).toMatchObject({ gap: 25, timeToCollision: 35 / 20, follower: 2, inducedBraking: 0 });
  expect(numbers.requiredDeceleration).toBeCloseTo((20 * 20) / (2 * 35), 12);
});

describe("projected boxes", () => {
  const ego = at(0, 0, 20);
  const timeTo = (...others: MovingBox[]): number => projectedTimeToCollision(ego, ego, trafficOf(others));

  test("see a car that cuts in from the next lane", () => {
    // Aside by 3.7 m, of which 2 m are width: 1.7 m at 1 m/s, while the cars stay side by side.
    const heading = Math.asin(1 / 20);
    const sideways = 20 * Math.sin(heading);
    const turned = (2 * Math.cos(heading) + 5 * Math.sin(heading) - 2) / 2;
    expect(timeTo(at(0, -3.7, 20, heading))).toBeCloseTo((1.7 - turned) / sideways, 1);
    expect(timeTo(at(0, -3.7, 20))).toBe(Infinity);
  });

  test("do not see beyond 3 s, and not who comes from behind", () => {
    expect(timeTo(at(5 + 59, 0, 0))).toBeCloseTo(2.95, 12);
    expect(timeTo(at(5 + 61, 0, 0))).toBe(Infinity);
    expect(timeTo(at(-6, 0, 40))).toBe(Infinity);
  });

  const draw = (rng: Rng): MovingBox => ({
    x: 50 * rng.normal(),
    y: 4 * rng.normal(),
    heading: rng.uniform() < 0.8 ? 0.1 * rng.normal() : 6 * rng.uniform(),
    speed: 30 * rng.uniform(),
    length: 3 + 9 * rng.uniform(),
    width: 1 + 1.5 * rng.uniform(),
  });
  const rng = createRng("boxes");
  const scenes = Array.from({ length: 400 }, () => ({
    ego: { ...draw(rng), x: 0, y: 0 },
    others: Array.from({ length: 3 }, () => draw(rng)),
  }));
  const exact = ({ ego: own, others }: (typeof scenes)[number]): number =>
    projectedTimeToCollision(own, own, trafficOf(others));

  test("collide when looking every few milliseconds first sees it, and never later than looking every 0.1 s does", () => {
    let collided = 0;
    for (const scene of scenes.slice(0, 120)) {
      const time = exact(scene);
      const often = projectedTimeReference(scene.ego, scene.others, 0.005);
      if (often === Infinity) expect(time).toBe(Infinity);
      else {
        expect(often - time).toBeGreaterThan(-1e-9);
        expect(often - time).toBeLessThan(0.005);
        collided++;
      }
      expect(projectedTimeReference(scene.ego, scene.others, 0.1)).toBeGreaterThanOrEqual(time - 1e-9);
    }
    expect(collided).toBeGreaterThan(20);
  });

  test("agree with the closed form where everybody drives straight on", () => {
    for (const { ego: own, others } of scenes) {
      const straight = others.map((other) => ({
        ...other,
        heading: 0,
        x: Math.abs(other.x) + own.length + 20,
      }));
      const { timeToCollision, projectedTimeToCollision: projected } = numbersOf(
        { ...own, heading: 0 },
        straight,
      );
      if (timeToCollision < 3) expect(projected).toBeCloseTo(timeToCollision, 9);
      else expect(projected).toBe(Infinity);
    }
  });

  const close = (a: SafetyNumbers, b: SafetyNumbers): void => {
    for (const name of Object.keys(a) as (keyof SafetyNumbers)[]) {
      if (Number.isFinite(b[name])) expect(a[name]).toBeCloseTo(b[name], 6);
      else expect(a[name]).toBe(b[name]);
    }
  };

  test("all numbers stay when the road is mirrored, shifted along or aside, or the cars are listed in another order", () => {
    for (const { ego: own, others } of scenes) {
      const numbers = numbersOf(own, others);
      const mirrored = (box: MovingBox): MovingBox => ({ ...box, y: -box.y, heading: -box.heading });
      const shifted = (box: MovingBox): MovingBox => ({ ...box, x: box.x + 400, y: box.y - 7.4 });
      close(numbersOf(mirrored(own), others.map(mirrored)), numbers);
      close(numbersOf(shifted(own), others.map(shifted)), numbers);
      const reversed = numbersOf(own, others.toReversed());
      close({ ...reversed, follower: 0 }, { ...numbers, follower: 0 });
    }
  });
});

describe("who is at fault", () => {
  const road = straightRoad("two", 500, 2);
  const blame = (ego: MovingBox, other: MovingBox): string => {
    const traffic = trafficOf([other]);
    const collision = findCollision(ego, ego, traffic);
    if (collision === null) return "no collision";
    const { kind, fault } = attributeCollision(road, ego, ego, traffic, collision);
    return `${kind}: ${fault}`;
  };

  test("who runs into the car ahead, moving or not, is; who stands or is run into from behind is not", () => {
    expect(blame(at(100, 0, 20), at(104.9, 0, 10))).toBe("front: ego");
    expect(blame(at(100, 0, 20), at(104.9, 0, 0))).toBe("stoppedOther: ego");
    expect(blame(at(100, 0, 20), at(95.1, 0, 30))).toBe("rear: other");
    expect(blame(at(100, 0, 0), at(95.1, 0, 30))).toBe("stoppedEgo: other");
    expect(blame(at(100, 0, 0.04), at(104.9, 0, 0))).toBe("stoppedEgo: other");
  });

  test("of two that touch side by side, the one that left its lane is", () => {
    expect(blame(at(100, 0.1, 20), at(101, -1.8, 20))).toBe("lateral: other");
    expect(blame(at(100, -1.1, 20), at(101, -3, 20))).toBe("lateral: ego");
    expect(blame(at(100, 1.2, 20), at(101, -0.7, 20))).toBe("lateral: ego");
    expect(blame(at(100, -0.7, 20, -0.2), at(101, -2.6, 20))).toBe("lateral: ego");
  });

  test("a mirrored road changes no verdict", () => {
    const rng = createRng("blame");
    const center = road.lanes[1].center / 2;
    const mirrored = (box: MovingBox): MovingBox => ({
      ...box,
      y: 2 * center - box.y,
      heading: -box.heading,
    });
    for (let i = 0; i < 200; i++) {
      const ego = at(100, -3.7 * rng.uniform(), 20 * rng.uniform(), 0.1 * rng.normal());
      const other = at(100 + 4 * rng.normal(), ego.y + 1.5 * rng.normal(), 20 * rng.uniform());
      expect(blame(mirrored(ego), mirrored(other))).toBe(blame(ego, other));
    }
  });
});
