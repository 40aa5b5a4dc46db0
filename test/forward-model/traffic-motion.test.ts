import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import type { MovingMass } from "../../src/forward-model/moving-mass.ts";
import {
  motionClues,
  moveMass,
  observeMass,
  pictureOfTraffic,
} from "../../src/forward-model/traffic-motion.ts";
import { channels } from "../../src/sim/index.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const [H, W] = [40, 8];
const config = { pixels: "laptop", stepFrames: 2, motion: "bodies" } as const;

/** One window with a car of 4 × 2 pixels, whose upper edge is at `row`, in columns 3 and 4. */
function carAt(row: number): tf.Tensor4D {
  const pixels = new Float32Array(H * W * 3);
  for (let i = 0; i < H; i++) {
    const covered = Math.max(0, Math.min(row + 4, i + 1) - Math.max(row, i));
    for (const j of [3, 4]) pixels[(i * W + j) * 3 + channels.traffic] = covered;
  }
  return tf.tensor4d(pixels, [1, H, W, 3]);
}

const observed = (rows: readonly number[]): MovingMass => observeMass(rows.map(carAt), config);
const unchanged = (): tf.Tensor4D => tf.zeros([1, H, W, 2]);

/** The row in which the traffic's center of mass is, and how much mass there is. */
function centerOf(moving: MovingMass): { row: number; mass: number } {
  let [mass, moment] = [0, 0];
  pictureOfTraffic(moving)
    .dataSync()
    .forEach((value, p) => {
      mass += value;
      moment += value * Math.floor(p / W);
    });
  return { row: moment / mass, mass };
}

/** Where a car is after each step, with a change of its velocity at each. */
function rowsAfter(rows: readonly number[], steps: number, change = unchanged): number[] {
  let moving = observed(rows);
  return Array.from({ length: steps }, () => {
    moving = moveMass(moving, change(), config);
    return centerOf(moving).row;
  });
}

describe("a car that pictures show", () => {
  test("goes on as it went, as long as nothing is said of it", () => {
    tf.tidy(() => {
      rowsAfter([10, 10.6, 11.2], 10).forEach((row, t) => {
        expect(row).toBeCloseTo(11.2 + 1.5 + 0.6 * (t + 1), 4);
      });
    });
  });

  test("goes on braking for a while: what is left of it dies away over 0.8 s", () => {
    tf.tidy(() => {
      const braking = 0.1;
      let [speed, row, gained] = [0.5, 11.1 + 1.5, braking];
      for (const found of rowsAfter([10, 10.6, 11.1], 10)) {
        gained *= Math.exp(-0.2 / 0.8);
        speed -= gained;
        row += speed;
        expect(found).toBeCloseTo(row, 3);
      }
    });
  });

  test("loses no mass on its way, and stands where only one picture was seen", () => {
    tf.tidy(() => {
      const once = moveMass(observed([10, 10.6, 11.2]), unchanged(), config);
      expect(centerOf(once).mass).toBeCloseTo(8, 4);
      expect(centerOf(moveMass(observed([10]), unchanged(), config)).row).toBeCloseTo(11.5, 5);
    });
  });

  test("moves as one when something is said of a part of it, unless every pixel moves by itself", () => {
    tf.tidy(() => {
      const pull = new Float32Array(H * W * 2);
      pull[2 * (11 * W + 3)] = 1;
      const velocityWith = (motion: "bodies" | "pixels"): Float32Array => {
        const change = tf.tensor4d(pull, [1, H, W, 2]);
        return moveMass(observed([10]), change, { ...config, motion }).velocity.dataSync() as Float32Array;
      };
      const of = (velocity: Float32Array): number[] =>
        [10, 11, 12, 13].flatMap((i) => [3, 4].map((j) => velocity[2 * (i * W + j)]!));
      expect(of(velocityWith("pixels")).filter((value) => value !== 0)).toEqual([1]);
      const together = of(velocityWith("bodies"));
      expect(Math.min(...together)).toBeGreaterThan(0.5 * Math.max(...together));
    });
  });
});

describe("the clues of motion", () => {
  test("hold all the momentum and force of the traffic, where it has come to", () => {
    tf.tidy(() => {
      const moving = moveMass(observed([10, 10.6, 11.1]), unchanged(), config);
      const { along, across, force } = motionClues(moving);
      const speed = 0.5 - 0.1 * Math.exp(-0.25);
      const sum = (x: tf.Tensor): number => tf.sum(x).dataSync()[0]!;
      expect(sum(along)).toBeCloseTo(8 * speed, 3);
      expect(sum(across)).toBe(0);
      expect(sum(force)).toBeCloseTo((8 * -0.1 * Math.exp(-0.5)) / 0.05, 2);
      const seen = pictureOfTraffic(moving).dataSync();
      along.dataSync().forEach((value, p) => expect(value).toBeCloseTo(speed * seen[p]!, 4));
    });
  });
});
