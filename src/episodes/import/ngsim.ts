import { InputError } from "../../core/index.ts";
import { ngsimSmoothSeconds } from "./centers.ts";
import type { Sighting, Source } from "./sighting.ts";
import { tableRows } from "./table-rows.ts";
import { baseName, type TextFile } from "./text.ts";

const metersPerFoot = 0.3048;
const frameSeconds = 0.1;
/** Rows whose clocks disagree by more than this belong to another stretch of filming [ms]. */
const sameFilming = 60_000;

/** The columns of the original text files. The re-publication as CSV has the same names and more, in capitals and not. */
const names = [
  "vehicle_id",
  "frame_id",
  "total_frames",
  "global_time",
  "local_x",
  "local_y",
  "global_x",
  "global_y",
  "v_length",
  "v_width",
  "v_class",
  "v_vel",
  "v_acc",
  "lane_id",
  "preceding",
  "following",
  "space_headway",
  "time_headway",
];
const used = [
  "vehicle_id",
  "frame_id",
  "global_time",
  "local_x",
  "local_y",
  "v_length",
  "v_width",
  "lane_id",
];

const provenance =
  "NGSIM (U.S. DOT FHWA, Next Generation Simulation Vehicle Trajectories and Supporting Data, DOI 10.21949/1504477; a " +
  "U.S. Government work); smoothed, straightened and moved from front to center.";

export interface NgsimFile extends TextFile {
  /** The re-publication as CSV has one. */
  readonly hasHeader: boolean;
}

export interface NgsimOptions {
  readonly name: string;
  /** Which of several sites in one CSV file: us-101 or i-80. */
  readonly site?: string;
}

/**
 * NGSIM's highways: the original text files, 18 columns in feet, one after the other, or the re-publication as CSV.
 * Vehicles and frames are counted anew in each file, and wherever the clock says that filming began anew. Lanes,
 * the auxiliary lane and ramps are found where their numbers are driven.
 */
export function openNgsim(files: readonly NgsimFile[], options: NgsimOptions): Source {
  /** Clips and the time of their frame 0 [ms]. */
  const clips: { readonly name: string; readonly file: number; readonly origin: number }[] = [];
  const clipOf = (file: number, origin: number): string => {
    for (let i = clips.length - 1; i >= 0; i--) {
      const clip = clips[i];
      if (clip.file === file && Math.abs(clip.origin - origin) < sameFilming) return clip.name;
    }
    const base = baseName(files[file].name);
    const before = clips.filter((clip) => clip.file === file).length;
    const name = before === 0 ? base : `${base} ${before + 1}`;
    clips.push({ name, file, origin });
    return name;
  };
  function* sightings(): Generator<Sighting> {
    for (const [index, file] of files.entries())
      yield* rowsOf(file, options.site, (origin) => clipOf(index, origin));
  }
  return {
    file: files.map(({ name }) => name).join(", "),
    name: options.name,
    provenance,
    frameSeconds,
    reference: "front",
    smoothSeconds: ngsimSmoothSeconds,
    known: "all on the road",
    sightings: sightings(),
    clipOrder: () => clips.toSorted((a, b) => a.origin - b.origin).map(({ name }) => name),
  };
}

function* rowsOf(
  file: NgsimFile,
  site: string | undefined,
  clipOf: (origin: number) => string,
): Generator<Sighting> {
  const layout = file.hasHeader
    ? { required: used, lowerCase: true }
    : { required: used, names, delimiter: "whitespace" };
  let onlySite = site?.toLowerCase();
  for (const row of tableRows(file, layout)) {
    if (row.has("location")) {
      const here = row.text("location").trim().toLowerCase();
      onlySite ??= here;
      if (here !== onlySite) {
        if (site !== undefined) continue;
        throw new InputError(
          `${file.name}, line ${row.line}, column location: expected one site, got ${here} after ${onlySite}; ` +
            `choose with --site.`,
        );
      }
    }
    const frame = row.whole("frame_id");
    yield {
      clip: clipOf(row.number("global_time") - frame * frameSeconds * 1000),
      vehicle: String(row.whole("vehicle_id")),
      frame,
      x: row.number("local_y") * metersPerFoot,
      // Counted from the left edge of the road to the right.
      y: -row.number("local_x") * metersPerFoot,
      length: row.number("v_length") * metersPerFoot,
      width: row.number("v_width") * metersPerFoot,
      lane: row.whole("lane_id"),
      line: row.line,
    };
  }
}
