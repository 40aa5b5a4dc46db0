import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Copies the data that the page fetches beside the built page: one recording, what is pretrained, nothing else. */
function shipData(): Plugin {
  let root = "";
  let outDir = "";
  return {
    name: "headway:ship-data",
    apply: "build",
    configResolved(config) {
      root = config.root;
      outDir = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const copy = (folder: string, wanted: (name: string) => boolean): Promise<void> =>
        copyInto(join(outDir, folder), join(root, folder), wanted);
      await copy("data/recordings", (name) => name === "us101.recording");
      await copy("data/pretrained", (name) => !name.startsWith("."));
    },
  };
}

async function copyInto(target: string, source: string, wanted: (name: string) => boolean): Promise<void> {
  const entries = await readdir(source, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile() && wanted(entry.name)).map((entry) => entry.name);
  if (names.length === 0) return;
  await mkdir(target, { recursive: true });
  await Promise.all(names.map((name) => copyFile(join(source, name), join(target, name))));
}

/**
 * Gives the built page tfjs as its core and the plain JavaScript backend: without layers, converters and WebGL, which
 * nothing here uses, a trained driver has less than half of the bytes to wait for.
 */
function slimTensorflow(): Plugin {
  const id = "\0headway:tensorflow";
  return {
    name: "headway:slim-tensorflow",
    apply: "build",
    enforce: "pre",
    resolveId: (source) => (source === "@tensorflow/tfjs" ? id : null),
    load: (wanted) =>
      wanted !== id
        ? null
        : `import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
           import "@tensorflow/tfjs-backend-cpu";
           export * from "@tensorflow/tfjs-core";`,
  };
}

export default defineConfig({
  // Relative addresses: the built page works from any folder of any host.
  base: "./",
  publicDir: false,
  plugins: [shipData()],
  worker: { format: "es", plugins: () => [slimTensorflow()] },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      checks: { pluginTimings: false }, // a slow machine is nothing to warn a reader of the page about
      input: {
        index: "index.html",
        gallery: "gallery.html",
        training: "training.html",
        outcomes: "outcomes.html",
      },
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
