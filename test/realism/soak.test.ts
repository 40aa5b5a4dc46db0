import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { isSound, soak, watchTraffic } from "../../src/realism/index.ts";
import { createTraffic, populations, scenarios, straightRoad, withPeople } from "../../src/sim/index.ts";

const road = straightRoad("test", 200, 2);

/** Traffic that does as it is told. */
function puppets(count: number) {
  const traffic = createTraffic(count);
  traffic.count = count;
  for (let i = 0; i < count; i++) {
    traffic.id[i] = i + 1;
    traffic.x[i] = 20 + 30 * i;
    traffic.speed[i] = 10;
    traffic.length[i] = 5;
    traffic.width[i] = 2;
  }
  return { traffic, watch: watchTraffic({ traffic, road, dt: 0.1 }) };
}

describe("the soak sees", () => {
  test("nothing wrong with cars that drive apart", () => {
    const { traffic, watch } = puppets(2);
    for (let step = 0; step < 10; step++) {
      watch.look();
      for (let i = 0; i < 2; i++) traffic.x[i] += 1;
    }
    expect(watch.found()).toMatchObject({ collisions: 0, offRoad: 0, broken: 0, hardBraking: 0 });
  });

  test("two cars that touch, once for as long as they do", () => {
    const { traffic, watch } = puppets(2);
    traffic.x[1] = 24;
    watch.look();
    watch.look();
    expect(watch.found().collisions).toBe(1);
    expect(watch.found().findings[0]).toContain("1 and 2 touch");
  });

  test("a car half off the road", () => {
    const { traffic, watch } = puppets(1);
    traffic.y[0] = 1.5;
    watch.look();
    expect(watch.found().offRoad).toBe(1);
  });

  test("a car that jumps, and one that vanishes on the way", () => {
    const { traffic, watch } = puppets(2);
    watch.look();
    traffic.x[0] += 1.5;
    traffic.count = 1;
    watch.look();
    expect(watch.found().broken).toBe(2);
  });

  test("a car that brakes hard, and one that leaves by the end of the road", () => {
    const { traffic, watch } = puppets(2);
    traffic.x[1] = 202;
    watch.look();
    traffic.speed[0] = 9.5;
    traffic.count = 1;
    watch.look();
    expect(watch.found()).toMatchObject({ hardBraking: 1, passed: 1, broken: 0 });
  });
});

test.each(Object.keys(scenarios))("traffic in %s is sound, with either population", (name) => {
  for (const people of Object.values(populations)) {
    const row = soak(withPeople(scenarios[name], people), 2500, createRng(3));
    expect(row.findings).toEqual([]);
    expect(isSound(row)).toBe(true);
    expect(row.passed).toBeGreaterThan(5);
  }
});

test("other people leave what is special about a scenario", () => {
  const { population } = withPeople(scenarios["slow-truck"], populations.calibrated);
  expect(population).toEqual({ ...populations.calibrated, truckFraction: 0.2, truckSpeed: 12 });
});
