import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { advance, recoverAction, statesFromPositions } from "../../src/sim/index.ts";
import type { VehicleState } from "../../src/sim/index.ts";

const dt = 0.1;

describe("kinematics", () => {
  test("a car moves with its old speed, then changes it", () => {
    const car: VehicleState = { x: 0, y: 0, heading: 0, speed: 10 };
    advance(car, { acceleration: 2, steering: 0 }, dt);
    expect(car).toEqual({ x: 1, y: 0, heading: 0, speed: 10.2 });
  });

  test("braking ends at a standstill, never in reverse", () => {
    const car: VehicleState = { x: 0, y: 0, heading: 0, speed: 0.3 };
    advance(car, { acceleration: -8, steering: 0 }, dt);
    expect(car.speed).toBe(0);
    advance(car, { acceleration: -8, steering: 0.1 }, dt);
    expect(car).toEqual({ x: 0.03, y: 0, heading: 0, speed: 0 });
  });

  test("a circle of curvature 1/50 is driven without losing distance", () => {
    const car: VehicleState = { x: 0, y: 0, heading: 0, speed: 10 };
    const steps = 1000;
    let travelled = 0;
    for (let t = 0; t < steps; t++) {
      const { x, y } = car;
      advance(car, { acceleration: 0, steering: 1 / 50 }, dt);
      travelled += Math.hypot(car.x - x, car.y - y);
    }
    expect(travelled).toBeCloseTo(steps, 9);
    expect(car.heading / steps).toBeCloseTo(Math.atan(1 / 50), 12);
  });

  test("recovering the action undoes a step, for any car that moves", () => {
    const rng = createRng(1);
    for (let n = 0; n < 500; n++) {
      const state: VehicleState = {
        x: 100 * rng.uniform(),
        y: rng.normal(),
        heading: 0.3 * rng.normal(),
        speed: 2 + 30 * rng.uniform(),
      };
      const action = { acceleration: 3 * rng.normal(), steering: 0.02 * rng.normal() };
      const next = { ...state };
      advance(next, action, dt);
      const recovered = recoverAction(state, next, dt);
      if (next.speed > 0) expect(recovered.acceleration).toBeCloseTo(action.acceleration, 9);
      expect(recovered.steering).toBeCloseTo(action.steering, 9);
    }
  });

  test("a drive through stop and go is reproduced to the last digit from its positions alone", () => {
    const rng = createRng(2);
    const car: VehicleState = { x: 0, y: -3.7, heading: 0.02, speed: 12 };
    const x: number[] = [];
    const y: number[] = [];
    for (let t = 0; t < 600; t++) {
      x.push(car.x);
      y.push(car.y);
      const target = t % 200 < 100 ? 12 : 0;
      const acceleration = Math.min(2, Math.max(-4, target - car.speed));
      advance(car, { acceleration, steering: -0.02 * car.heading + 0.002 * rng.normal() }, dt);
      if (car.speed < 0.05 && target === 0) car.speed = 0;
    }
    const { heading, speed } = statesFromPositions(x, y, dt);
    expect(speed.some((s) => s === 0)).toBe(true);
    const replay: VehicleState = { x: x[0], y: y[0], heading: heading[0], speed: speed[0] };
    for (let t = 0; t + 2 < x.length; t++) {
      const here = { x: x[t], y: y[t], heading: heading[t], speed: speed[t] };
      const next = { x: x[t + 1], y: y[t + 1], heading: heading[t + 1], speed: speed[t + 1] };
      advance(replay, recoverAction(here, next, dt), dt);
      expect(Math.hypot(replay.x - next.x, replay.y - next.y)).toBeLessThan(1e-9);
    }
  });

  test("a parked car faces the way it will leave, and the way it came once it never leaves", () => {
    const { heading, speed } = statesFromPositions([0, 0, 0, 1, 2, 2, 2], [0, 0, 0, 1, 1, 1, 1], dt);
    expect([...heading]).toEqual([Math.PI / 4, Math.PI / 4, Math.PI / 4, 0, 0, 0, 0]);
    expect([...speed.slice(3)]).toEqual([10, 0, 0, 0]);
    expect(statesFromPositions([5], [1], dt)).toEqual({
      heading: Float64Array.of(0),
      speed: Float64Array.of(0),
    });
  });
});
