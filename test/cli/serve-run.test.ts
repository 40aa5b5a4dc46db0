import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveRun } from "../../src/cli/serve-run.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headway-serve-"));
  for (const name of ["model", "policy", "traffic"]) mkdirSync(join(folder, name));
  for (const name of ["model", "policy"]) {
    writeFileSync(join(folder, name, "config.json"), JSON.stringify({ kind: name }));
    writeFileSync(join(folder, name, "metrics.jsonl"), '{"update":1,"total":3}\n{"update":2,"total":2}\n');
  }
  writeFileSync(join(folder, "policy", "policy.headway"), "bytes of a policy");
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What a page gets; null where the answer is left to the page's own files. */
function get(url: string): Answer | null {
  let answer: Answer | null = null;
  const response = {
    statusCode: 200,
    setHeader: () => undefined,
    end(content: string | Uint8Array) {
      answer = { status: this.statusCode, text: Buffer.from(content).toString("utf8") };
    },
  };
  const server = {
    middlewares: {
      use: (handle: (request: object, answer: object, next: () => void) => void) =>
        handle({ url }, response, () => undefined),
    },
  };
  const hook = serveRun(folder).configurePreviewServer as unknown as (server: object) => void;
  hook(server);
  return answer;
}
const json = (url: string): unknown => JSON.parse(get(url)!.text);

test("a run tells its trainings, and which of them has written what it is for", () => {
  expect(json("/run/trainings.json")).toEqual([
    { name: "model", settings: { kind: "model" }, writtenAt: null },
    { name: "policy", settings: { kind: "policy" }, writtenAt: expect.any(Number) as number },
  ]);
});

test("metrics are told from an update on, grow as the training does, and begin anew when it went back", () => {
  const address = "/run/metrics.json?training=policy&after=";
  expect(json(`${address}1`)).toEqual({ rewound: false, lines: [{ update: 2, total: 2 }] });
  appendFileSync(join(folder, "policy", "metrics.jsonl"), '{"update":3,"total":1}\n{"upd');
  expect(json(`${address}2`)).toEqual({ rewound: false, lines: [{ update: 3, total: 1 }] });
  expect(json(`${address}9`)).toMatchObject({
    rewound: true,
    lines: [{ update: 1 }, { update: 2 }, { update: 3 }],
  });
});

test("a trained driver takes the place of the shipped one; what a run has not is the page's own, or not there", () => {
  expect(get("/data/pretrained/policy.headway")).toEqual({ status: 200, text: "bytes of a policy" });
  expect(get("/data/pretrained/imitation.headway")).toBeNull();
  expect(get("/index.html")).toBeNull();
  expect(get("/run/evaluation.json")).toMatchObject({ status: 404 });
  expect(get("/run/metrics.json?training=../secret")).toMatchObject({ status: 404 });
});
