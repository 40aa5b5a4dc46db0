import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EvaluationRow } from "../src/evaluation/index.ts";
import { Config } from "../src/cli/configuration.ts";
import { openDriver } from "../src/cli/drivers.ts";
import { openTraffic } from "../src/cli/recordings.ts";
import { judge } from "../src/cli/verdicts.ts";
import { decodeEnvelope } from "../src/core/index.ts";

interface Card {
  readonly command: string;
  readonly commit: string;
  readonly configuration: unknown;
  readonly evaluation: { readonly seed: number; readonly rows: readonly EvaluationRow[] };
}

const folder = "data/pretrained";
const files = {
  "forward-model": ["forward-model", 2],
  policy: ["policy", 1],
  imitation: ["policy", 1],
} as const;
const card = JSON.parse(readFileSync(`${folder}/card.json`, "utf8")) as Card;

describe("what ships trained", () => {
  test("is whole, and small enough for a page", () => {
    let bytes = 0;
    for (const [name, [kind, version]] of Object.entries(files)) {
      const file = `${folder}/${name}.headway`;
      expect(existsSync(file)).toBe(true);
      bytes += statSync(file).size;
      expect(() => decodeEnvelope(readFileSync(file), kind, version, file)).not.toThrow();
    }
    expect(bytes).toBeLessThan(8e6);
  });

  test("has a card that says how to make it again", () => {
    expect(card.command).toBe("npx headway quickstart");
    expect(card.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(Config.safeParse(card.configuration).success).toBe(true);
  });

  test("drives the held-out real clips exactly as its card says", async () => {
    const stated = card.evaluation.rows.find((row) => row.driver === "trained" && row.traffic === "us101");
    expect(stated).toBeDefined();
    const { traffic, seed, evaluation } = Config.parse(card.configuration);
    const [verdict] = await judge({
      recording: openTraffic("us101", traffic, seed),
      split: "test",
      episodes: evaluation.episodes,
      seed,
      drivers: [{ name: "trained", driver: await openDriver("policy", "wasm") }],
    });
    // How fast it went is the only thing that may differ; a row may hold more than it did when the card was written.
    expect({ ...verdict!.row, stepsPerSecond: 0 }).toMatchObject({ ...stated, stepsPerSecond: 0 });
  });
});
