import { expect, test } from "vitest";
import { useBuiltPage } from "../support/visit.ts";

const visit = useBuiltPage();
const { go, data, until, untilFrame } = visit;

/** Goes on to a frame, step by step, from a paused picture. */
async function stepTo(frame: number): Promise<void> {
  for (let at = Number(await data("frame")) + 1; at <= frame; at++) {
    await visit.page.keyboard.press("ArrowRight");
    await until("frame", String(at));
  }
}

test("a bend is driven around", async () => {
  await go("#driver=idm&traffic=curved-road&speed=4");
  await visit.page.getByText("curved road ·").waitFor();
  expect(await visit.page.locator("#goal").textContent()).toContain("bend");
  await untilFrame(30);
  expect(Number(await data("ego-x"))).toBeGreaterThan(150);
});

test("traffic changes in the middle of a drive, and its address shows the same again", async () => {
  await go("#driver=idm&traffic=free-flow&seed=2&start=9&paused=1");
  await until("start", "9");
  await until("frame", "0");
  await stepTo(5);
  const slider = visit.page.getByRole("slider", { name: "Desired speed" });
  expect(await slider.inputValue()).toBe("28");
  await slider.fill("12");
  await visit.page.waitForURL(/changes=/);
  await visit.page.locator("#parameters-reset:enabled").waitFor();
  await until("frame", "5");
  // Arrows belong to a slider as long as it has the focus.
  await slider.blur();
  await stepTo(30);
  const shown = await data("ego-x");
  await visit.page.reload();
  await until("frame", "0");
  await stepTo(5);
  expect(await slider.inputValue()).toBe("12");
  await stepTo(30);
  expect(await data("ego-x")).toBe(shown);
  await visit.page.locator("#parameters-reset").click();
  await visit.page.waitForURL((url) => !url.hash.includes("changes"));
  await until("frame", "0");
  expect(await slider.inputValue()).toBe("28");
});
