import { readCommonRoad } from "./commonroad-file.ts";
import { lanesOfLanelets } from "./lanelet-lanes.ts";
import { type Sighting, type Source, unknownLane } from "./sighting.ts";
import { baseName, type TextFile } from "./text.ts";

/** Trajectories of scenarios are smooth already [s]. */
const smoothSeconds = 0.1;
const motorVehicles = new Set([
  "car",
  "truck",
  "bus",
  "motorcycle",
  "taxi",
  "priorityVehicle",
  "parkedVehicle",
  "unknown",
]);

/**
 * A CommonRoad scenario: its moving obstacles become vehicles, its lanelets lanes of a road that is straightened along
 * the longest way through it. Who came later than the first instant is missing in such files, so the traffic counts
 * as known only between the hindmost and the foremost vehicle.
 */
export function openCommonRoad(file: TextFile, name: string): Source {
  const { frameSeconds, lanelets, obstacles } = readCommonRoad(file);
  const { line, lanes } = lanesOfLanelets(lanelets, file.name);
  const clip = baseName(file.name);
  const leftOut: { clip: string; vehicle: string; reason: string }[] = [];
  function* sightings(): Generator<Sighting> {
    for (const obstacle of obstacles) {
      const why = whyNoVehicle(obstacle);
      if (why !== undefined) {
        leftOut.push({ clip, vehicle: obstacle.id, reason: why });
        continue;
      }
      for (const [i, frame] of obstacle.frames.entries()) {
        const { along, left } = line.project(obstacle.x[i], obstacle.y[i]);
        yield {
          clip,
          vehicle: obstacle.id,
          frame,
          x: along,
          y: left,
          length: obstacle.length,
          width: obstacle.width,
          lane: unknownLane,
          line: obstacle.line,
        };
      }
    }
  }
  return {
    file: file.name,
    name,
    provenance: `imported from the CommonRoad scenario ${clip}; straightened along its longest chain of lanelets`,
    frameSeconds,
    reference: "center",
    smoothSeconds,
    lanes,
    known: "some",
    sightings: sightings(),
    leftOut: () => leftOut,
  };
}

function whyNoVehicle(obstacle: ReturnType<typeof readCommonRoad>["obstacles"][number]): string | undefined {
  if (!obstacle.moves) return "is a static obstacle";
  if (!motorVehicles.has(obstacle.type)) return `is no motor vehicle but a ${obstacle.type}`;
  if (Number.isNaN(obstacle.length) || Number.isNaN(obstacle.width))
    return "has another shape than a rectangle";
  if (obstacle.frames.length < 2) return "has no trajectory";
  return undefined;
}
