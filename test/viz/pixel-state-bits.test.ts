import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { checksums } from "../support/pictures.ts";

/** The module of the checksums as one script that says `pictures = …`. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL("../support/pictures.ts", import.meta.url));
  const built = (await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, lib: { entry, formats: ["iife"], name: "pictures" } },
  })) as Rolldown.RolldownOutput[];
  return built[0].output[0].code;
}

test("Node, a page and a worker draw the same pixel states, to the bit", async () => {
  const script = await bundle();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const inPage = await page.evaluate(`${script}; pictures.checksums()`);
    const inWorker = await page.evaluate(`new Promise((resolve, reject) => {
      const text = ${JSON.stringify(`${script}; postMessage(pictures.checksums());`)};
      const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    })`);
    expect(inPage).toEqual(checksums());
    expect(inWorker).toEqual(checksums());
  } finally {
    await browser.close();
  }
});
