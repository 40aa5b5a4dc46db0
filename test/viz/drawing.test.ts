import { describe, expect, test } from "vitest";
import type { Road } from "../../src/sim/index.ts";
import { frameRoad } from "../../src/viz/page/camera.ts";
import { egoAt, vehiclesAt } from "../../src/viz/page/interpolate.ts";
import { markingsOf } from "../../src/sim/index.ts";
import { createReconciler } from "../../src/viz/page/reconciler.ts";
import { episode, snapshot } from "./snapshots.ts";

describe("between two frames", () => {
  test("a car is where it would be after half the time", () => {
    const from = snapshot(0, 0, [{ id: 7, x: 20, speed: 10 }]);
    const to = snapshot(1, 1, [{ id: 7, x: 21, speed: 9.8 }]);
    const [car] = [...vehiclesAt({ from, to, fraction: 0.5 }, 0.1)];
    expect(car.x).toBeCloseTo(20.5);
    expect(car.presence).toBe(1);
    expect(car.acceleration).toBeCloseTo(-2, 4);
    expect(egoAt({ from, to, fraction: 0.5 }).x).toBeCloseTo(0.5);
  });

  test("cars keep their identity when their order changes", () => {
    const from = snapshot(0, 0, [
      { id: 1, x: 10 },
      { id: 2, x: 50 },
    ]);
    const to = snapshot(1, 0, [
      { id: 2, x: 52 },
      { id: 1, x: 12 },
    ]);
    const drawn = new Map([...vehiclesAt({ from, to, fraction: 0.5 }, 0.1)].map((car) => [car.id, car.x]));
    expect(drawn.get(1)).toBeCloseTo(11);
    expect(drawn.get(2)).toBeCloseTo(51);
  });

  test("a car that leaves the record fades out while it rolls on, one that enters fades in", () => {
    const from = snapshot(0, 0, [{ id: 1, x: 10, speed: 20 }]);
    const to = snapshot(1, 0, [{ id: 2, x: 40, speed: 20 }]);
    const [leaving, entering] = [...vehiclesAt({ from, to, fraction: 0.25 }, 0.1)];
    expect(leaving.presence).toBeCloseTo(0.75);
    expect(leaving.x).toBeCloseTo(10.5);
    expect(entering.presence).toBeCloseTo(0.25);
    expect(entering.x).toBeCloseTo(38.5);
  });
});

describe("views of cars", () => {
  test("one is made for each car, moved while it is there and removed with it", () => {
    const log: string[] = [];
    const show = createReconciler<{ id: number }, number>({
      key: (car) => car.id,
      enter: (car) => (log.push(`enter ${car.id}`), car.id),
      update: (view) => log.push(`update ${view}`),
      exit: (view) => log.push(`exit ${view}`),
    });
    show([{ id: 1 }, { id: 2 }]);
    show([{ id: 2 }]);
    expect(log).toEqual(["enter 1", "update 1", "enter 2", "update 2", "update 2", "exit 1"]);
  });
});

describe("lane markings", () => {
  test("are dashed between two lanes and solid where the road ends", () => {
    const markings = markingsOf(episode.road);
    const at = (wanted: boolean): string[] =>
      markings.filter(({ dashed }) => dashed === wanted).map(({ y }) => y.toFixed(2));
    expect(at(true)).toEqual(["-1.80"]);
    expect(at(false).sort()).toEqual(["-5.40", "1.80"]);
  });

  test("turn from solid to dashed where an auxiliary lane joins", () => {
    const road: Road = {
      ...episode.road,
      lanes: [episode.road.lanes[0], { center: -3.6, width: 3.6, start: 100, end: 200 }],
    };
    const between = markingsOf(road).filter(({ y }) => Math.abs(y + 1.8) < 0.01);
    expect(between.filter(({ dashed }) => dashed)).toMatchObject([{ start: 100, end: 200 }]);
    expect(between.filter(({ dashed }) => !dashed)).toMatchObject([
      { start: 0, end: 100 },
      { start: 200, end: 500 },
    ]);
  });
});

describe("the camera", () => {
  test("drives to the right on a wide stage and upward on a tall one", () => {
    expect(frameRoad(episode.road, 1400, 400).direction).toBe("right");
    expect(frameRoad(episode.road, 390, 500).direction).toBe("up");
  });

  test.each([
    [1440, 420],
    [390, 480],
    [320, 300],
  ])("fits the road's width into %i × %i and shows more ahead than behind", (width, height) => {
    const camera = frameRoad(episode.road, width, height);
    const across = camera.direction === "right" ? height : width;
    expect(7.2 * camera.pixelsPerMeter).toBeLessThan(across);
    expect(camera.ahead).toBeGreaterThan(camera.behind);
  });
});
