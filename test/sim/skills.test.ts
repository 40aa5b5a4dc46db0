import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  advance,
  createConstantDriver,
  createIdmDriver,
  findContact,
  isOnRoad,
  type Driver,
} from "../../src/sim/index.ts";
import { skills, type SkillScene } from "../scenes/skills.ts";
import { placeVehicles } from "../support/traffic.ts";

const dt = 0.1;
const shape = { length: 4.8, width: 1.9 };

/** Drives the scene; says what went wrong, or "" when the skill was shown. */
function attempt(driver: Driver, scene: SkillScene): string {
  const { road, ego: start, others, seconds, hardestBraking = 8, shown } = scene;
  const traffic = placeVehicles(road, shape, others);
  const ego = { ...start };
  const action = { acceleration: 0, steering: 0 };
  const session = driver.begin(1, createRng(1));
  for (let step = 0; step * dt < seconds; step++) {
    session.act([{ road, traffic, ego, shape, recordedAction: null }], [action]);
    if (-action.acceleration > hardestBraking) return `brakes by ${(-action.acceleration).toFixed(1)} m/s²`;
    advance(ego, action, dt, road.bend);
    others.forEach(({ acceleration = 0, untilSpeed = 0 }, i) => {
      traffic.x[i] += traffic.speed[i] * dt;
      const next = traffic.speed[i] + acceleration * dt;
      traffic.speed[i] =
        acceleration > 0 ? Math.min(next, untilSpeed) : Math.max(next, acceleration < 0 ? untilSpeed : 0);
    });
    const collision = findContact(road, ego, shape, traffic);
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
