import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

test("the README's snippet loads the shipped policy and gets an action that a car can take", () => {
  const [, snippet] = /^```ts\n([\s\S]*?)^```/m.exec(readFileSync(join(root, "README.md"), "utf8"))!;
  const folder = mkdtempSync(join(tmpdir(), "headway-readme-"));
  try {
    const file = join(folder, "snippet.mts");
    writeFileSync(file, snippet.replaceAll('"./src/', `"${root}src/`));
    const ran = spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), file], {
      cwd: root,
      encoding: "utf8",
    });
    expect(ran.stderr).toBe("");
    const [, acceleration, steering] = /acceleration: (\S+),\s+steering: (\S+)\s/.exec(ran.stdout)!;
    expect(Math.abs(parseFloat(acceleration))).toBeLessThanOrEqual(4);
    expect(Math.abs(parseFloat(steering))).toBeLessThan(0.01);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
