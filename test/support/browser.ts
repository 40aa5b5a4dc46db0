import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

function findBrowser(): string | undefined {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined) {
    if (!existsSync(named))
      throw new Error(`CHROME_PATH: expected a browser there, but ${named} does not exist.`);
    return named;
  }
  return [...usualPlaces, chromium.executablePath()].find((path) => path !== "" && existsSync(path));
}

/** Installs a Chromium where that can be done without asking: Debian's as root, else Playwright's. */
function installBrowser(): void {
  const asRoot = process.platform === "linux" && process.getuid?.() === 0;
  if (asRoot && spawnSync("apt-get", ["--version"]).status === 0) {
    spawnSync("apt-get", ["update"], { stdio: "ignore" });
    const installed = spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], {
      stdio: "ignore",
    });
    if (installed.status === 0) return;
  }
  try {
    execFileSync("npx", ["playwright-core", "install", "chromium"], { stdio: "ignore", timeout: 240_000 });
  } catch {
    // What to do about it is said where the browser turns out to be missing.
  }
}

/**
 * Starts a headless Chromium: the one CHROME_PATH names, an installed one, or one installed now.
 * @throws Error that says what to do when none can be had.
 */
export async function launchBrowser(): Promise<Browser> {
  if (findBrowser() === undefined) installBrowser();
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error(
      "The page is tested in Chromium and none was found or could be installed: install Chromium or Chrome, or set CHROME_PATH to one.",
    );
  }
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, headless: true, args: [...sandbox, ...quiet] });
}
