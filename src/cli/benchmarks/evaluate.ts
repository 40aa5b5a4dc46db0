import { createRng } from "../../core/index.ts";
import { createFrameReader, splits } from "../../episodes/index.ts";
import { findStarts, runEpisodes } from "../../evaluation/index.ts";
import type { BenchOptions, BenchResult } from "../commands/bench.ts";
import { configurationOf } from "../configuration.ts";
import { openDriver, shippedPolicyFile } from "../drivers.ts";
import { openTraffic } from "../recordings.ts";

const episodes = 64;

/** Episodes per minute in dense traffic, of the shipped policy where there is one. */
export async function benchEvaluate(options: BenchOptions): Promise<BenchResult> {
  const { seed, traffic } = configurationOf(options);
  const recording = openTraffic("dense", traffic, seed);
  const rng = createRng(seed).fork("bench evaluate");
  const reader = createFrameReader(recording);
  const starts = findStarts(recording, splits(recording).test, { limit: episodes, rng, reader });
  const name = shippedPolicyFile("policy") === undefined ? "idm" : "policy";
  const driver = await openDriver(name, options.backend);
  // The first call compiles what the second one uses.
  runEpisodes({ recording, starts: starts.slice(0, 1), driver, rng, reader });
  const begin = performance.now();
  runEpisodes({ recording, starts, driver, rng, reader });
  const episodesPerMinute = starts.length / ((performance.now() - begin) / 60_000);
  return {
    result: { episodesPerMinute, driver: name, episodes: starts.length },
    line: `${Math.round(episodesPerMinute)} episodes/min with ${name} in dense traffic.`,
  };
}
