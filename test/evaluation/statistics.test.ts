import { expect, test } from "vitest";
import { wilsonInterval } from "../../src/core/index.ts";
import {
  evaluationRow,
  quantile,
  tableLines,
  type Cause,
  type EpisodeResult,
} from "../../src/evaluation/index.ts";

test("quantiles lie between neighbors and survive infinities", () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([0, 10], 0.05)).toBeCloseTo(0.5, 12);
  expect(quantile([Infinity, Infinity], 0.5)).toBe(Infinity);
  expect(quantile([], 0.5)).toBe(0);
});

const comfort = { jerkP95: 1.5, lateralJerkP95: 0.2, meanAcceleration: 0.5, hardestBraking: 2 };
const human = { jerkP95: 1, lateralJerkP95: 0.1, meanAcceleration: 0.4, hardestBraking: 1 };

const episode = (
  cause: Cause,
  distance: number,
  over: Partial<EpisodeResult> = {},
  postEncroachment: number | null = null,
): EpisodeResult => ({
  start: {
    track: 0,
    frame: 4,
    endFrame: 300,
    warmUpFrames: 4,
    startX: 120,
    goalX: 340,
    requiredDistance: 220,
    humanFrames: 110,
  },
  cause,
  otherId: null,
  distance,
  seconds: distance / 20,
  frames: distance / 2,
  progress: distance / 220,
  attribution: null,
  safety: {
    minTimeToCollision: 4,
    timeToCollisionP5: 5,
    framesUnder1500ms: distance / 20,
    framesUnder3000ms: distance / 4,
    requiredDecelerationP95: 1,
    inducedBrakingP95: 0.5,
    inducedBrakingMax: 2,
    followerBrakingP95: 0.25,
    followerBrakingMax: 1,
    minPostEncroachmentTime: postEncroachment,
    laneChanges: [],
  },
  comfort,
  humanComfort: human,
  others: null,
  trace: null,
  ...over,
});
const row = evaluationRow(
  { driver: "idm", mode: "replay", traffic: "dense", split: "test" },
  [
    episode("finished", 220, {}, 1),
    episode("hitAhead", 220, { attribution: { kind: "front", fault: "ego" } }),
    episode("rearEnded", 110, { attribution: { kind: "rear", fault: "other" } }, 3),
    episode("finished", 0),
  ],
  2,
);

test("a row holds exactly the fields that scripts rely on", () => {
  expect(row).toEqual({
    driver: "idm",
    mode: "replay",
    traffic: "dense",
    split: "test",
    episodes: 4,
    success: wilsonInterval(2, 4),
    causes: { finished: 2, hitAhead: 1, hitSide: 0, rearEnded: 1, offRoad: 0, timeout: 0 },
    atFault: wilsonInterval(1, 4),
    collisions: { stoppedEgo: 0, stoppedOther: 0, front: 1, rear: 1, lateral: 0 },
    meanDistance: 137.5,
    progress: 0.625,
    minTimeToCollisionP5: 4,
    timeToCollisionP5: 5,
    shareUnder1500ms: 0.1,
    shareUnder3000ms: 0.5,
    requiredDecelerationP95: 1,
    inducedBrakingP95: 0.5,
    inducedBrakingMax: 2,
    followerBrakingP95: 0.25,
    followerBrakingMax: 1,
    laneChanges: 0,
    minPostEncroachmentTimeP5: 1.1,
    jerkP95: 1.5,
    comfort: {
      jerkP95: { median: 1.5, p95: 1.5, humanMedian: 1, humanP95: 1 },
      lateralJerkP95: { median: 0.2, p95: 0.2, humanMedian: 0.1, humanP95: 0.1 },
      meanAcceleration: { median: 0.5, p95: 0.5, humanMedian: 0.4, humanP95: 0.4 },
      hardestBraking: { median: 2, p95: 2, humanMedian: 1, humanP95: 1 },
    },
    stepsPerSecond: 137.5,
  });
  expect(JSON.parse(JSON.stringify(row))).toEqual(row);
});

test("the first table never shows a rate without n and interval", () => {
  const [header, line] = tableLines([row]);
  expect(header).toMatch(/ n +success % +95 % interval .* at fault % +95 % interval/);
  expect(line).toMatch(
    /^idm +dense \(test, replay\) +4 +50\.0 +15\.0 … 85\.0 +1 +0 +1 +0 +0 +25\.0 +4\.6 … 69\.9 +137\.5 +62\.5$/,
  );
});

test("the second table shows comfort beside that of the recorded humans", () => {
  const [, , blank, , line] = tableLines([row]);
  expect(blank).toBe("");
  expect(line).toMatch(/ 1\.10 +1\.5 \(1\.0\) +0\.2 \(0\.1\) +2\.0 \(1\.0\)$/);
});
