import { describe, expect, test } from "vitest";
import { clipGradient, cosineSchedule, createAdam } from "../../src/tensor/index.ts";

describe("Adam", () => {
  test("takes a first step of the learning rate against the sign of the gradient", () => {
    const parameters = Float32Array.of(1, 1, 1);
    createAdam(3, { learningRate: 0.1 }).step(parameters, Float32Array.of(5, -0.01, 0));
    expect(parameters[0]).toBeCloseTo(0.9, 5);
    expect(parameters[1]).toBeCloseTo(1.1, 5);
    expect(parameters[2]).toBe(1);
  });

  test("finds the bottom of a bowl", () => {
    const parameters = Float32Array.of(3, -2);
    const adam = createAdam(2, { learningRate: 0.05 });
    for (let i = 0; i < 600; i++)
      adam.step(parameters, Float32Array.of(2 * parameters[0], 20 * (parameters[1] - 1)));
    expect(parameters[0]).toBeCloseTo(0, 2);
    expect(parameters[1]).toBeCloseTo(1, 2);
  });

  test("goes on to the same bits after its state was saved and put back", () => {
    const gradient = (t: number) => Float32Array.of(Math.sin(t), Math.cos(3 * t));
    const straight = Float32Array.of(1, 2);
    const adam = createAdam(2, { learningRate: 0.01 });
    for (let t = 0; t < 10; t++) adam.step(straight, gradient(t));

    const broken = Float32Array.of(1, 2);
    const first = createAdam(2, { learningRate: 0.01 });
    for (let t = 0; t < 4; t++) first.step(broken, gradient(t));
    const second = createAdam(2, { learningRate: 0.01 });
    second.state.step = first.state.step;
    second.state.m.set(first.state.m);
    second.state.v.set(first.state.v);
    for (let t = 4; t < 10; t++) second.step(broken, gradient(t));
    expect(broken).toEqual(straight);
  });
});

describe("a gradient", () => {
  test("that is too long is scaled to the limit, and its length is told", () => {
    const gradient = Float32Array.of(3, 4);
    expect(clipGradient(gradient, 1)).toBe(5);
    expect(Math.hypot(...gradient)).toBeCloseTo(1, 6);
  });

  test("that is short enough or not finite is left alone", () => {
    const short = Float32Array.of(0.3, 0.4);
    expect(clipGradient(short, 1)).toBeCloseTo(0.5, 6);
    expect(short).toEqual(Float32Array.of(0.3, 0.4));
    expect(clipGradient(Float32Array.of(1, NaN), 1)).toBeNaN();
    expect(clipGradient(Float32Array.of(1, Infinity), 1)).toBe(Infinity);
  });
});

test("the learning rate rises, turns at its peak and ends at its final fraction", () => {
  const rate = cosineSchedule({ updates: 100, warmUp: 10, peak: 2, finalFraction: 0.1 });
  expect(rate(0)).toBeCloseTo(0.2, 10);
  expect(rate(9)).toBe(2);
  expect(rate(10)).toBe(2);
  expect(rate(99)).toBeCloseTo(0.2, 10);
  expect(rate(500)).toBeCloseTo(0.2, 10);
  for (let update = 11; update < 100; update++) expect(rate(update)).toBeLessThan(rate(update - 1));
});
