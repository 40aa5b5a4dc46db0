import { describe, expect, test } from "vitest";
import { createPlayback } from "../../src/viz/page/playback.ts";
import { episode, snapshot } from "./snapshots.ts";

const begun = (frames: number, ended = false): ReturnType<typeof createPlayback> => {
  const playback = createPlayback();
  playback.begin(episode);
  for (let i = 0; i < frames; i++) {
    const verdict = ended && i === frames - 1 ? { cause: "finished", distance: 9, seconds: 1 } : null;
    playback.add(snapshot(i, i, [], verdict as Parameters<typeof snapshot>[3]));
  }
  return playback;
};

describe("playback", () => {
  test("a tenth of a second is one frame, and half of it lies half way between two", () => {
    const playback = begun(5);
    playback.advance(0.15);
    const moment = playback.moment()!;
    expect(moment.from.frame).toBe(1);
    expect(moment.to.frame).toBe(2);
    expect(moment.fraction).toBeCloseTo(0.5);
  });

  test("a slow worker holds the picture at the last frame it sent", () => {
    const playback = begun(3);
    playback.advance(60);
    expect(playback.playhead).toBe(2);
    expect(playback.atEnd).toBe(false);
  });

  test("asks for each frame once, and never more than lie ahead", () => {
    const playback = begun(0);
    expect(playback.wanted(10, 20)).toBe(11);
    expect(playback.wanted(10, 20)).toBe(0);
    for (let i = 0; i < 11; i++) playback.add(snapshot(i, i));
    playback.advance(0.4);
    expect(playback.wanted(10, 20)).toBe(4);
  });

  test("asks for no more at once than a worker should be busy with", () => {
    const playback = begun(0);
    expect(playback.wanted(10, 4)).toBe(4);
    expect(playback.wanted(10, 4)).toBe(0);
    playback.add(snapshot(0, 0));
    expect(playback.wanted(10, 4)).toBe(1);
  });

  test("asks for nothing more once the outcome is known, and ends there", () => {
    const playback = begun(6, true);
    expect(playback.wanted(10, 20)).toBe(0);
    expect(playback.atEnd).toBe(false);
    playback.advance(10);
    expect(playback.atEnd).toBe(true);
  });

  test("a jump ahead of the worker arrives when the frame does", () => {
    const playback = begun(2);
    playback.seek(4);
    expect(playback.playhead).toBe(1);
    expect(playback.wanted(0, 20)).toBe(5);
    for (let i = 2; i < 7; i++) playback.add(snapshot(i, i));
    expect(playback.playhead).toBe(4);
  });

  test("a jump ahead of the worker is not given up by playing on meanwhile, and playing goes on from there", () => {
    const playback = begun(2);
    playback.seek(4);
    playback.advance(0.1);
    for (let i = 2; i < 7; i++) playback.add(snapshot(i, i));
    expect(playback.playhead).toBe(4);
    playback.advance(0.1);
    expect(playback.playhead).toBe(5);
  });

  test("a jump beyond the end comes to the end", () => {
    const playback = begun(2);
    playback.seek(9);
    playback.add(snapshot(2, 2, [], { cause: "finished", distance: 9, seconds: 1 }));
    playback.advance(0.1);
    expect(playback.playhead).toBe(2);
    expect(playback.atEnd).toBe(true);
  });

  test("can be wound back, but not before the first frame", () => {
    const playback = begun(6);
    playback.seek(4);
    expect(playback.moment()!.from.ego.x).toBe(4);
    playback.seek(-3);
    expect(playback.moment()!.from.ego.x).toBe(0);
  });
});
