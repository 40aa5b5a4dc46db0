import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { serveBuiltPage, type BuiltPage } from "../support/built-page.ts";

/** For what takes a second: this may be a busy machine that draws WebGL in software [ms]. */
const patience = 90_000;
vi.setConfig({ testTimeout: 2 * patience });

let built: BuiltPage;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [built, browser] = await Promise.all([serveBuiltPage(), launchBrowser()]);
  page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  page.setDefaultTimeout(patience);
  page.on("pageerror", (error) => complaints.push(error.message));
}, 300_000);

afterEach(() => expect(complaints.splice(0)).toEqual([]));

afterAll(async () => {
  await browser?.close();
  await built?.close();
});

const go = (hash: string): Promise<unknown> => page.goto(`${built.address}${hash}`);
const data = (name: string): Promise<string | null> => page.locator("#stage").getAttribute(`data-${name}`);
const until = (name: string, value: string): Promise<void> =>
  page.locator(`#stage[data-${name}="${value}"]`).waitFor();

/** Goes on to a frame, step by step, from a paused picture. */
async function stepTo(frame: number): Promise<void> {
  for (let at = Number(await data("frame")) + 1; at <= frame; at++) {
    await page.keyboard.press("ArrowRight");
    await until("frame", String(at));
  }
}

test("a bend is driven around", async () => {
  await go("#driver=idm&traffic=curved-road&speed=4");
  await page.getByText("curved road ·").waitFor();
  expect(await page.locator("#goal").textContent()).toContain("bend");
  await page.waitForFunction(() => Number(document.getElementById("stage")!.dataset["frame"]) >= 30);
  expect(Number(await data("ego-x"))).toBeGreaterThan(150);
});

test("traffic changes in the middle of a drive, and its address shows the same again", async () => {
  await go("#driver=idm&traffic=free-flow&seed=2&start=9&paused=1");
  await until("start", "9");
  await until("frame", "0");
  await stepTo(5);
  const slider = page.getByRole("slider", { name: "Desired speed" });
  expect(await slider.inputValue()).toBe("28");
  await slider.fill("12");
  await page.waitForURL(/changes=/);
  await page.locator("#parameters-reset:enabled").waitFor();
  await until("frame", "5");
  // Arrows belong to a slider as long as it has the focus.
  await slider.blur();
  await stepTo(30);
  const shown = await data("ego-x");
  await page.reload();
  await until("frame", "0");
  await stepTo(5);
  expect(await slider.inputValue()).toBe("12");
  await stepTo(30);
  expect(await data("ego-x")).toBe(shown);
  await page.locator("#parameters-reset").click();
  await page.waitForURL((url) => !url.hash.includes("changes"));
  await until("frame", "0");
  expect(await slider.inputValue()).toBe("28");
});
