import { describe, expect, test } from "vitest";
import { createRng, wilsonInterval } from "../../src/core/index.ts";
import { compareArms, type Arm } from "../../src/evaluation/index.ts";

/** A run that finishes the first `finished` of 200 starts. */
const run = (finished: number): boolean[] => Array.from({ length: 200 }, (_, i) => i < finished);
const compare = (arms: readonly Arm[], against?: string) => compareArms(arms, createRng("arms"), against);
const width = ({ low, high }: { low: number; high: number }): number => high - low;

describe("several trainings of a method on the same starts", () => {
  test("are told by their mean, each of them, and their spread; never by the best", () => {
    const [verdict] = compare([{ name: "mpur", runs: [run(120), run(140), run(160)] }]);
    expect(verdict!.rates).toEqual([0.6, 0.7, 0.8]);
    expect(verdict!.success.rate).toBeCloseTo(0.7, 12);
    expect(verdict!.spread).toBeCloseTo(0.1, 12);
    expect(verdict!.gain).toBeNull();
  });

  test("are less certain the more the seeds differ, though every start counts as often", () => {
    const [alike, apart] = compare([
      { name: "alike", runs: [run(140), run(140), run(140)] },
      { name: "apart", runs: [run(100), run(140), run(180)] },
    ]);
    expect(alike!.success.rate).toBeCloseTo(apart!.success.rate, 12);
    expect(width(apart!.success)).toBeGreaterThan(1.5 * width(alike!.success));
    // Three runs that do the same on each start tell no more than one.
    expect(width(alike!.success)).toBeCloseTo(width(wilsonInterval(140, 200)), 1);
  });

  test("hold the variance of the mean over seeds without a bias, however few they are", () => {
    // Nothing to be drawn among starts that all end alike within a run: what is left is the spread of the seeds.
    const runs = [run(0), run(200)];
    const { low, high, rate } = compare([{ name: "wild", runs }])[0]!.success;
    expect([low, rate, high]).toEqual([0, 0.5, 1]);
  });
});

test("one training knows nothing of its seed: its interval is that of the starts", () => {
  const [verdict] = compare([{ name: "idm", runs: [run(150)] }]);
  expect(verdict!.success).toEqual(wilsonInterval(150, 200));
  expect(verdict!.spread).toBeNull();
});

test("where every episode finished, the interval still has a width", () => {
  const [verdict] = compare([{ name: "human", runs: [run(200), run(200)] }]);
  expect(verdict!.success).toEqual(wilsonInterval(200, 200));
});

test("a gain is paired: a driver that adds starts to another's is better beyond doubt, though their intervals overlap", () => {
  const [base, better] = compare(
    [
      { name: "svg", runs: [run(140)] },
      { name: "mpur", runs: [run(150)] },
    ],
    "svg",
  );
  expect(base!.gain).toBeNull();
  expect(better!.gain!.value).toBeCloseTo(0.05, 12);
  expect(better!.gain!.low).toBeGreaterThan(0);
  expect(better!.success.low).toBeLessThan(base!.success.high);
});

test("a gain that every start agrees on is not certain beyond the starts", () => {
  const gainOver = (base: number, finished: number) =>
    compare(
      [
        { name: "base", runs: [run(base)] },
        { name: "arm", runs: [run(finished)] },
      ],
      "base",
    )[1]!.gain!;
  const unseen = wilsonInterval(0, 200).high;
  expect(gainOver(200, 200)).toEqual({ value: 0, low: -unseen, high: unseen });
  expect(gainOver(0, 200)).toEqual({ value: 1, low: 1 - unseen, high: 1 });
});

test("the same arms and stream give the same intervals; runs on other starts are refused", () => {
  const arms = [{ name: "mpur", runs: [run(120), run(160)] }];
  expect(compare(arms)).toEqual(compare(arms));
  expect(() => compare([{ name: "odd", runs: [run(3), [true]] }])).toThrow(
    "expected runs on the same 200 starts",
  );
});
