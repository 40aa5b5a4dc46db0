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

describe("outcomes", () => {
  const written = (driver: string) => {
    const row = { driver, traffic: "dense", split: "test", mode: "replay", episodes: 1, causes: {} };
    const rows = [{ ...row, success: { rate: 1, low: 0.2, high: 1 } }];
    return {
      name: "evaluation.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify({ rows })),
    };
  };

  test("open a file that is chosen again, as it was written anew", async () => {
    const outcomes = await newPage();
    await outcomes.goto(`${visit.address}outcomes.html`);
    for (const driver of ["one", "other"]) {
      const chooser = outcomes.waitForEvent("filechooser");
      await outcomes.locator("#file").click();
      expect(await outcomes.locator("#file").inputValue(), "else the browser sees no change").toBe("");
      await (await chooser).setFiles(written(driver));
      await outcomes.locator(".head b").getByText(driver, { exact: true }).waitFor();
    }
    await outcomes.context().close();
  });

  test("say so when what is dropped cannot be read", async () => {
    const outcomes = await newPage();
    await outcomes.goto(`${visit.address}outcomes.html`);
    await outcomes.evaluate(() => {
      const folder = new File([], "results");
      folder.text = () => Promise.reject(new DOMException("not a file", "NotReadableError"));
      const dropped = new Event("drop", { cancelable: true });
      Object.assign(dropped, { dataTransfer: { files: [folder] } });
      dispatchEvent(dropped);
    });
    await outcomes.getByText("Expected an evaluation.json, got results, which cannot be read").waitFor();
    await outcomes.context().close();
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
