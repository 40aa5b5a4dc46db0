import { describe, expect, test } from "vitest";
import {
  defaultViewState,
  readHash,
  withChange,
  writeHash,
  type ViewState,
} from "../../src/viz/page/view-state.ts";

describe("the address of the page", () => {
  test("brings back every choice", () => {
    const state: ViewState = {
      driver: "idm",
      traffic: "dense",
      mode: "reactive",
      start: 11,
      at: { track: 345, frame: 8123 },
      seed: 7,
      changes: [
        { frame: 437, parameters: { timeGap: 2, politeness: 0 } },
        { frame: 500, parameters: { desiredSpeed: 20 } },
      ],
      speed: 0.5,
      paused: true,
    };
    expect(readHash(writeHash(state))).toEqual(state);
  });

  test("counts starts from one, as the page does", () => {
    expect(writeHash(defaultViewState)).toContain("start=1");
    expect(readHash("#start=3").start).toBe(2);
  });

  test("may name a start by vehicle and frame; half of a name is none", () => {
    expect(readHash("#at=12,80").at).toEqual({ track: 12, frame: 80 });
    for (const hash of ["#at=12", "#at=", "#at=a,b", "#at=,3"]) expect(readHash(hash).at).toBeNull();
  });

  test("leaves out changes of traffic that are unknown, out of range or out of order", () => {
    const hash = "#changes=10:timeGap=2,gap=1,politeness=7;5:timeGap=1;x:timeGap=1;20:;30:inflowRate=0.5";
    expect(readHash(hash).changes).toEqual([
      { frame: 10, parameters: { timeGap: 2 } },
      { frame: 30, parameters: { inflowRate: 0.5 } },
    ]);
  });

  test("a change forgets what had been changed later, and adds to what was changed at the same frame", () => {
    const changes = [
      { frame: 10, parameters: { timeGap: 2 } },
      { frame: 30, parameters: { timeGap: 1 } },
    ];
    expect(withChange(changes, 20, { politeness: 0 })).toEqual([
      changes[0],
      { frame: 20, parameters: { politeness: 0 } },
    ]);
    expect(withChange(changes, 30, { politeness: 0 })[1]).toEqual({
      frame: 30,
      parameters: { timeGap: 1, politeness: 0 },
    });
  });

  test("takes defaults for what is missing, unknown or out of range", () => {
    expect(readHash("")).toEqual(defaultViewState);
    expect(readHash("#driver=nobody&traffic=&start=-4&speed=fast&seed=1.5&paused=maybe")).toEqual(
      defaultViewState,
    );
  });
});
