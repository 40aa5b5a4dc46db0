import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Plugin } from "vite";
import { InputError } from "../../core/index.ts";
import { hasDesktop, openBrowser } from "../desktop.ts";
import { readFile } from "../files.ts";
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
    .option("--run <folder>", "drive with what this run has trained so far")
    .option("--port <n>", "first port to try", positiveNumber, 5173)
    .option("--json", "print exactly one JSON object on stdout", false)
    .action(watch);
}

async function watch(options: WatchOptions): Promise<void> {
  const output = createOutput(options.json);
  if (options.run !== undefined && !existsSync(join(options.run, "config.json"))) {
    throw new InputError(`${options.run}: expected the folder of a run, but it holds no config.json.`);
  }
  await buildPageIfNeeded(output.note);
  const { preview } = await import("vite");
  const server = await preview({
    root: projectRoot,
    logLevel: "warn",
    preview: { host: "127.0.0.1", port: options.port, strictPort: false },
    plugins: options.run === undefined ? [] : [serveRun(options.run)],
  });
  const address = server.resolvedUrls!.local[0]!;
  output.print(`Headway drives at ${address} (Ctrl-C stops it).`);
  output.result({ address });
  if (hasDesktop()) await openBrowser(address);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await server.close();
}

/** Where a run, or a quickstart, has what the page fetches as shipped. */
const replacements: { readonly [address: string]: readonly string[] } = {
  "/data/pretrained/policy.headway": ["policy.headway", "policy/policy.headway"],
  "/data/pretrained/imitation.headway": ["imitation/policy.headway"],
  "/data/pretrained/forward-model.headway": ["forward-model.headway", "model/forward-model.headway"],
};

/** Answers for the shipped checkpoints with those of a run, where the run has them already. */
function serveRun(run: string): Plugin {
  return {
    name: "headway:run",
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const { pathname } = new URL(request.url ?? "/", "http://localhost");
        const file = replacements[pathname]?.map((name) => join(run, name)).find((path) => existsSync(path));
        if (file === undefined) {
          next();
          return;
        }
        response.setHeader("Cache-Control", "no-store");
        response.end(readFile(file, "a checkpoint"));
      });
    },
  };
}
