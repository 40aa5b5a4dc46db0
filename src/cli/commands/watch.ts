import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { InputError } from "../../core/index.ts";
import { hasDesktop, openBrowser } from "../desktop.ts";
import { positiveNumber } from "../options.ts";
import { createOutput } from "../output.ts";
import { buildPageIfNeeded } from "../page.ts";
import { projectRoot } from "../places.ts";

interface WatchOptions {
  readonly run?: string;
  readonly port: number;
  readonly json: boolean;
}

export function registerWatch(program: Command): void {
  program
    .command("watch")
    .description("serve the app on a local address and open it where there is a desktop")
    .option(
      "--run <folder>",
      "drive with what this run has trained so far, and see how its trainings go while they go on",
    )
    .option("--port <n>", "first port to try", port, 5173)
    .option("--json", "print exactly one JSON object on stdout", false)
    .action(watch);
}

/** Parses a port for commander. */
function port(text: string): number {
  const value = positiveNumber(text);
  if (value <= 65_535) return value;
  throw new InvalidArgumentError(`expected a port up to 65535, got "${text}".`);
}

async function watch(options: WatchOptions): Promise<void> {
  const output = createOutput(options.json);
  if (options.run !== undefined && !existsSync(join(options.run, "config.json"))) {
    throw new InputError(`${options.run}: expected the folder of a run, but it holds no config.json.`);
  }
  await buildPageIfNeeded(output.note);
  const { preview } = await import("vite");
  const { serveRun } = await import("../serve-run.ts");
  const server = await preview({
    root: projectRoot,
    logLevel: "warn",
    preview: { host: "127.0.0.1", port: options.port, strictPort: false },
    plugins: options.run === undefined ? [] : [serveRun(options.run)],
  });
  const root = server.resolvedUrls!.local[0]!;
  const address = options.run === undefined ? root : `${root}?run`;
  output.print(`Headway drives at ${address} (Ctrl-C stops it).`);
  if (options.run !== undefined) output.print(`How the training goes: ${root}training.html`);
  output.result({ address });
  if (hasDesktop()) await openBrowser(address);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await server.close();
}
