import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { describePace, describeSeconds, type Progress, withProgress } from "../../src/cli/progress.ts";
import { headwayHere } from "./headway.ts";

test("the pace counts only what this command did", () => {
  expect(describePace(150, 200, 100, 25)).toBe("2.0/s, 25 s left");
  expect(describePace(100, 200, 100, 25)).toBe("starting");
  expect(describePace(200, 200, 200, 0.01)).toBe("done");
});

test("times are told in the unit people use", () => {
  expect(describeSeconds(59.4)).toBe("59 s");
  expect(describeSeconds(61)).toBe("1 min 01 s");
});

const shown = { label: "work", total: 10, unit: "pieces" };
/** Begins what hides a cursor, stops the wrapping of lines and so on. */
const setMode = "\u001B[?";

test("without a terminal there is a line at the end, of what was done since the work was resumed", async () => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    withProgress({ ...shown, fromFirstUpdate: true }, (progress) => progress.update(10, "well"));
    expect(write.mock.calls).toEqual([["work: 10/10 pieces, done, well\n"]]);
    expect(await withProgress(shown, () => Promise.resolve(3))).toBe(3);
  } finally {
    write.mockRestore();
  }
});

/** Standard error as a terminal, and clocks that tell who still waits for them. */
const terminal = Object.getOwnPropertyDescriptor(process.stderr, "isTTY");
beforeEach(({ task }) => {
  if (!task.name.startsWith("on a terminal")) return;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  Object.defineProperty(process.stderr, "isTTY", { value: true, configurable: true });
});
afterEach(() => {
  vi.useRealTimers();
  if (terminal === undefined) delete (process.stderr as { isTTY?: boolean }).isTTY;
  else Object.defineProperty(process.stderr, "isTTY", terminal);
});

test("on a terminal work that holds the thread is seen, and however it ends the terminal is as it was", async () => {
  let written = "";
  const write = vi
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => Boolean((written += String(text))));
  const fail = (): never => {
    throw new Error("no");
  };
  try {
    expect(() => withProgress(shown, fail)).toThrow("no");
    await expect(withProgress(shown, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const failLater = (progress: Progress): never => {
      progress.update(4);
      expect(written).toMatch(/ 4\/10 pieces \| \S+, \d+ s left/);
      return fail();
    };
    expect(() => withProgress({ ...shown, label: "evaluate on free-flow" }, failLater)).toThrow("no");
  } finally {
    write.mockRestore();
  }
  expect(vi.getTimerCount()).toBe(0);
  // Nor while it worked: a killed process puts nothing back.
  expect(written).not.toContain(setMode);
});

test("on a terminal a command that is refused shows no bar, and ends", async () => {
  const { code, stderr } = await headwayHere("record", "--traffic", "nowhere", "--minutes", "1");
  expect(code).toBe(2);
  expect(stderr).toMatch(/^--traffic: expected .*, got nowhere\.\n$/);
  expect(vi.getTimerCount()).toBe(0);
});
