import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { expect, test } from "vitest";
import { pageSources } from "../../src/cli/page.ts";
import { projectRoot } from "./headway.ts";

test("whatever the page is made of makes an old build be noticed", () => {
  const files = readdirSync(join(projectRoot, "src/viz"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("src/viz", name));
  const bundled = files.flatMap((file) => {
    const text = readFileSync(join(projectRoot, file), "utf8");
    const paths = text.matchAll(/["'`]((?:\.\.\/)+[\w-]+\/[^"'`]*)["'`]/g);
    return [...paths].map(([, path]) => join(dirname(file), path!).replaceAll(sep, "/"));
  });
  expect(bundled).toContain("docs/scenarios/*.svg");
  expect(bundled).toContain("test/scenes/index.ts");
  const pages = readdirSync(projectRoot).filter((name) => name.endsWith(".html"));
  const unnoticed = [...bundled, ...pages].filter(
    (path) => !pageSources.some((source) => path === source || path.startsWith(`${source}/`)),
  );
  expect(unnoticed).toEqual([]);
  expect(pageSources.filter((source) => !existsSync(join(projectRoot, source)))).toEqual([]);
});
