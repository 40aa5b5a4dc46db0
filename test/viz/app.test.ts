import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { decodeRecording, splits } from "../../src/episodes/index.ts";
import { createRun, findStarts } from "../../src/evaluation/index.ts";
import {
  createPolicyDriver,
  createPolicyNetwork,
  encodePolicy,
  loadPolicy,
  PolicyConfig,
  type Policy,
} from "../../src/policy/index.ts";
import { initializeBackend } from "../../src/tensor/index.ts";
import { useBuiltPage } from "../support/visit.ts";

const visit = useBuiltPage();
const { newPage, go, data, until, untilFrame, complaints } = visit;

/** A policy whose parameters are as they were drawn: it drives somehow, and always alike. */
function untrainedPolicy(): Policy {
  const config = PolicyConfig.parse({});
  const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
  const network = createPolicyNetwork(config, view, createRng(1));
  return { name: "untrained", config, view, network, calibration: null };
}

describe("the built page", () => {
  test("opens on a car that drives, with what it sees and does as numbers", async () => {
    await go("#driver=idm&traffic=us101&speed=2");
    await untilFrame(1);
    const before = Number(await data("ego-x"));
    // On a busy machine many frames may have passed by now.
    await untilFrame(Number(await data("frame")) + 11);
    expect(Number(await data("ego-x"))).toBeGreaterThan(before);
    expect(await visit.page.locator("#speed-now").textContent()).toMatch(/^\d+\.\d$/);
    expect(await visit.page.locator("#place").textContent()).toMatch(/^US-101.* start 1 of \d+$/);
    const colors = await visit.page.locator("#pixels").evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    expect(colors).toBeGreaterThan(5);
  });

  test("shows the costs of the moment", async () => {
    await go("#driver=idm&traffic=us101");
    await visit.page.locator("#costs dd").first().waitFor();
    expect(await visit.page.locator("#costs dt").allTextContents()).toEqual([
      "Proximity",
      "Lane",
      "Off road",
    ]);
    expect(await visit.page.locator("#costs dd").first().textContent()).toMatch(/^\d+\.\d{3}$/);
  });

  test("shows what the ego imagines, above what came, once its driver has taken over", async () => {
    await go("#driver=idm&traffic=us101&start=2&paused=1");
    await until("start", "2");
    await visit.page.getByText("Begins when the driver takes over.").waitFor();
    await visit.page.keyboard.press("Space");
    await visit.page.locator('#imagination[data-frame]:not([data-frame=""])').waitFor();
    expect(Number(await data("frame"))).toBeGreaterThanOrEqual(4);
    expect(await visit.page.locator("#imagination-caption").textContent()).toContain("its present action");
    await visit.page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLCanvasElement>("#imagination canvas")].every((canvas) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size > 5;
      }),
    );
  });

  test("holds still when paused and goes on when played, by button and by key", async () => {
    await go("#driver=human&traffic=us101");
    await until("driver", "human");
    await untilFrame(2);
    await visit.page.locator("#play").click();
    await until("playing", "false");
    const held = Number(await data("frame"));
    await visit.page.waitForTimeout(300);
    expect(Number(await data("frame"))).toBe(held);
    expect(visit.page.url()).toContain("paused=1");
    await visit.page.keyboard.press("Space");
    await untilFrame(held + 2);
    expect(visit.page.url()).not.toContain("paused");
  });

  test("takes the next and the previous start, from the first back to the last", async () => {
    await go("#driver=idm&traffic=us101&start=1&paused=1");
    await until("driver", "idm");
    await until("start", "1");
    await visit.page.locator("#next").click();
    await until("start", "2");
    await visit.page.keyboard.press("p");
    await until("start", "1");
    await visit.page.keyboard.press("p");
    await visit.page.waitForFunction(() => Number(document.getElementById("stage")!.dataset["start"]) > 50);
    await visit.page.keyboard.press("n");
    await until("start", "1");
  });

  test("lets another driver drive, by click and by number", async () => {
    await visit.page.getByRole("radio", { name: "No action" }).click();
    await until("driver", "none");
    expect(visit.page.url()).toContain("driver=none");
    await visit.page.keyboard.press("7");
    await until("driver", "random");
    expect(await visit.page.locator("#driver-now").textContent()).toBe("Random");
  });

  test("says how the drive ended, counts it, and goes on with the next start", async () => {
    await go("#driver=human&traffic=us101&start=1&speed=8");
    await visit.page.locator("#outcome:not(:empty)").waitFor();
    expect(await visit.page.locator("#outcome").textContent()).toMatch(
      /^Reached the end · \d+ m in \d+\.\d s$/,
    );
    expect(await visit.page.locator("#tally-text").textContent()).toBe("1 of 1 reached the end");
    await until("start", "2");
  });

  test("repeats a drive to the bit after a reload, and winds it back", async () => {
    const steps = 8;
    const stepOn = async (): Promise<string | null> => {
      await until("frame", "0");
      for (let i = 1; i <= steps; i++) {
        await visit.page.keyboard.press("ArrowRight");
        await until("frame", String(i));
      }
      return data("ego-x");
    };
    await go("#driver=random&traffic=us101&start=5&paused=1");
    await until("start", "5");
    const first = await stepOn();
    await visit.page.keyboard.press("ArrowLeft");
    await until("frame", String(steps - 1));
    await visit.page.reload();
    expect(await stepOn()).toBe(first);
  });

  test("drives in generated traffic", async () => {
    await go("#driver=idm&traffic=dense&seed=3&speed=4");
    await visit.page.locator("#place").getByText("generated traffic").waitFor();
    await untilFrame(10);
    expect(Number(await data("ego-x"))).toBeGreaterThan(100);
  });

  test("lets the others react or be copies, by click and by key, and keeps that in the address", async () => {
    await go("#driver=idm&traffic=us101&start=2&speed=4");
    await visit.page.getByRole("radio", { name: "Reactive" }).click();
    expect(visit.page.url()).toContain("mode=reactive");
    await untilFrame(10);
    await visit.page.keyboard.press("m");
    expect(visit.page.url()).toContain("mode=self");
    expect(await visit.page.getByRole("radio", { name: "Copies" }).isChecked()).toBe(true);
    await untilFrame(10);
  });

  test("explains itself on request", async () => {
    await visit.page.keyboard.press("?");
    await visit.page.locator("dialog[open]").waitFor();
    await visit.page.keyboard.press("Escape");
    await visit.page.locator("dialog[open]").waitFor({ state: "detached" });
  });
});

describe("a trained driver", () => {
  test("drives in the page as it does on the command line, from the same file", async () => {
    await initializeBackend("cpu");
    const checkpoint = encodePolicy(untrainedPolicy());
    const learner = await newPage();
    const body = Buffer.from(checkpoint);
    await learner.route("**/policy.headway", (route) => route.fulfill({ status: 200, body }));
    await go("#driver=policy&traffic=us101&start=7&paused=1", learner);
    await learner.locator('#stage[data-driver="policy"]').waitFor();
    const frames = 24;
    for (let i = 1; i <= frames; i++) {
      await learner.keyboard.press("ArrowRight");
      await learner.locator(`#stage[data-frame="${i}"]`).waitFor();
    }
    const shown = Number(await learner.locator("#stage").getAttribute("data-ego-x"));
    await learner.context().close();

    const file = "data/recordings/us101.recording";
    const recording = decodeRecording(new Uint8Array(readFileSync(file)), file);
    const starts = findStarts(recording, splits(recording).test, { rng: createRng(0) });
    const driver = createPolicyDriver(loadPolicy(checkpoint, "the test's policy"));
    const run = createRun({ recording, starts: [starts[6]!], driver, rng: createRng(0) });
    for (let i = 0; i < frames; i++) {
      run.decide();
      run.move();
    }
    expect(run.episodes[0]!.scene.ego.x).toBeCloseTo(shown, 1);
    expect(run.actions[0]!.acceleration).not.toBe(0);
    run.dispose();
  });
});

describe("the planner", () => {
  test("drives in the page, and shows its plan", async () => {
    await go("#driver=policy&traffic=us101&start=4");
    await until("driver", "policy");
    await visit.page.keyboard.press("2");
    await until("driver", "plan");
    await visit.page.getByText("its present plan").waitFor();
    await visit.page.locator('#imagination[data-frame]:not([data-frame=""])').waitFor();
  });
});

describe("a browser or server that lacks something", () => {
  test("without WebGL the road is drawn on a plain canvas, and the page says so", async () => {
    const plain = await newPage();
    await plain.addInitScript(() => {
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (
        this: HTMLCanvasElement,
        kind: string,
        ...rest: unknown[]
      ) {
        return kind.startsWith("webgl") ? null : Reflect.apply(original, this, [kind, ...rest]);
      } as typeof original;
    });
    await go("#driver=idm&traffic=us101", plain);
    await untilFrame(3, plain);
    expect(await plain.locator("#note").textContent()).toContain("No WebGL");
    await plain.context().close();
  });

  test("without workers it says so and does not go on loading", async () => {
    const still = await newPage();
    await still.addInitScript(() => Reflect.deleteProperty(globalThis, "Worker"));
    await go("#driver=idm&traffic=us101", still);
    await still.getByText("no web workers").waitFor();
    expect(await still.locator("#place").textContent()).toBe("");
    await still.context().close();
  });

  test("without a model nothing is imagined, the planner cannot be chosen, and the drive goes on", async () => {
    const bare = await newPage();
    await bare.route("**/forward-model.headway", (route) => route.fulfill({ status: 404, body: "" }));
    await go("#driver=idm&traffic=us101", bare);
    await untilFrame(6, bare);
    await bare.locator("#imagination").waitFor({ state: "hidden" });
    expect(await bare.locator("#imagination-caption").textContent()).toBe(
      "There is no data/pretrained/forward-model.headway beside this page, so nothing can be imagined.",
    );
    await bare.locator('.chip input[value="plan"]:disabled').waitFor();
    expect(await bare.locator("#note").isHidden()).toBe(true);
    await bare.context().close();
    // The browser itself reports the missing file.
    expect(complaints.splice(0).filter((text) => !text.includes("404"))).toEqual([]);
  });

  test("without the recording the page says in one sentence what is missing", async () => {
    const bare = await newPage();
    await bare.route("**/us101.recording", (route) => route.fulfill({ status: 404, body: "" }));
    await go("#driver=idm&traffic=us101", bare);
    await bare.locator("#note:not([hidden])").waitFor();
    expect(await bare.locator("#note").textContent()).toContain(
      "There is no data/recordings/us101.recording",
    );
    await bare.context().close();
    // The browser itself reports the missing file.
    expect(complaints.splice(0).filter((text) => !text.includes("404"))).toEqual([]);
  });
});
