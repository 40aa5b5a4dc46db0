/**
 * Takes the picture of the app that the README shows: `npx tsx test/support/take-picture.ts [hash] [file]`.
 * The hash is the page's own, for example `#driver=policy&traffic=us101&start=7`.
 */
import { serveBuiltPage } from "./built-page.ts";
import { launchBrowser } from "./browser.ts";

const [hash = "#driver=policy&traffic=us101&start=1", file = "docs/app.png"] = process.argv.slice(2);
/** Far enough into an episode for the charts to have something to show. */
const frame = 40;

const built = await serveBuiltPage();
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "dark" });
await page.goto(`${built.address}${hash}`);
await page.waitForFunction(
  (least) => Number(document.getElementById("stage")!.dataset["frame"]) >= least,
  frame,
  { timeout: 120_000 },
);
await page.locator("#play").click();
await page.locator('#stage[data-playing="false"]').waitFor();
// Then there is time to imagine what comes after this very frame.
await page.locator('#imagination[data-frame]:not([data-frame=""])').waitFor();
await page.waitForTimeout(1000);
await page.screenshot({ path: file });
await browser.close();
await built.close();
console.log(`${file} shows ${hash}`);
