import { existsSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Command, Option } from "commander";
import { InputError } from "../../core/index.ts";
import { importI80Lane, type Imported, importUs101, type NamedText } from "../../episodes/index.ts";
import { readFile, reasonOf } from "../files.ts";
import { createOutput } from "../output.ts";
import { writeRecording } from "../recordings.ts";

/** Text formats of recorded traffic and what turns each into a Recording. */
const formats: { readonly [name: string]: (files: readonly string[]) => Imported } = {
  us101([tracks, windows, ...rest]) {
    if (tracks === undefined || rest.length > 0) {
      throw new InputError(
        "import --format us101: expected the tracks and the windows file, got another number.",
      );
    }
    return importUs101(readText(tracks), readText(windows ?? windowsBeside(tracks)));
  },
  "i80-lane1"([tracks, ...rest]) {
    if (tracks === undefined || rest.length > 0) {
      throw new InputError("import --format i80-lane1: expected one file of tracks, got another number.");
    }
    return importI80Lane(readText(tracks));
  },
};

interface ImportOptions {
  readonly format: string;
  readonly out: string;
  readonly json: boolean;
}

export function registerImport(program: Command): void {
  program
    .command("import")
    .description("turn files of recorded traffic into a recording")
    .argument("<file...>", "files of one recording; .gz is unpacked")
    .addOption(
      new Option("--format <name>", "how the files are laid out")
        .choices(Object.keys(formats))
        .makeOptionMandatory(),
    )
    .requiredOption("--out <file>", "where the recording goes")
    .option("--json", "print exactly one JSON object on stdout", false)
    .action(importFiles);
}

function importFiles(files: readonly string[], options: ImportOptions): void {
  const output = createOutput(options.json);
  const { recording, rejected, repaired } = formats[options.format](files);
  const bytes = writeRecording(options.out, recording);
  const speeds = recording.tracks.reduce((sum, { speed }) => sum + speed.reduce((a, b) => a + b, 0), 0);
  const steps = recording.tracks.reduce((sum, { speed }) => sum + speed.length, 0);
  const result = {
    vehicles: recording.tracks.length,
    frames: recording.frames,
    seconds: recording.clips.reduce((sum, clip) => sum + clip.endFrame - clip.firstFrame, 0) * recording.dt,
    lanes: recording.road.lanes.length,
    meanSpeed: steps === 0 ? 0 : speeds / steps,
    rejected,
  };
  output.print(
    `${options.out}: ${result.vehicles} vehicles in ${recording.clips.length} clips, ` +
      `${result.seconds.toFixed(0)} s on ${result.lanes} lanes, mean speed ${result.meanSpeed.toFixed(1)} m/s, ` +
      `${(bytes / 1e6).toFixed(2)} MB.`,
  );
  for (const { vehicle, reason } of rejected) output.note(`left out ${vehicle}: ${reason}`);
  for (const { vehicle, reason } of repaired) output.note(`mended ${vehicle}: ${reason}`);
  output.result(result);
}

function windowsBeside(tracks: string): string {
  const windows = tracks.replace(/\.csv(\.gz)?$/, "_windows.csv");
  if (windows === tracks || !existsSync(windows)) {
    throw new InputError(
      `${tracks}: expected its windows file beside it or as a second argument, got neither.`,
    );
  }
  return windows;
}

function readText(path: string): NamedText {
  const bytes = readFile(path, "recorded traffic");
  if (!path.endsWith(".gz")) return { name: path, text: Buffer.from(bytes).toString("utf8") };
  try {
    return { name: path, text: gunzipSync(bytes).toString("utf8") };
  } catch (error) {
    throw new InputError(`${path}: expected gzip, but it does not unpack (${reasonOf(error)}).`);
  }
}
