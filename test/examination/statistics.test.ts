import { expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { bootstrap, correlation, mean, pick, ranks, spearman } from "../../src/examination/index.ts";
import { rankedScore } from "../../src/examination/samples.ts";
import { channelCount, channels } from "../../src/sim/index.ts";

const rng = createRng("statistics");
const noise = Array.from({ length: 60 }, () => rng.normal());

test("a correlation knows nothing of scale and offset, and changes its sign with one side", () => {
  const other = noise.map((x) => 3 * x + 7 + 0.5 * rng.normal());
  const r = correlation(noise, other);
  expect(r).toBeGreaterThan(0.9);
  expect(
    correlation(
      noise.map((x) => 5 * x - 2),
      other,
    ),
  ).toBeCloseTo(r, 12);
  expect(
    correlation(
      noise,
      other.map((x) => -x),
    ),
  ).toBeCloseTo(-r, 12);
  expect(correlation(noise, new Array<number>(60).fill(4))).toBe(0);
});

test("ranks share ties, and a rank correlation knows only the order", () => {
  expect([...ranks([30, 10, 20, 10])]).toEqual([3, 0.5, 2, 0.5]);
  expect(spearman(noise, noise.map(Math.exp))).toBeCloseTo(1, 12);
  expect(
    spearman(
      noise,
      noise.map((x) => -(x ** 3)),
    ),
  ).toBeCloseTo(-1, 12);
});

test("the score of samples is fair: as good as they are, two of them or eight, it comes to the same", () => {
  const picture = (traffic: number): Float32Array =>
    Float32Array.from({ length: channelCount }, (_, c) => (c === channels.traffic ? traffic : rng.uniform()));
  const score = (samples: readonly number[], truth: number): number =>
    rankedScore(samples.map(picture), picture(truth), 0, channelCount);
  expect(score([0.25], 1)).toBe(0.75);
  // ⅓ (0 + 0 + 1) − ½ · 4/6: of six ordered pairs four differ by one.
  expect(score([0, 0, 1], 0)).toBeCloseTo(0, 9);
  // Of a uniform truth, by uniform samples: ⅓ − ½ · ⅓.
  for (const k of [2, 8]) {
    const scores = Array.from({ length: 4000 }, () =>
      score(
        Array.from({ length: k }, () => rng.uniform()),
        rng.uniform(),
      ),
    );
    expect(mean(scores)).toBeCloseTo(1 / 6, 2);
  }
});

test("nineteen of twenty bootstrap intervals of a mean hold the truth, more or less", () => {
  let held = 0;
  for (let trial = 0; trial < 100; trial++) {
    const own = createRng(`trial ${trial}`);
    const values = Array.from({ length: 40 }, () => 2 + own.normal());
    const { low, high } = bootstrap(40, (units) => mean(pick(values, units)), own.fork("resample"));
    if (low <= 2 && 2 <= high) held++;
  }
  expect(held).toBeGreaterThan(86);
  expect(held).toBeLessThan(100);
});
