import { expect, test } from "vitest";
import { describePace, describeSeconds } from "../../src/cli/progress.ts";

test("the pace counts only what this command did", () => {
  expect(describePace(150, 200, 100, 25)).toBe("2.0/s, 25 s left");
  expect(describePace(100, 200, 100, 25)).toBe("starting");
  expect(describePace(200, 200, 200, 0.01)).toBe("done");
});

test("times are told in the unit people use", () => {
  expect(describeSeconds(59.4)).toBe("59 s");
  expect(describeSeconds(61)).toBe("1 min 01 s");
});
