import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { launchBrowser } from "./browser.ts";
import { serveBuiltPage, type BuiltPage } from "./built-page.ts";

/** For what takes a second: this may be a busy machine that draws WebGL in software [ms]. */
const patience = 90_000;

/** The built page in a browser, as a visitor has it. */
export interface Visit {
  /** One page for most tests of a file: they go to another address of it. */
  readonly page: Page;
  /** Ends in a slash. */
  readonly address: string;
  /**
   * Errors on the console, uncaught ones, and requests that leave this machine. No test may end with any; one that
   * provokes them takes them out.
   */
  readonly complaints: string[];
  newPage(options?: BrowserContextOptions): Promise<Page>;
  go(hash: string, where?: Page): Promise<unknown>;
  /** What the stage says of itself. */
  data(name: string): Promise<string | null>;
  until(name: string, value: string): Promise<void>;
  untilFrame(least: number, where?: Page): Promise<void>;
}

/** Builds and opens the page for the tests of a file. */
export function useBuiltPage(): Visit {
  vi.setConfig({ testTimeout: 2 * patience });
  let built: BuiltPage;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  const newPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 800, height: 600 }, ...options });
    context.setDefaultTimeout(patience);
    const fresh = await context.newPage();
    fresh.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    fresh.on("pageerror", (error) => complaints.push(error.message));
    fresh.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(built.address) && !/^(data|blob):/.test(url)) complaints.push(`request to ${url}`);
    });
    return fresh;
  };

  beforeAll(async () => {
    [built, browser] = await Promise.all([serveBuiltPage(), launchBrowser()]);
    page = await newPage();
  }, 300_000);

  afterEach(() => expect(complaints.splice(0)).toEqual([]));

  afterAll(async () => {
    await browser?.close();
    await built?.close();
  });

  return {
    get page() {
      return page;
    },
    get address() {
      return built.address;
    },
    complaints,
    newPage,
    go: (hash, where = page) => where.goto(`${built.address}${hash}`),
    data: (name) => page.locator("#stage").getAttribute(`data-${name}`),
    until: (name, value) => page.locator(`#stage[data-${name}="${value}"]`).waitFor(),
    async untilFrame(least, where = page) {
      await where.waitForFunction(
        (n) => Number(document.getElementById("stage")!.dataset["frame"]) >= n,
        least,
      );
    },
  };
}
