import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./places.ts";
import { writeFileAtomically } from "./files.ts";

/** What the built page is made of: when one of these is newer than the build, the build is old. */
export const pageSources = [
  "src",
  "test/scenes",
  "docs/scenarios",
  "data/recordings",
  "data/pretrained",
  "index.html",
  "gallery.html",
  "training.html",
  "outcomes.html",
  "vite.config.ts",
  "package.json",
];

const built = join(projectRoot, "dist");
/** Written last, so that a build killed half-way is not taken for one. */
const stamp = join(built, "complete");

/** Builds the page into dist/ where it is missing or older than its sources. */
export async function buildPageIfNeeded(note: (line: string) => void): Promise<void> {
  if (
    existsSync(stamp) &&
    statSync(stamp).mtimeMs >= newest(pageSources.map((name) => join(projectRoot, name)))
  ) {
    return;
  }
  note("Building the page …");
  const { build } = await import("vite");
  await build({ root: projectRoot, logLevel: "warn" });
  writeFileAtomically(stamp, "");
}

function newest(paths: readonly string[]): number {
  let latest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const status = statSync(path);
    latest = Math.max(latest, status.mtimeMs);
    if (status.isDirectory()) {
      latest = Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))));
    }
  }
  return latest;
}
