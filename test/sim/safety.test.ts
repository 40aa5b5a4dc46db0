import { describe, expect, test } from "vitest";
import {
  changeIncentive,
  createTraffic,
  findCollision,
  followingGap,
  gapBetween,
  idmAcceleration,
  isOnRoad,
  laneAt,
  neighborsByLane,
  requiredDeceleration,
  straightRoad,
  timeGap,
  timeToCollision,
  type Road,
  type Traffic,
} from "../../src/sim/index.ts";
import {
  canStopBehind,
  hardestDeceleration,
  speedToStopWithin,
  stoppingDistance,
} from "../../src/sim/stopping.ts";

const road = straightRoad("test", 500, 3);
const shape = { length: 4, width: 2 };

function trafficAt(...places: { x: number; y: number; heading?: number }[]): Traffic {
  const traffic = createTraffic(places.length);
  traffic.count = places.length;
  places.forEach(({ x, y, heading = 0 }, i) => {
    traffic.id[i] = 100 + i;
    traffic.x[i] = x;
    traffic.y[i] = y;
    traffic.heading[i] = heading;
    traffic.length[i] = shape.length;
    traffic.width[i] = shape.width;
  });
  return traffic;
}

describe("safety numbers", () => {
  test("gap, time gap, time to collision and the braking that is needed", () => {
    expect(gapBetween(0, 4, 20, 6)).toBe(15);
    expect(timeGap(15, 10)).toBe(1.5);
    expect(timeGap(15, 0)).toBe(Infinity);
    expect(timeToCollision(15, 5)).toBe(3);
    expect(timeToCollision(15, -1)).toBe(Infinity);
    expect(requiredDeceleration(15, 5)).toBeCloseTo(25 / 30, 12);
    expect(requiredDeceleration(15, -5)).toBe(0);
    expect(requiredDeceleration(0, 5)).toBe(Infinity);
  });
});

describe("collisions from the ego's point of view", () => {
  const ego = { x: 100, y: 0, heading: 0, speed: 10 };
  const classOf = (x: number, y: number, heading = 0) =>
    findCollision(ego, shape, trafficAt({ x, y, heading }))?.class ?? null;

  test("its front hits what is ahead, its rear is hit from behind, its side is touched", () => {
    expect(classOf(103.9, 0.5)).toBe("hitAhead");
    expect(classOf(96.1, -0.5)).toBe("rearEnded");
    expect(classOf(101, 1.9)).toBe("hitSide");
    expect(classOf(99, -1.95, 0.02)).toBe("hitSide");
  });

  test("a truck across the lane is hit with the front", () => {
    expect(classOf(102.9, 0, Math.PI / 2)).toBe("hitAhead");
  });

  test("near misses are none, the ego is not its own obstacle, and the partner is named", () => {
    expect(classOf(104.01, 0)).toBeNull();
    expect(classOf(100, 2.01)).toBeNull();
    const traffic = trafficAt({ x: 100, y: 0 }, { x: 103, y: 0 });
    expect(findCollision(ego, shape, traffic, 0)).toMatchObject({ index: 1, id: 101 });
  });
});

describe("the road", () => {
  test("a point belongs to the lane whose center is nearest, and to none outside", () => {
    expect([2, 0, -1.8, -1.9, -7.4, -9.3].map((y) => laneAt(road, 100, y))).toEqual([-1, 0, 0, 1, 2, -1]);
  });

  test("a car may reach 30 cm over the edge, not more, and its center must be in a lane", () => {
    const at = (y: number, heading = 0) => isOnRoad(road, { x: 100, y, heading, ...shape });
    expect(at(1.85 + 0.29 - 1)).toBe(true);
    expect(at(1.85 + 0.31 - 1)).toBe(false);
    expect(at(0.9, 0.3)).toBe(false);
  });

  test("an ending lane is road up to its end only; lanes that reach the ends of the road go on", () => {
    const drop: Road = { ...road, lanes: [{ ...road.lanes[0], end: 200 }, ...road.lanes.slice(1)] };
    const at = (x: number) => isOnRoad(drop, { x, y: 0, heading: 0, ...shape });
    expect([190, 199, 203].map(at)).toEqual([true, false, false]);
    expect(isOnRoad(drop, { x: 505, y: -3.7, heading: 0, ...shape })).toBe(true);
  });

  test("neighbors are the nearest ahead and behind; a car between lanes is seen from both", () => {
    const traffic = trafficAt({ x: 120, y: 0 }, { x: 110, y: -1.9 }, { x: 90, y: -3.7 }, { x: 130, y: -3.7 });
    const [left, middle, right] = neighborsByLane(road, traffic, 100);
    expect(left).toEqual({ leader: 1, follower: -1 });
    expect(middle).toEqual({ leader: 1, follower: 2 });
    expect(right).toEqual({ leader: -1, follower: -1 });
  });
});

describe("car following", () => {
  const driver = {
    desiredSpeed: 30,
    desiredTimeGap: 1.2,
    jamGap: 2,
    maxAcceleration: 1.5,
    comfortableDeceleration: 2,
  };

  test("accelerates fully from rest, holds the desired speed, slows gently above it", () => {
    expect(idmAcceleration(driver, 30, 0, Infinity, 0)).toBe(1.5);
    expect(idmAcceleration(driver, 30, 30, Infinity, 0)).toBe(0);
    expect(idmAcceleration(driver, 10, 30, Infinity, 0)).toBe(-2);
  });

  test("keeps a little more than jam gap and time gap behind a leader of the same speed", () => {
    const gap = followingGap(driver, 10);
    expect(gap).toBe(14);
    expect(idmAcceleration(driver, 30, 10, gap, 0)).toBeLessThan(0);
    expect(idmAcceleration(driver, 30, 10, 1.02 * gap, 0)).toBeGreaterThan(0);
  });

  test("brakes with v²/2s towards a standing obstacle that is near", () => {
    const braking = -idmAcceleration(driver, 30, 20, 40, 20);
    expect(braking).toBeGreaterThan((20 * 20) / (2 * 40));
  });

  test("a lane change pays by the gain of all, and never when somebody would have to brake hard", () => {
    const mobil = { politeness: 0.5, changeThreshold: 0.2, safeDeceleration: 3 };
    const outlook = {
      own: -1,
      ownAfter: 0.5,
      newFollower: 0,
      newFollowerAfter: -1,
      oldFollower: -0.5,
      oldFollowerAfter: 0.5,
    };
    expect(changeIncentive(mobil, outlook)).toBeCloseTo(1.5 + 0.5 * (-1 + 1) - 0.2, 12);
    expect(changeIncentive(mobil, { ...outlook, newFollowerAfter: -3.1 })).toBe(-Infinity);
  });
});

describe("the last resort", () => {
  const dt = 0.1;
  const brake = (speed: number): number => {
    let travelled = 0;
    for (let v = speed; v > 0; v = Math.max(0, v - hardestDeceleration * dt)) travelled += v * dt;
    return travelled;
  };

  test("stopping distance is that of full braking in steps, to a centimeter", () => {
    for (const speed of [0, 0.3, 1, 7.77, 20, 33.3]) {
      expect(Math.abs(stoppingDistance(speed, dt) - brake(speed))).toBeLessThan(0.0101);
      expect(speedToStopWithin(stoppingDistance(speed, dt), dt)).toBeCloseTo(speed, 9);
    }
  });

  test("who can stop behind a leader does stop behind it, though it brakes fully out of the blue", () => {
    for (const [speed, leaderSpeed] of [
      [30, 0],
      [30, 29],
      [10, 20],
      [3, 2.9],
    ] as const) {
      const needed = stoppingDistance(speed, dt) - stoppingDistance(leaderSpeed, dt) + 0.4;
      const gap = Math.max(0.5, needed);
      expect(canStopBehind(gap, speed, leaderSpeed, dt)).toBe(true);
      expect(gap + brake(leaderSpeed) - brake(speed)).toBeGreaterThan(0.3);
      if (needed > 0.5) expect(canStopBehind(gap - 0.1, speed, leaderSpeed, dt)).toBe(false);
    }
  });
});
