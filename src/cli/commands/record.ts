import { join } from "node:path";
import type { Command } from "commander";
import { addCommonOptions, type CommonOptions, minutes } from "../options.ts";
import { createOutput } from "../output.ts";
import { createProgress, describeSeconds } from "../progress.ts";

interface RecordOptions extends CommonOptions {
  readonly traffic: string;
  readonly minutes?: number;
  readonly out: string;
}

export function registerRecord(program: Command): void {
  addCommonOptions(
    program
      .command("record")
      .description("drive generated traffic and keep it as a recording")
      .requiredOption("--traffic <scenario>", "which traffic to generate")
      .option("--minutes <n>", "how long (default: traffic.minutes of the configuration)", minutes)
      .option("--out <folder>", "where the recording goes", "data/recorded"),
  ).action(record);
}

async function record(options: RecordOptions): Promise<void> {
  const { configurationOf } = await import("../configuration.ts");
  const { openTraffic, writeRecording } = await import("../recordings.ts");
  const output = createOutput(options.json);
  const { seed, traffic } = configurationOf(options);
  const length = { minutes: options.minutes ?? traffic.minutes, warmUpSeconds: traffic.warmUpSeconds };
  const total = Math.round(length.minutes * 60 + length.warmUpSeconds);
  const progress = createProgress("record", total, "s of traffic");
  const recording = openTraffic(options.traffic, length, seed, (done) =>
    progress.update(Math.round(done * total)),
  );
  progress.stop();
  const file = join(options.out, `${recording.name}.recording`);
  const bytes = writeRecording(file, recording);
  const result = {
    episodes: recording.tracks.length,
    steps: recording.tracks.reduce((sum, track) => sum + track.x.length - 1, 0),
    seconds: recording.frames * recording.dt,
    bytes,
  };
  output.print(
    `${file}: ${result.episodes} vehicles over ${describeSeconds(result.seconds)}, ` +
      `${result.steps} steps, ${(bytes / 1e6).toFixed(1)} MB.`,
  );
  output.result(result);
}
