import { expect, test } from "vitest";
import { headway, headwayHere } from "./headway.ts";

test("--json prints exactly one object on stdout", () => {
  const { code, stdout } = headway(
    "config",
    "--preset",
    "debug",
    "--seed",
    "7",
    "--set",
    "traffic.minutes=2",
    "--json",
  );
  expect(code).toBe(0);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  const config = JSON.parse(stdout) as { seed: number; traffic: { minutes: number; scenarios: string[] } };
  expect(config.seed).toBe(7);
  expect(config.traffic).toMatchObject({ minutes: 2, scenarios: ["free-flow"] });
});

test("without --json the settings are listed for people", async () => {
  const { code, stdout } = await headwayHere("config");
  expect(code).toBe(0);
  expect(stdout).toContain("forwardModel.latentSize = 1  length of a latent");
  expect(stdout).not.toContain("(default ");
});

test("what a preset or a setting changes is listed beside its default", async () => {
  const { stdout } = await headwayHere("config", "--preset", "paper", "--set", "seed=3");
  expect(stdout).toContain("seed = 3 (default 1)  root of all randomness");
  expect(stdout).toContain('forwardModel.latentPer = "view" (default "cell")  what has');
});
