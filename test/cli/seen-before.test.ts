import { describe, expect, test } from "vitest";
import { configurationOf } from "../../src/cli/configuration.ts";
import { generateRecording } from "../../src/cli/recordings.ts";
import { seenBefore } from "../../src/cli/seen-before.ts";

const config = configurationOf({ preset: "laptop", set: [], json: false });

describe("held-out stretches of generated traffic that trainings have seen", () => {
  test("are told of, scenario by scenario", () => {
    expect(seenBefore(["dense", "us101", "free-flow"], { split: "test", minutes: 10 }, config)).toEqual([
      "dense: its test stretch begins 8.9 min into traffic (seed 1) of which trainings with traffic.minutes=30 learn the first 24; " +
        "whoever was trained so has seen it.",
    ]);
    expect(seenBefore(["dense", "mixed"], { split: "validation", minutes: 29 }, config)).toHaveLength(2);
  });

  test("are none where traffic is as long, longer, or of a length that holds out what comes later", () => {
    expect(seenBefore(["dense"], { split: "test" }, config)).toEqual([]);
    for (const minutes of [28, 30, 60]) {
      expect(seenBefore(["dense"], { split: "test", minutes }, config)).toEqual([]);
    }
    expect(seenBefore(["dense"], { split: "validation", minutes: 30 }, config)).toEqual([]);
  });

  test("are so because short traffic is how long traffic begins", () => {
    const [short, long] = [0.2, 0.4].map(
      (minutes) => generateRecording("free-flow", { ...config.traffic, warmUpSeconds: 5, minutes }, 1).tracks,
    );
    expect(short!.length).toBeGreaterThan(0);
    for (const { id, firstFrame, x } of short!) {
      const same = long!.find((track) => track.id === id)!;
      expect(same.firstFrame).toBe(firstFrame);
      x.forEach((place, t) => expect(same.x[t]).toBeCloseTo(place, 9));
    }
  });
});
