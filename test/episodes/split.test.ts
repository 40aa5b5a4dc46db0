import { expect, test } from "vitest";
import { isCovered, splits } from "../../src/episodes/index.ts";
import { car, recordingOf, steady } from "./fixture.ts";

test("continuous recordings are split 80 / 8 / 12 with five seconds between the sets", () => {
  const clips = [{ name: "one", firstFrame: 0, endFrame: 9000 }];
  expect(splits({ dt: 0.1, clips })).toEqual({
    train: { firstFrame: 0, endFrame: 7200 },
    validation: { firstFrame: 7250, endFrame: 7920 },
    test: { firstFrame: 7970, endFrame: 9000 },
  });
});

test("a recording of a few seconds still has three sets that do not overlap", () => {
  const {
    train,
    validation,
    test: last,
  } = splits({
    dt: 0.1,
    clips: [{ name: "short", firstFrame: 0, endFrame: 100 }],
  });
  expect(train.endFrame).toBeLessThanOrEqual(validation.firstFrame);
  expect(validation.firstFrame).toBeLessThanOrEqual(validation.endFrame);
  expect(validation.endFrame).toBeLessThanOrEqual(last.firstFrame);
  expect(last.firstFrame).toBeLessThanOrEqual(last.endFrame);
});

test("clips go whole to one set, in order of time", () => {
  const clips = [0, 1, 2, 3, 4].map((i) => ({
    name: `clip ${i}`,
    firstFrame: 150 * i,
    endFrame: 150 * i + 100,
  }));
  expect(splits({ dt: 0.1, clips })).toEqual({
    train: { firstFrame: 0, endFrame: 100 },
    validation: { firstFrame: 150, endFrame: 250 },
    test: { firstFrame: 300, endFrame: 700 },
  });
});

test("clips that cannot fill three sets are cut by recorded time: an hour in three files, a long one and a short one", () => {
  const files = [0, 1, 2].map((i) => ({
    name: `file ${i}`,
    firstFrame: 10_000 * i,
    endFrame: 10_000 * i + 9000,
  }));
  // 21,600 of 27,000 recorded frames are 3,600 into the third file.
  expect(splits({ dt: 0.1, clips: files })).toEqual({
    train: { firstFrame: 0, endFrame: 23_600 },
    validation: { firstFrame: 23_650, endFrame: 25_760 },
    test: { firstFrame: 25_810, endFrame: 29_000 },
  });
  const lopsided = [
    { name: "long", firstFrame: 0, endFrame: 1000 },
    { name: "short", firstFrame: 1050, endFrame: 1060 },
  ];
  expect(splits({ dt: 0.1, clips: lopsided })).toEqual({
    train: { firstFrame: 0, endFrame: 808 },
    validation: { firstFrame: 858, endFrame: 889 },
    test: { firstFrame: 939, endFrame: 1060 },
  });
});

test("a stretch is covered by windows that join, not across a hole between them", () => {
  const coverage = [
    { firstFrame: 0, endFrame: 10, start: 100, end: 200 },
    { firstFrame: 5, endFrame: 15, start: 190, end: 300 },
    { firstFrame: 5, endFrame: 15, start: 310, end: 400 },
  ];
  const recording = recordingOf([car(1, { x: 0 }, steady(1, 20))], { coverage });
  expect(isCovered(recording, 4, 120, 180)).toBe(true);
  expect(isCovered(recording, 4, 120, 220)).toBe(false);
  expect(isCovered(recording, 5, 120, 290)).toBe(true);
  expect(isCovered(recording, 12, 120, 290)).toBe(false);
  expect(isCovered(recording, 7, 280, 320)).toBe(false);
  expect(isCovered(recording, 7, 99, 120)).toBe(false);
});

test("an hour of windows is looked at once, not for every question about it", () => {
  let looks = 0;
  const coverage = Array.from({ length: 1000 }, (_, i) => ({
    get firstFrame() {
      looks++;
      return 5 * i;
    },
    endFrame: 5 * i + 5,
    start: i % 3,
    end: 300,
  }));
  for (let frame = 0; frame < 5000; frame += 7) {
    expect(isCovered({ coverage }, frame, 1, 300)).toBe(Math.floor(frame / 5) % 3 < 2);
  }
  expect(looks).toBe(1000);
});
