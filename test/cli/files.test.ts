import * as node from "node:fs";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InputError } from "../../src/core/index.ts";
import { WorkError } from "../../src/cli/errors.ts";
import { type FileSystem, readFile, readJsonFile, writeFileAtomically } from "../../src/cli/files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A disk that takes `room` bytes and is full then. */
function diskWithRoomFor(room: number): FileSystem {
  let left = room;
  const writeSync = ((descriptor: number, bytes: Uint8Array, offset: number, length: number): number => {
    if (left === 0) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const count = Math.min(left, length);
    left -= count;
    return node.writeSync(descriptor, bytes, offset, count);
  }) as typeof node.writeSync;
  return { ...node, writeSync };
}

test("a disk that fills up in mid-write loses neither the old file nor its folder's order", () => {
  const path = join(folder, "policy.bin");
  writeFileSync(path, "old");
  const write = (): void => writeFileAtomically(path, "new and much longer", diskWithRoomFor(5));
  expect(write).toThrow(
    new WorkError(`${path}: could not be written, the disk is full. The earlier file is untouched.`),
  );
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["policy.bin"]);
});

test("a disk that fills up before the first file exists leaves nothing behind", () => {
  const path = join(folder, "policy.bin");
  expect(() => writeFileAtomically(path, "content", diskWithRoomFor(2))).toThrow(/the disk is full\.$/);
  expect(readdirSync(folder)).toEqual([]);
});

test("where a part of the path is a file, writing fails in one sentence", () => {
  writeFileSync(join(folder, "file"), "old");
  const path = join(folder, "file", "deep", "policy.bin");
  expect(() => writeFileAtomically(path, "content")).toThrow(
    new WorkError(`${path}: could not be written, a part of the path is not a folder.`),
  );
});

test("a file system that takes no folders is told of, once asked", () => {
  let asked = 0;
  const refuse: FileSystem["mkdirSync"] = () => {
    asked++;
    throw Object.assign(new Error("ENOENT: no such file or directory"), { code: "ENOENT" });
  };
  const path = join(folder, "deep", "er", "file.bin");
  expect(() => writeFileAtomically(path, "content", { ...node, mkdirSync: refuse })).toThrow(
    new WorkError(`${path}: could not be written, no folder can be made there.`),
  );
  expect(asked).toBe(1);
});

test("a disk that takes a few bytes at a time still gets the whole file", () => {
  const path = join(folder, "deep", "er", "file.bin");
  const slow: FileSystem = {
    ...node,
    writeSync: ((descriptor: number, bytes: Uint8Array, offset: number): number =>
      node.writeSync(descriptor, bytes, offset, 1)) as typeof node.writeSync,
  };
  writeFileAtomically(path, "content", slow);
  expect(readFileSync(path, "utf8")).toBe("content");
  expect(readdirSync(join(folder, "deep", "er"))).toEqual(["file.bin"]);
});

test("a missing file is bad input that says what was expected", () => {
  const path = join(folder, "none.bin");
  expect(() => readFile(path, "a policy")).toThrow(
    new InputError(`${path}: expected a policy, but there is no such file.`),
  );
  expect(() => readFile(folder, "a policy")).toThrow(/but it is a folder\./);
});

test("a file that is no JSON is bad input", () => {
  const path = join(folder, "settings.json");
  writeFileSync(path, "{ seed: 1 }");
  expect(() => readJsonFile(path, "settings")).toThrow(/expected settings as JSON/);
});
