import * as node from "node:fs";
import { dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { InputError } from "../core/index.ts";
import { WorkError } from "./errors.ts";

/** The calls of node:fs that writing needs; a test hands in ones that fail. */
export type FileSystem = Pick<
  typeof node,
  "closeSync" | "fsyncSync" | "mkdirSync" | "openSync" | "renameSync" | "rmSync" | "writeSync"
>;

/**
 * Writes `content` beside `path` and renames it there, so that a killed process, a full disk or a power cut
 * leaves the old file or the new one, never half of one.
 * @throws WorkError in one sentence; the earlier file stays as it was and no temporary file is left behind.
 */
export function writeFileAtomically(
  path: string,
  content: Uint8Array | string,
  files: FileSystem = node,
): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const temporary = join(dirname(path), `.${process.pid}-${threadId}-${counter++}.partial`);
  let descriptor: number | undefined;
  let opened = false;
  try {
    makeFolder(dirname(path), files);
    descriptor = files.openSync(temporary, "w");
    opened = true;
    for (let written = 0; written < bytes.length;) {
      written += files.writeSync(descriptor, bytes, written, bytes.length - written);
    }
    files.fsyncSync(descriptor);
    files.closeSync(descriptor);
    descriptor = undefined;
    files.renameSync(temporary, path);
  } catch (error) {
    if (descriptor !== undefined) files.closeSync(descriptor);
    // Without a descriptor there is nothing to remove, and where a part of the path is a file even looking throws.
    if (opened) files.rmSync(temporary, { force: true });
    const untouched = node.existsSync(path) ? " The earlier file is untouched." : "";
    throw new WorkError(`${path}: could not be written, ${reasonOf(error)}.${untouched}`);
  }
}
let counter = 0;

/**
 * Makes a folder, and those in which it lies. Not by Node's own `recursive`, which never comes back from a file system that knows
 * the parent and still takes no folder in it, as /proc.
 * @throws as node:fs
 */
export function makeFolder(path: string, files: Pick<FileSystem, "mkdirSync"> = node): void {
  if (node.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent, files);
  try {
    files.mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new Error("no folder can be made there");
    // Another process was faster.
    if (code !== "EEXIST" || !node.statSync(path).isDirectory()) throw error;
  }
}

/** Why no file can be made in a folder that may be missing yet, as the end of a sentence; undefined where one can. */
export function whyUnwritable(folder: string): string | undefined {
  try {
    if (!node.statSync(folder).isDirectory()) return reasons["ENOTDIR"];
    node.accessSync(folder, node.constants.W_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(folder);
    return code === "ENOENT" && parent !== folder ? whyUnwritable(parent) : reasonOf(error);
  }
}

/** @throws InputError when there is no readable file at `path`; `what` names what was expected there. */
export function readFile(path: string, what: string): Uint8Array {
  try {
    const { buffer, byteOffset, length } = node.readFileSync(path);
    // A plain array: a Buffer's slice() would share memory instead of copying.
    return new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    throw new InputError(`${path}: expected ${what}, but ${reasonOf(error)}.`);
  }
}

/** The parsed JSON at `path`; throws an InputError as `readFile` does, also when it is no JSON. */
export function readJsonFile(path: string, what: string): unknown {
  const text = Buffer.from(readFile(path, what)).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(
      `${path}: expected ${what} as JSON, got text that is not (${(error as Error).message.replace(/\s+/g, " ")}).`,
    );
  }
}

const reasons: { readonly [code: string]: string } = {
  EACCES: "permission is denied",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the system allows",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a folder",
  EPERM: "permission is denied",
  EROFS: "the disk is read-only",
};

/** Why a file call failed, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
