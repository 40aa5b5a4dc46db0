import { describe, expect, test } from "vitest";
import { useBuiltPage } from "../support/visit.ts";

const visit = useBuiltPage();
const { newPage, go, until, untilFrame } = visit;

describe("what is said", () => {
  test("what the chosen driver does stands where nobody can hover, and the clock is not read out", async () => {
    await go("#driver=imitation&traffic=us101&paused=1");
    await visit.page.getByText("The driver learned to repeat what humans did next").waitFor();
    // An output is read out whenever it changes: ten times a second.
    expect(await visit.page.locator("#clock").getAttribute("aria-live")).toBe("off");
  });

  test("a start that is not there is told in one sentence, which goes with the next start", async () => {
    await go("#driver=idm&traffic=us101&paused=1");
    await until("start", "1");
    await go("#driver=idm&traffic=us101&at=9999,1&paused=1");
    await visit.page.getByText("no start replaces vehicle 9999 in frame 1.").waitFor();
    expect(await visit.page.locator("#place").textContent()).toBe("");
    await visit.page.keyboard.press("n");
    await until("start", "2");
    expect(await visit.page.locator("#note").isHidden()).toBe(true);
  });

  test("where there is no number there is no unit", async () => {
    await visit.page.goto("about:blank");
    await go("#driver=human&traffic=free-flow&start=1&paused=1");
    await until("frame", "0");
    const gap = visit.page.locator("#gap-now");
    expect(await gap.textContent()).toBe("–");
    expect(await gap.evaluate((now) => getComputedStyle(now.nextElementSibling!).visibility)).toBe("hidden");
  });
});

test("keys belong to the list of speeds that was come to by key, and to the drive once an entry was pointed at", async () => {
  await go("#driver=human&traffic=us101&paused=1");
  await until("driver", "human");
  const speed = visit.page.locator("#speed");
  await visit.page.locator("#timeline").focus();
  await visit.page.keyboard.press("Tab");
  await visit.page.keyboard.press("4");
  expect(await speed.inputValue()).toBe("4");
  expect(visit.page.url()).toContain("driver=human");
  await speed.dispatchEvent("pointerdown");
  await speed.selectOption("2");
  await visit.page.keyboard.press("4");
  await until("driver", "idm");
  expect(await speed.inputValue()).toBe("2");
});

test("a visitor who wants little motion finds the drive paused, and can play it", async () => {
  const calm = await newPage({ reducedMotion: "reduce" });
  await go("#driver=idm&traffic=us101", calm);
  await calm.locator('#stage[data-playing="false"][data-frame="0"]').waitFor();
  await calm.locator("#play").click();
  await untilFrame(2, calm);
  await calm.context().close();
});

describe("a phone", () => {
  test("on its side shows the road and what plays it together", async () => {
    const phone = await newPage({ viewport: { width: 844, height: 390 }, hasTouch: true, isMobile: true });
    await go("#driver=idm&traffic=us101&paused=1", phone);
    await phone.locator('#stage[data-frame="0"]').waitFor();
    const play = (await phone.locator("#play").boundingBox())!;
    expect(play.y + play.height).toBeLessThanOrEqual(390);
    await phone.context().close();
  });

  test("scrolls nothing sideways and has controls large enough for a finger", async () => {
    const phone = await newPage({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await go("#driver=idm&traffic=us101", phone);
    await untilFrame(2, phone);
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const heights = await phone
      .locator(".transport button, .transport select, .chip")
      .evaluateAll((controls) => controls.map((control) => control.getBoundingClientRect().height));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(38);
    const overlapping = await phone.locator("#imagination").evaluate((table) => {
      const boxes = [...table.children].map((child) => child.getBoundingClientRect());
      return boxes.filter((one, i) =>
        boxes.some(
          (other, j) =>
            j > i &&
            Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
            Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1,
        ),
      ).length;
    });
    expect(overlapping).toBe(0);
    await phone.locator("#play").tap();
    await phone.locator('#stage[data-playing="false"]').waitFor();
    await phone.locator("#help-open").tap();
    expect((await phone.locator("#help-title").boundingBox())!.y, "read from its beginning").toBeGreaterThan(
      0,
    );
    await phone.context().close();
  });
});
