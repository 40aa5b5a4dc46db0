import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { TimedChange } from "../recordings.ts";
import { addCommonOptions, type CommonOptions, folderToWrite, minutes } from "../options.ts";
import { createOutput } from "../output.ts";
import { describeSeconds, withProgress } from "../progress.ts";

interface RecordOptions extends CommonOptions {
  readonly traffic: string;
  readonly minutes?: number;
  readonly out: string;
  readonly change: readonly TimedChange[];
}

export function registerRecord(program: Command): void {
  addCommonOptions(
    program
      .command("record")
      .description("drive generated traffic and keep it as a recording")
      .requiredOption(
        "--traffic <scenario>",
        "which traffic to generate; us101 or the file of a recording is copied",
      )
      .option("--minutes <n>", "how long (default: traffic.minutes of the configuration)", minutes)
      .option("--out <folder>", "where the recording goes", folderToWrite, "data/recorded")
      .option(
        "--change <seconds:name=value>",
        "change a parameter of the traffic while it is recorded, for example 60:timeGap=2; repeatable",
        timedChange,
        [],
      ),
  )
    .addHelpText(
      "after",
      "\nParameters from the start are set with --set, for example --set traffic.timeGap=2.\n" +
        "headway scenarios lists what traffic can be generated, headway config the parameters.",
    )
    .action(record);
}

/** Parses `seconds:name=value` for commander; names and ranges are checked where they are known. */
function timedChange(text: string, earlier: readonly TimedChange[]): readonly TimedChange[] {
  const parts = /^(\d+(?:\.\d+)?):(\w+)=(-?\d+(?:\.\d+)?)$/.exec(text);
  if (parts === null) {
    throw new InvalidArgumentError(`expected seconds:name=value, for example 60:timeGap=2, got "${text}".`);
  }
  const [, seconds, name, value] = parts;
  return [...earlier, { seconds: Number(seconds), parameters: { [name!]: Number(value) } }];
}

async function record(options: RecordOptions): Promise<void> {
  const { configurationOf } = await import("../configuration.ts");
  const { checkScenarios, checkTraffic, openTraffic, writeRecording } = await import("../recordings.ts");
  const output = createOutput(options.json);
  const { seed, traffic } = configurationOf(options);
  const wanted = { ...traffic, minutes: options.minutes ?? traffic.minutes, changes: options.change };
  if (options.change.length > 0) checkScenarios([options.traffic], "--traffic with --change");
  checkTraffic([options.traffic], "--traffic");
  const total = Math.round(wanted.minutes * 60 + wanted.warmUpSeconds);
  const shown = { label: "record", total, unit: "s of traffic", fromFirstUpdate: true };
  const recording = withProgress(shown, (progress) =>
    openTraffic(options.traffic, wanted, seed, (done) => progress.update(Math.round(done * total))),
  );
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
