import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { importI80Lane, type Recording } from "../episodes/index.ts";
import { realParts, type RealPart } from "../realism/index.ts";
import { readFile } from "./files.ts";
import { projectRoot } from "./places.ts";
import { readRecording, shippedFile } from "./recordings.ts";

/** The real traffic that ships: US-101, and the leftmost lane of I-80. */
export function openRealTraffic(): { readonly us101: Recording; readonly i80: Recording } {
  const name = "i80_lane1.csv.gz";
  const packed = readFile(join(projectRoot, "data/recordings", name), "recorded traffic");
  const text = Buffer.from(gunzipSync(packed)).toString("utf8");
  return { us101: readRecording(shippedFile("us101")!), i80: importI80Lane({ name, text }).recording };
}

/** Without the auxiliary lane and the ramp. */
const mainLanesOfUs101 = 5;

/** It, clip by clip and set by set. */
export function shippedParts(): RealPart[] {
  const { us101, i80 } = openRealTraffic();
  return [...realParts("US-101", us101, mainLanesOfUs101), ...realParts("I-80 lane 1", i80, 1)];
}
