import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  advance,
  createConstantDriver,
  createIdmDriver,
  createTraffic,
  findCollision,
  isOnRoad,
  postEncroachmentTime,
  safetyNumbers,
  straightRoad,
  type Driver,
} from "../../src/sim/index.ts";
import { skills, type SkillScene } from "../scenes/skills.ts";
import { placeVehicles } from "../support/traffic.ts";

const dt = 0.1;
const shape = { length: 4.8, width: 1.9 };

/** Drives the scene; says what went wrong, or "" when the skill was shown. */
function attempt(driver: Driver, { road, ego: start, others, seconds, shown }: SkillScene): string {
  const traffic = placeVehicles(road, shape, others);
  const ego = { ...start };
  const action = { acceleration: 0, steering: 0 };
  const session = driver.begin(1, createRng(1));
  for (let step = 0; step * dt < seconds; step++) {
    session.act([{ road, traffic, ego, shape, recordedAction: null }], [action]);
    advance(ego, action, dt);
    others.forEach(({ acceleration = 0, untilSpeed = 0 }, i) => {
      traffic.x[i] += traffic.speed[i] * dt;
      const next = traffic.speed[i] + acceleration * dt;
      traffic.speed[i] =
        acceleration > 0 ? Math.min(next, untilSpeed) : Math.max(next, acceleration < 0 ? untilSpeed : 0);
    });
    const collision = findCollision(ego, shape, traffic);
    if (collision !== null) return `${collision.class} after ${(step * dt).toFixed(1)} s`;
    if (!isOnRoad(road, { ...ego, ...shape })) return `off the road after ${(step * dt).toFixed(1)} s`;
  }
  return shown(ego) ? "" : `not shown: ${JSON.stringify(ego)}`;
}

describe("one skill at a time", () => {
  test.each(skills.map((scene) => [scene.name, scene] as const))(
    "the rule-based driver can %s",
    (_, scene) => {
      expect(attempt(createIdmDriver(), scene)).toBe("");
    },
  );

  test("doing nothing shows hardly any of them", () => {
    const shown = skills.filter((scene) => attempt(createConstantDriver(), scene) === "");
    expect(shown.length).toBeLessThanOrEqual(2);
  });
});

describe("safety numbers of an instant", () => {
  const road = straightRoad("two", 500, 2);
  const traffic = createTraffic(3);
  traffic.count = 3;
  [
    [130, 0, 10],
    [70, 0, 25],
    [110, -3.7, 0],
  ].forEach(([x, y, speed], i) => {
    traffic.x[i] = x;
    traffic.y[i] = y;
    traffic.speed[i] = speed;
    traffic.length[i] = 5;
    traffic.width[i] = 2;
  });

  test("they look at the own lane only, ahead and behind", () => {
    const ego = { x: 100, y: 0, heading: 0, speed: 20 };
    expect(safetyNumbers(road, traffic, ego, { length: 5, width: 2 })).toEqual({
      gap: 25,
      timeGap: 1.25,
      timeToCollision: 2.5,
      requiredDeceleration: 2,
      followerGap: 25,
      imposedDeceleration: 0.5,
    });
  });

  test("an ego outside all lanes concerns nobody", () => {
    const ego = { x: 100, y: 9, heading: 0, speed: 20 };
    const { gap, timeToCollision, imposedDeceleration } = safetyNumbers(road, traffic, ego, shape);
    expect([gap, timeToCollision, imposedDeceleration]).toEqual([Infinity, Infinity, 0]);
  });

  test("post-encroachment time is the time gap left to the new follower", () => {
    expect(postEncroachmentTime({ x: 100, length: 4 }, { x: 76, length: 4, speed: 10 })).toBe(2);
  });
});
