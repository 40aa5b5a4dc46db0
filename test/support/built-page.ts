import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, preview } from "vite";

/** The page as it ships, served on a free port of this machine. */
export interface BuiltPage {
  /** Ends in a slash. */
  readonly address: string;
  close(): Promise<void>;
}

/** Builds the page into a folder of its own and serves it. */
export async function serveBuiltPage(): Promise<BuiltPage> {
  const outDir = await mkdtemp(join(tmpdir(), "headway-page-"));
  await build({ logLevel: "error", mode: "production", build: { outDir, emptyOutDir: true } });
  const server = await preview({
    logLevel: "error",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, open: false },
  });
  return {
    address: server.resolvedUrls!.local[0],
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
