import { across, along, entry, type LaneRows, type Profile } from "./lane-profile.ts";
import type { SeenVehicle } from "./seen-vehicles.ts";
import { type SurveyedRoad, surveyedRoad } from "./surveyed-road.ts";

/** Collects where vehicles drive, in bins: a whole hour costs no more memory than a minute. */
export interface LaneSurvey {
  add(vehicle: SeenVehicle): void;
  /** Lanes named in the file where they stand, else lanes where the traffic is dense. */
  road(): SurveyedRoad;
}

/** A lane that fewer vehicles use is a shoulder or a slip of the pen, unless there is no other. */
const leastUsers = 3;

export function createLaneSurvey(): LaneSurvey {
  const rowsByLane = new Map<number, LaneRows>();
  const vehiclesByLane = new Map<number, number>();
  const vehiclesByStretch = new Map<number, number>();
  return {
    add({ x, y, lanes }) {
      for (const lane of new Set(lanes)) vehiclesByLane.set(lane, (vehiclesByLane.get(lane) ?? 0) + 1);
      let previous = Number.NaN;
      for (let i = 0; i < x.length; i++) {
        const stretch = Math.floor(x[i] / along);
        if (stretch !== previous) vehiclesByStretch.set(stretch, (vehiclesByStretch.get(stretch) ?? 0) + 1);
        previous = stretch;
        const rows = entry(rowsByLane, lanes[i], () => new Map<number, Profile>());
        const place = Math.round(y[i] / across);
        const profile = entry(rows, stretch, () => new Map<number, number>());
        profile.set(place, (profile.get(place) ?? 0) + 1);
      }
    },
    road() {
      const used = [...rowsByLane].filter(([lane]) => vehiclesByLane.get(lane)! >= leastUsers);
      return surveyedRoad(new Map(used.length > 0 ? used : rowsByLane), vehiclesByStretch);
    },
  };
}
