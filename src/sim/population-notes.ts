import type { DriverPopulation } from "./population.ts";

/** What a parameter of a population is. */
export interface ParameterNote {
  /** "1" for a pure number. */
  readonly unit: string;
  readonly meaning: string;
  /** Where a value may be looked up, or how it was found. */
  readonly source: string;
}

const idm = "Treiber & Kesting, Traffic Flow Dynamics (2013), ch. 11";
const hdm = "human driver model: Treiber, Kesting, Helbing, Physica A 360, 71 (2006)";
const mobil = "MOBIL: Kesting, Treiber, Helbing, Transp. Res. Rec. 1999, 86 (2007)";
const ngsimChanges = "NGSIM: Thiemann, Treiber, Kesting, Transp. Res. Rec. 2088, 90 (2008): 4.0 ± 2.3 s";
const unseen = "no measurement: intentions and moods that no picture shows; chosen so that they matter";
const clip = "vehicle sizes of the US-101 training clip";

const note = (unit: string, meaning: string, source: string): ParameterNote => ({ unit, meaning, source });

/** Unit, meaning and source of every parameter. "Fitted" values are found by `headway calibrate`. */
export const populationNotes: { readonly [Name in keyof DriverPopulation]: ParameterNote } = {
  desiredSpeed: note("m/s", "speed of cars on an empty road, mean", "free-flow speeds of US freeways"),
  desiredSpeedSpread: note("1", "its spread", "free-flow speeds deviate by about 12 %"),
  desiredTimeGap: note("s", "time gap kept behind a leader, mean", `${idm}: 0.9 to 1.4 s; fitted`),
  desiredTimeGapSpread: note("1", "its spread between drivers", "fitted"),
  jamGap: note("m", "gap kept at a standstill, mean", `${idm}: 2 m; fitted`),
  jamGapSpread: note("1", "its spread", unseen),
  maxAcceleration: note("m/s²", "acceleration from a standstill, mean", `${idm}: 1 to 2; fitted`),
  comfortableDeceleration: note(
    "m/s²",
    "deceleration that is not exceeded without need, mean",
    `${idm}; fitted`,
  ),
  accelerationSpread: note("1", "spread of both", unseen),

  politeness: note("1", "upper end of a uniform politeness", `${mobil}: 0 to 0.5`),
  changeThreshold: note(
    "m/s²",
    "advantage below which one stays in the lane",
    `${mobil}: 0.1 to 0.2; fitted`,
  ),
  safeDeceleration: note("m/s²", "deceleration that a change may impose on others", mobil),
  changeDuration: note("s", "duration of a lane change at speed", ngsimChanges),
  abandonedChangeFraction: note("1", "lane changes that are begun and given up", unseen),
  patience: note("s", "time between two lane changes of one driver", unseen),
  preferringFraction: note("1", "drivers with a preferred lane", unseen),
  preferenceBias: note("m/s²", "what the preferred lane is worth to them", `bias of ${mobil}; fitted`),
  exitFraction: note("1", "drivers who will leave by the right and say so to nobody", unseen),
  exitBias: note("m/s²", "what the rightmost lane is worth to them once they are near their exit", unseen),
  exitStretch: note("m", "their wish begins somewhere between the entrance and here", unseen),

  reactionTime: note(
    "s",
    "time from seeing to acting",
    `${hdm}: 0.6 with anticipation; here without, so shorter`,
  ),
  gapError: note(
    "1",
    "relative deviation of the perceived gap",
    `${hdm}: 0.05, more for changing moods; fitted`,
  ),
  closingSpeedError: note(
    "1/s",
    "deviation of the perceived closing speed per meter of gap",
    `${hdm}: 0.01; fitted`,
  ),
  perceptionMemory: note("s", "how long errors of perception persist", `${hdm}: 20`),
  accelerationNoise: note(
    "m/s²",
    "deviation of the acceleration of a foot that is not quite steady",
    "fitted",
  ),
  accelerationMemory: note("s", "how long such a deviation persists", "fitted"),
  lapseRate: note(
    "1/s",
    "lapses of attention per driver",
    "glances off the road: Klauer et al., NHTSA DOT HS 810 594 (2006)",
  ),
  lapseDuration: note("s", "how long a lapse lasts", "as above: 0.5 to 2 s"),
  brakingRate: note("1/s", "sudden braking without visible reason, per driver", "fitted"),
  brakingDeceleration: note("m/s²", "its strength at first; it fades within accelerationMemory", unseen),
  laneDrift: note("m", "largest distance from the center of the lane", "NGSIM positions in lanes"),
  laneDriftInterval: note("s", "mean time after which another place in the lane is taken", unseen),

  carLength: note("m", "length of cars, mean", clip),
  carLengthSpread: note("1", "its spread", clip),
  carWidth: note(
    "m",
    "width of cars without mirrors, mean",
    "passenger cars; the clip's widths are of blurred outlines",
  ),
  carWidthSpread: note("1", "its spread", "passenger cars"),
  truckFraction: note("1", "trucks and buses among all vehicles", `${clip}: longer than 7.5 m`),
  truckLength: note("m", "length of trucks and buses", clip),
  truckWidth: note("m", "their width", "US limit of 2.6 m"),
  truckSpeed: note("m/s", "trucks want no more than this", "California limit for trucks: 55 mph"),
  truckVigor: note("1", "their acceleration as a part of a car's", idm),
  truckExtraTimeGap: note("s", "added to their desired time gap", idm),
  motorcycleFraction: note("1", "motorcycles among all vehicles", "NGSIM US-101: about 1 %"),
  motorcycleLength: note("m", "their length", "common sizes"),
  motorcycleWidth: note("m", "their width", "common sizes"),
};
