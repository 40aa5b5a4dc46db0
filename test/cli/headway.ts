import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { main } from "../../src/cli/main.ts";

export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));

/** What a command line left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line within this process: much faster, and all that is to know about a refusal. */
export async function headwayHere(...words: string[]): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => Boolean((stdout += String(text)))),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean((stderr += String(text)))),
  ];
  try {
    const code = await main(words);
    return { code, stdout, stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs the real binary, as a user would, without a terminal. */
export function headway(...words: string[]): Ran {
  return run(process.execPath, ["bin/headway.js", ...words]);
}

/** Runs the real binary where no file may grow beyond `kilobytes`: a disk that fills up in mid-write. */
export function headwayWithSmallFiles(kilobytes: number, ...words: string[]): Ran {
  const script = `ulimit -f ${kilobytes}; exec "$@"`;
  return run("bash", ["-c", script, "bash", process.execPath, "bin/headway.js", ...words]);
}

/** Runs the real binary for somebody who stops reading at once. */
export function headwayUnread(...words: string[]): Promise<Pick<Ran, "code" | "stderr">> {
  const child = spawn(process.execPath, ["bin/headway.js", ...words], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += String(text)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr })));
}

function run(command: string, words: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd: projectRoot,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 120_000,
  });
  return { code: status, stdout, stderr };
}
