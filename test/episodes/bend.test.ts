import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  createFrameReader,
  createWindowSampler,
  decodeRecording,
  encodeRecording,
  record,
} from "../../src/episodes/index.ts";
import { createRun, findStarts } from "../../src/evaluation/index.ts";
import {
  createIdmDriver,
  createRecordedDriver,
  createSimulation,
  pixelSpecs,
  scenarios,
} from "../../src/sim/index.ts";

const recording = record(createSimulation(scenarios["curved-road"], createRng(1)), {
  name: "curved-road",
  warmUpSeconds: 40,
  seconds: 80,
  provenance: "test",
});

describe("a recording of a bent road", () => {
  test("comes back from its bytes with its bend, headings and speeds", () => {
    const back = decodeRecording(encodeRecording(recording), "test");
    expect(back.road).toEqual(recording.road);
    expect(back.tracks).toEqual(recording.tracks);
  });

  test("is driven through by the recorded human and by rule, frame by frame", () => {
    const reader = createFrameReader(recording);
    const range = { firstFrame: 0, endFrame: recording.frames };
    const starts = findStarts(recording, range, { rng: createRng(2), reader, limit: 12 });
    expect(starts.length).toBe(12);
    for (const driver of [createRecordedDriver(), createIdmDriver()]) {
      const run = createRun({ recording, reader, starts, driver, rng: createRng(3) });
      while (run.episodes.some(({ result }) => result === null)) {
        run.decide();
        run.move();
      }
      const causes = run.episodes.map(({ result }) => result!.cause);
      const finished = causes.filter((cause) => cause === "finished").length;
      expect(finished).toBeGreaterThanOrEqual(driver.name === "human" ? 12 : 9);
      expect(causes).not.toContain("offRoad");
      run.dispose();
    }
  });

  test("is refused in one sentence where windows are drawn", () => {
    const source = { recording, range: { firstFrame: 0, endFrame: recording.frames }, weight: 1 };
    expect(() =>
      createWindowSampler([source], { pastFrames: 4, futureFrames: 4, margin: 30 }, pixelSpecs.laptop),
    ).toThrow(/straight roads to draw windows from, got curved-road/);
  });
});
