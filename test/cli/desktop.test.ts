import { expect, test } from "vitest";
import { hasDesktop } from "../../src/cli/desktop.ts";

test("a browser is opened where there is a screen, and nowhere else", () => {
  expect(hasDesktop({ DISPLAY: ":0" }, "linux")).toBe(true);
  expect(hasDesktop({ WAYLAND_DISPLAY: "wayland-0" }, "linux")).toBe(true);
  expect(hasDesktop({}, "darwin")).toBe(true);
  expect(hasDesktop({}, "linux")).toBe(false);
  expect(hasDesktop({ DISPLAY: ":0", CI: "true" }, "linux")).toBe(false);
  expect(hasDesktop({ SSH_CONNECTION: "10.0.0.1 22 10.0.0.2 22" }, "darwin")).toBe(false);
});
