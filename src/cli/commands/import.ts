import { basename } from "node:path";
import { type Command, Option } from "commander";
import {
  type Imported,
  type Carriageway,
  drawRecording,
  importFormats,
  type ImportFormat,
  type VehicleNote,
} from "../../episodes/index.ts";
import { writeFileAtomically } from "../files.ts";
import { guessImportFormat, importTraffic } from "../imports.ts";
import { fileToWrite } from "../options.ts";
import { createOutput, type Output } from "../output.ts";
import { writeRecording } from "../recordings.ts";

/** So many vehicles are told of one by one; --json tells of all. */
const mostNotes = 20;

interface ImportOptions {
  readonly format?: ImportFormat;
  readonly columns?: string;
  readonly carriageway: Carriageway;
  readonly site?: string;
  readonly out: string;
  readonly picture?: string;
  readonly json: boolean;
}

const help = `
Formats
  ngsim       the original text files (18 columns, feet), one after the other, or the re-publication as CSV
  commonroad  one CommonRoad scenario (XML, 2018b or 2020a)
  highd       NN_tracks.csv; NN_tracksMeta.csv and NN_recordingMeta.csv lie beside it
  csv         any table with one row per vehicle and instant, read as --columns says
  us101, i80-lane1   the tables that ship in data/recordings
Without --format, the first file's beginning decides. Files are read piece by piece and may be larger than memory.

A column map, with everything that has a default left out:
  {"columns": {"vehicle": "id", "time": "t", "along": "x", "across": "y", "lane": "lane"},
   "framesPerSecond": 10, "units": {"distance": "ft"}, "reference": "front"}
src/episodes/import/README.md lists all keys, and the rules by which vehicles are repaired or left out.`;

export function registerImport(program: Command): void {
  program
    .command("import")
    .description("turn files of recorded traffic into a recording")
    .argument("<file...>", "files of one recording; .gz is unpacked")
    .addOption(
      new Option("--format <name>", "how the files are laid out; default: what they show").choices(
        importFormats,
      ),
    )
    .option("--columns <map.json>", "what the columns of a csv table mean")
    .addOption(
      new Option("--carriageway <side>", "highd: which one").choices(["lower", "upper"]).default("lower"),
    )
    .option("--site <name>", "ngsim as CSV: which of several sites, us-101 or i-80")
    .requiredOption("--out <file>", "where the recording goes", fileToWrite)
    .option("--picture <file.svg>", "also draw the tracks over the lanes, and over time", fileToWrite)
    .option("--json", "print exactly one JSON object on stdout", false)
    .addHelpText("after", help)
    .action(importFiles);
}

function importFiles(files: readonly string[], options: ImportOptions): void {
  const output = createOutput(options.json);
  const format = options.format ?? guessImportFormat(files[0], options.columns);
  if (options.format === undefined) output.note(`${files[0]}: looks like ${format}.`);
  const imported = importTraffic(format, files, {
    ...options,
    name: basename(options.out).replace(/\.recording$/, ""),
  });
  const bytes = writeRecording(options.out, imported.recording);
  if (options.picture !== undefined) writeFileAtomically(options.picture, drawRecording(imported.recording));
  report(imported, options, bytes, output);
}

function report(
  { recording, rejected, repaired }: Imported,
  options: ImportOptions,
  bytes: number,
  output: Output,
): void {
  const speeds = recording.tracks.reduce((sum, { speed }) => sum + speed.reduce((a, b) => a + b, 0), 0);
  const steps = recording.tracks.reduce((sum, { speed }) => sum + speed.length, 0);
  const result = {
    vehicles: recording.tracks.length,
    frames: recording.frames,
    seconds: recording.clips.reduce((sum, clip) => sum + clip.endFrame - clip.firstFrame, 0) * recording.dt,
    lanes: recording.road.lanes.length,
    meanSpeed: steps === 0 ? 0 : speeds / steps,
    rejected,
    repaired,
  };
  output.print(
    `${options.out}: ${result.vehicles} vehicles in ${recording.clips.length} ` +
      `${recording.clips.length === 1 ? "clip" : "clips"}, ${result.seconds.toFixed(0)} s on ${result.lanes} ` +
      `${result.lanes === 1 ? "lane" : "lanes"}, mean speed ${result.meanSpeed.toFixed(1)} m/s, ` +
      `${(bytes / 1e6).toFixed(2)} MB; ${rejected.length} tracks left out, ${repaired.length} repairs.`,
  );
  if (options.picture !== undefined) output.print(`${options.picture}: the tracks over the lanes.`);
  noteAll("left out", rejected, output);
  noteAll("mended", repaired, output);
  output.result(result);
}

function noteAll(what: string, notes: readonly VehicleNote[], output: Output): void {
  for (const { vehicle, reason } of notes.slice(0, mostNotes)) output.note(`${what} ${vehicle}: ${reason}`);
  if (notes.length > mostNotes) output.note(`${what}: ${notes.length - mostNotes} more; --json lists all.`);
}
