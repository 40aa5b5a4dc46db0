import { existsSync, readdirSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Plugin } from "vite";
import { readFile, readJsonFile } from "./files.ts";
import { readMetrics } from "./run-folder.ts";
import { artifacts } from "./trainings.ts";

/** Where a run, or a quickstart, has what the page fetches as shipped. */
const replacements: { readonly [address: string]: readonly string[] } = {
  "/data/pretrained/policy.headway": ["policy.headway", "policy/policy.headway"],
  "/data/pretrained/imitation.headway": ["imitation/policy.headway"],
  "/data/pretrained/forward-model.headway": ["forward-model.headway", "model/forward-model.headway"],
};

/**
 * Answers for the shipped checkpoints with those of a run, where the run has them already, and tells how its trainings go:
 * `run/trainings.json` lists them, `run/metrics.json?training=NAME&after=UPDATE` holds their later lines, and
 * `run/evaluation.json` is the run's own. Everything is read anew for each answer: the run goes on.
 */
export function serveRun(run: string): Plugin {
  const answers: { readonly [address: string]: (query: URLSearchParams) => Uint8Array | string | undefined } =
    {
      "/run/trainings.json": () => JSON.stringify(trainingsIn(run)),
      "/run/metrics.json": (query) => {
        const name = query.get("training") ?? "";
        if (!trainingNames(run).includes(name)) return undefined;
        return JSON.stringify(laterLines(join(run, name), Number(query.get("after") ?? 0)));
      },
      "/run/evaluation.json": () => readIfThere(join(run, "evaluation.json")),
    };
  for (const [address, names] of Object.entries(replacements)) {
    const place = (): string | undefined =>
      names.map((name) => join(run, name)).find((path) => existsSync(path));
    Object.assign(answers, { [address]: () => readIfThere(place()) });
  }
  return {
    name: "headway:run",
    configurePreviewServer(server) {
      server.middlewares.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
        const content = answers[pathname]?.(searchParams);
        if (content === undefined && !pathname.startsWith("/run/")) return next();
        response.setHeader("Cache-Control", "no-store");
        if (content === undefined) response.statusCode = 404;
        else if (pathname.endsWith(".json")) response.setHeader("Content-Type", "application/json");
        response.end(content ?? "");
      });
    },
  };
}

const readIfThere = (path: string | undefined): Uint8Array | undefined =>
  path !== undefined && existsSync(path) ? readFile(path, "a file of the run") : undefined;

/** The run itself, as the empty name, and its folders that are trainings. */
function trainingNames(run: string): string[] {
  const inside = readdirSync(run, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return ["", ...inside].filter((name) => existsSync(join(run, name, "metrics.jsonl")));
}

function trainingsIn(run: string): object[] {
  return trainingNames(run).map((name) => {
    const folder = join(run, name);
    const checkpoint = Object.values(artifacts)
      .map((file) => join(folder, file))
      .find((file) => existsSync(file));
    return {
      name,
      settings: readJsonFile(join(folder, "config.json"), "the settings of a run"),
      /** When it last wrote what it is for [ms]; null: not yet. */
      writtenAt: checkpoint === undefined ? null : statSync(checkpoint).mtimeMs,
    };
  });
}

/** The lines after an update; all of them where the run has gone back behind it. */
function laterLines(folder: string, after: number): { rewound: boolean; lines: object[] } {
  const all = readMetrics(folder);
  const rewound = (all.at(-1)?.update ?? 0) < after;
  return { rewound, lines: rewound ? all : all.filter(({ update }) => update > after) };
}
