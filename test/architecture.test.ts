import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Every file under `folder` (from the project's root) whose name ends in `ending`. */
function filesUnder(folder: string, ending: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return path.endsWith(ending) ? [folder] : [];
  return readdirSync(path).flatMap((name) => filesUnder(join(folder, name), ending));
}

/** The specifiers that a source file imports. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
}

interface Rooms {
  readonly [room: string]: { readonly sees: readonly string[]; readonly packages: readonly string[] };
}
const { rooms } = (await import(new URL("../eslint.config.js", import.meta.url).href)) as { rooms: Rooms };

/** The table of rooms in docs/architecture.md: | `room` | sees | … */
function documentedRooms(): { [room: string]: string[] } {
  const text = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const rows = [...text.matchAll(/^\| `src\/([a-z/-]+)` \|([^|]*)\|/gm)];
  return Object.fromEntries(
    rows.map(([, room, sees]) => [room, [...sees.matchAll(/[a-z-]+/g)].map((match) => match[0])]),
  );
}

test("the picture in docs/architecture.md is the picture that lint enforces", () => {
  const enforced = Object.fromEntries(Object.entries(rooms).map(([room, { sees }]) => [room, sees]));
  expect(documentedRooms()).toEqual(enforced);
});

test("a room is allowed no more than it imports", () => {
  const idle = Object.entries(rooms).flatMap(([room, { sees, packages }]) => {
    const imported = filesUnder(`src/${room}`, ".ts").flatMap(importsOf);
    const unused = [
      ...sees.filter((other) => !imported.some((path) => path.endsWith(`../${other}/index.ts`))),
      ...packages.filter((name) => !imported.some((path) => path.startsWith(name))),
    ];
    return unused.map((name) => `${room}: ${name}`);
  });
  expect(idle).toEqual([]);
});

describe("a room imports only what the picture allows", () => {
  test.each(Object.entries(rooms))("%s", (room, { sees, packages }) => {
    const wrong: string[] = [];
    const own = room.split("/")[0];
    for (const file of filesUnder(`src/${room}`, ".ts")) {
      for (const specifier of importsOf(file)) {
        const [path] = specifier.split("?");
        if (!path.startsWith(".")) {
          const known = packages.some(
            (name) => path === name || path.startsWith(name.endsWith(":") ? name : `${name}/`),
          );
          if (!known) wrong.push(`${file}: ${specifier}`);
          continue;
        }
        const target = relative(join(root, "src"), resolve(root, dirname(file), path));
        // The one thing that lives under test/ and is shown to people: the scenes.
        if (room === "viz/page" && target === "../test/scenes/index.ts") continue;
        const inside = target.startsWith(`${own}/`);
        if (!inside && !sees.some((other) => target === join(other, "index.ts")))
          wrong.push(`${file}: ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "src", "data", "test"].flatMap(
  (place) => filesUnder(place, ".md"),
);

describe("every relative link in the documents leads somewhere", () => {
  test.each(documents)("%s", (document) => {
    const text = readFileSync(join(root, document), "utf8").replace(/^```[\s\S]*?^```/gm, "");
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
    const dead = links
      .filter((link) => !/^[a-z]+:/.test(link) && !link.startsWith("#"))
      .filter((link) => !existsSync(resolve(root, dirname(document), link.split("#")[0])));
    expect(dead).toEqual([]);
  });
});

test("every npm script that the documents name exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const named = documents.flatMap((document) =>
    [...readFileSync(join(root, document), "utf8").matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(
      (match) => match[1],
    ),
  );
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test("every file that the documents name exists", () => {
  const missing = documents.flatMap((document) => {
    const text = readFileSync(join(root, document), "utf8");
    return [...text.matchAll(/`((?:bin|docs|src|test)\/[\w./-]+)`/g)]
      .map(([, path]) => path)
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${document}: ${path}`);
  });
  expect(missing).toEqual([]);
});
