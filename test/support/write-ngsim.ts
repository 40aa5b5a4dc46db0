/**
 * Writes generated traffic in the layout of the original NGSIM text files, to measure an import of their size:
 * `npx tsx test/support/write-ngsim.ts <folder> [files] [minutes each]`. Rows stand vehicle by vehicle, in feet.
 */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createRng } from "../../src/core/index.ts";
import { record } from "../../src/episodes/index.ts";
import { createSimulation, laneAt, scenarios } from "../../src/sim/index.ts";

const [folder, files = "3", minutes = "15"] = process.argv.slice(2);
const feet = (meters: number, digits = 3): string => (meters / 0.3048).toFixed(digits);

mkdirSync(folder, { recursive: true });
let total = 0;
for (let part = 0; part < Number(files); part++) {
  const rng = createRng(1).fork(`part/${part}`);
  const { tracks, road } = record(createSimulation(scenarios.dense, rng), {
    name: "dense",
    warmUpSeconds: 60,
    seconds: Number(minutes) * 60,
    provenance: "generated",
  });
  const origin = 1_113_433_135_000 + part * 3_600_000;
  const descriptor = openSync(join(folder, `trajectories-${part + 1}.txt`), "w");
  for (const [index, track] of tracks.entries()) {
    const lines: string[] = [];
    for (let t = 0; t < track.x.length; t++) {
      const frame = track.firstFrame + t + 1;
      const lane = Math.max(0, laneAt(road, track.x[t], track.y[t])) + 1;
      const across = road.lanes[0].width / 2 - track.y[t] + 0.1 * rng.normal();
      const along = track.x[t] + track.length / 2 + 0.1 * rng.normal();
      const place = [feet(across), feet(along), feet(1_841_000 + across), feet(650_000 + along)];
      const size = [feet(track.length, 1), feet(track.width, 1), 2];
      const motion = [feet(track.speed[t], 2), "0.00"];
      lines.push(
        [
          index + 1,
          frame,
          track.x.length,
          origin + frame * 100,
          ...place,
          ...size,
          ...motion,
          lane,
          0,
          0,
          "0.00",
          "0.00",
        ]
          .map((cell, i) => String(cell).padStart([5, 9, 9, 14, 10, 10, 12, 12][i] ?? 8))
          .join(" "),
      );
    }
    total += lines.length;
    writeSync(descriptor, lines.join("\n") + "\n");
  }
  closeSync(descriptor);
}
console.log(`${folder}: ${total} rows`);
