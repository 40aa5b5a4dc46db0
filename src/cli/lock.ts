import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../core/index.ts";
import { WorkError } from "./errors.ts";
import { makeFolder, reasonOf } from "./files.ts";

/** The locks of this process; they are gone with it, or tell of one that is no more. */
const locks = new Set<string>();

/**
 * Keeps a folder to this process until its end: two that go on with the same work at once would write over each other.
 * @throws InputError while another process keeps it
 */
export function lockFolder(folder: string): void {
  const file = join(folder, "lock");
  if (locks.has(file)) return;
  if (!claim(folder, file)) {
    const owner = Number(readFileSync(file, "utf8"));
    if (isAlive(owner)) {
      throw new InputError(
        `${folder}: expected a folder in which nobody else works, but process ${owner} does; wait for it, or remove ` +
          `${file} if that is another program.`,
      );
    }
    rmSync(file, { force: true });
    claim(folder, file);
  }
  if (locks.size === 0) {
    process.on("exit", () => {
      for (const lock of locks) rmSync(lock, { force: true });
    });
  }
  locks.add(file);
}

function claim(folder: string, file: string): boolean {
  try {
    makeFolder(folder);
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new WorkError(`${file}: could not be written, ${reasonOf(error)}.`);
  }
}

/** One with this process's number was an earlier one, on a machine that has begun to count anew. */
function isAlive(owner: number): boolean {
  if (!(owner > 0) || owner === process.pid) return false;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
