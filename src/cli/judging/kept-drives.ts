import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { readFile, writeFileAtomically } from "../files.ts";
import type { BatchTask, Drive, Trial } from "./trial.ts";

/** What came of the batches of one trial, as far as they were driven by an earlier call of the same command. */
export interface KeptDrives {
  of(task: BatchTask): Drive | undefined;
  keep(task: BatchTask, drive: Drive): void;
}

/** Batches in files of their own: who is stopped in the middle of an evaluation loses those that are being driven. */
export interface DriveStore {
  in(trial: Trial): KeptDrives;
  /** Forgets everything, once the whole is kept elsewhere. */
  clear(): void;
}

/** What is driven sooner than this is not worth a file [s]. */
const leastSeconds = 5;

/**
 * In a folder's subfolder `drives`, as long as there are any.
 * @param markOf tells a driver from what had its name before, by its source
 */
export function createDriveStore(
  folder: string,
  markOf: (source: string) => string,
  least = leastSeconds,
): DriveStore {
  const drives = join(folder, "drives");
  return {
    in(trial) {
      const own = hashOf(trial);
      const fileOf = (task: BatchTask): string =>
        join(drives, `${hashOf([own, task, markOf(task.source)])}.drive`);
      return {
        of(task) {
          const file = fileOf(task);
          if (!existsSync(file)) return undefined;
          try {
            return deserialize(readFile(file, "driven episodes")) as Drive;
          } catch {
            // Written by another version of Node, or damaged: it is driven again.
            return undefined;
          }
        },
        keep(task, drive) {
          if (drive.ended - drive.begun >= 1000 * least) writeFileAtomically(fileOf(task), serialize(drive));
        },
      };
    },
    clear: () => rmSync(drives, { recursive: true, force: true }),
  };
}

const hashOf = (data: unknown): string => createHash("sha1").update(serialize(data)).digest("hex");
