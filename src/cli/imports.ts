import { existsSync, statSync } from "node:fs";
import { InputError } from "../core/index.ts";
import {
  type Carriageway,
  guessFormat,
  importFormats,
  type ImportFormat,
  importI80Lane,
  type Imported,
  importUs101,
  type NamedText,
  openCommonRoad,
  openHighd,
  openMappedCsv,
  openNgsim,
  parseColumnMap,
  recordingFrom,
  type TextFile,
} from "../episodes/index.ts";
import { readJsonFile } from "./files.ts";
import { type Progress, withProgress } from "./progress.ts";
import { openTextFile, readTextFile } from "./text-files.ts";

/** What the user chose beside the files. */
export interface ImportChoices {
  /** Of the recording. */
  readonly name: string;
  readonly columns?: string;
  readonly carriageway: Carriageway;
  readonly site?: string;
}

/** Enough to see a header and the outermost XML element. */
const headCharacters = 4096;

/** Files are read within a second or two, without a bar, up to so much. */
const smallBytes = 20e6;

/** Opens the files in a format and imports them; large ones show how far they are. */
export function importTraffic(
  format: ImportFormat,
  files: readonly string[],
  choices: ImportChoices,
): Imported {
  const total = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  const importWith = (progress?: Progress): Imported => {
    let read = 0;
    return importOpened(format, files, choices, (path) =>
      openTextFile(path, (bytes) => {
        read += bytes;
        progress?.update(Math.floor(read / 1e6));
      }),
    );
  };
  if (total < smallBytes) return importWith();
  return withProgress({ label: "import", total: Math.ceil(total / 1e6), unit: "MB" }, importWith);
}

function importOpened(
  format: ImportFormat,
  files: readonly string[],
  choices: ImportChoices,
  open: (path: string) => TextFile,
): Imported {
  if (choices.columns !== undefined && format !== "csv") {
    throw new InputError(`import --columns: expected --format csv beside it, got ${format}.`);
  }
  switch (format) {
    case "ngsim": {
      const texts = files.map((file) => ({
        ...open(file),
        hasHeader: /^\s*"?[a-z]/i.test(readTextFile(file, headCharacters)),
      }));
      const { name, site } = choices;
      return recordingFrom(openNgsim(texts, { name, ...(site === undefined ? {} : { site }) }));
    }
    case "commonroad":
      return recordingFrom(openCommonRoad(open(only(files, format, "scenario")), choices.name));
    case "highd": {
      const tracks = only(files, format, "table of tracks");
      const [tracksMeta, recordingMeta] = ["tracksMeta", "recordingMeta"].map((table) =>
        open(besideTracks(tracks, table)),
      );
      return recordingFrom(
        openHighd({ tracks: open(tracks), tracksMeta, recordingMeta }, choices.name, choices.carriageway),
      );
    }
    case "csv": {
      if (choices.columns === undefined) {
        throw new InputError("import --format csv: expected --columns map.json, got none.");
      }
      const map = parseColumnMap(readJsonFile(choices.columns, "a column map"), choices.columns);
      return recordingFrom(openMappedCsv(files.map(open), map, choices.name));
    }
    case "us101": {
      const [tracks, windows] = files;
      if (files.length > 2) {
        throw new InputError(
          `import --format us101: expected the tracks and the windows file, got ${files.length} files.`,
        );
      }
      return importUs101(namedText(tracks), namedText(windows ?? windowsBeside(tracks)));
    }
    case "i80-lane1":
      return importI80Lane(namedText(only(files, format, "table of tracks")));
  }
}

/**
 * The format that a file shows unmistakably; a column map says that it is a table of its own kind.
 * @throws InputError when it shows none.
 */
export function guessImportFormat(file: string, columns: string | undefined): ImportFormat {
  if (columns !== undefined) return "csv";
  const format = guessFormat(readTextFile(file, headCharacters));
  if (format !== undefined) return format;
  throw new InputError(
    `${file}: expected --format ${importFormats.join("|")}, got none, and the file's beginning does not show it.`,
  );
}

function only(files: readonly string[], format: ImportFormat, what: string): string {
  if (files.length === 1) return files[0];
  throw new InputError(`import --format ${format}: expected one ${what}, got ${files.length} files.`);
}

const namedText = (path: string): NamedText => ({ name: path, text: readTextFile(path) });

/** 01_tracks.csv → 01_tracksMeta.csv or 01_recordingMeta.csv. */
function besideTracks(tracks: string, table: string): string {
  const beside = tracks.replace(/tracks\.csv(\.gz)?$/, `${table}.csv$1`);
  if (beside !== tracks && existsSync(beside)) return beside;
  const got = beside === tracks ? "another name" : `no ${beside}`;
  throw new InputError(
    `${tracks}: expected NN_tracks.csv with NN_tracksMeta.csv and NN_recordingMeta.csv beside it, got ${got}.`,
  );
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
