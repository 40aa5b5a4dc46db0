import { describe, expect, test } from "vitest";
import { defaultViewState, readHash, writeHash, type ViewState } from "../../src/viz/page/view-state.ts";

describe("the address of the page", () => {
  test("brings back every choice", () => {
    const state: ViewState = {
      driver: "idm",
      traffic: "dense",
      start: 11,
      seed: 7,
      speed: 0.5,
      paused: true,
    };
    expect(readHash(writeHash(state))).toEqual(state);
  });

  test("counts starts from one, as the page does", () => {
    expect(writeHash(defaultViewState)).toContain("start=1");
    expect(readHash("#start=3").start).toBe(2);
  });

  test("takes defaults for what is missing, unknown or out of range", () => {
    expect(readHash("")).toEqual(defaultViewState);
    expect(readHash("#driver=nobody&traffic=&start=-4&speed=fast&seed=1.5&paused=maybe")).toEqual(
      defaultViewState,
    );
  });
});
