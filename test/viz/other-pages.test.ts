import { describe, expect, test } from "vitest";
import { scenes } from "../scenes/index.ts";
import { useBuiltPage } from "../support/visit.ts";

const visit = useBuiltPage();
const { newPage, complaints } = visit;

describe("the gallery", () => {
  test("shows every scene in motion, and stops when asked", async () => {
    const gallery = await newPage();
    await gallery.goto(`${visit.address}gallery.html`);
    const shown = gallery.locator(".scene");
    expect(await shown.count()).toBe(scenes.length);
    const first = Number(await shown.first().getAttribute("data-ego-x"));
    await gallery.waitForFunction(
      (x) => Number(document.querySelector<HTMLElement>(".scene")!.dataset["egoX"]) > x + 1,
      first,
    );
    await gallery.getByRole("button", { name: "Pause" }).click();
    await gallery.getByRole("button", { name: "Play" }).waitFor();
    await gallery.context().close();
  });
});

describe("pages that wait for something to show", () => {
  test.each(["outcomes.html", "training.html"])("%s keeps what is hidden out of sight", async (name) => {
    const waiting = await newPage();
    await waiting.goto(visit.address + name);
    const hidden = waiting.locator("[hidden]");
    expect(await hidden.count()).toBeGreaterThan(0);
    expect(await hidden.evaluateAll((all) => all.map((one) => getComputedStyle(one).display))).toEqual(
      Array.from({ length: await hidden.count() }, () => "none"),
    );
    await waiting.context().close();
    // The browser itself reports that no run is served.
    expect(complaints.splice(0).filter((text) => !text.includes("404"))).toEqual([]);
  });
});
