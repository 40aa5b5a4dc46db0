/** What generated and real traffic are compared by, sample by sample. */
export const quantityNames = [
  "speed",
  "acceleration",
  "timeGap",
  "gap",
  "closingSpeed",
  "changeDuration",
  "density",
  "flow",
] as const;
export type QuantityName = (typeof quantityNames)[number];

export interface Quantity {
  readonly title: string;
  readonly unit: string;
  /** Where a plot begins and ends. */
  readonly range: readonly [number, number];
  readonly meaning: string;
}

/** Vehicles of main lanes only; a gap counts up to `longestGap`, where both sides see the leader. */
export const quantities: { readonly [Name in QuantityName]: Quantity } = {
  speed: { title: "Speed", unit: "m/s", range: [0, 28], meaning: "of every vehicle, twice a second" },
  acceleration: {
    title: "Acceleration",
    unit: "m/s²",
    range: [-3, 3],
    meaning: "change of speed over half a second, twice a second",
  },
  timeGap: { title: "Time gap", unit: "s", range: [0, 6], meaning: "gap over own speed, above 2 m/s" },
  gap: { title: "Gap", unit: "m", range: [0, 60], meaning: "bumper to bumper in the lane" },
  closingSpeed: {
    title: "Closing speed",
    unit: "m/s",
    range: [-6, 6],
    meaning: "own speed minus the leader's",
  },
  changeDuration: {
    title: "Duration of lane changes",
    unit: "s",
    range: [0, 10],
    meaning: "time around the crossing with a sideways speed above 0.15 m/s",
  },
  density: { title: "Density", unit: "veh/km", range: [0, 80], meaning: "per lane, cells of 50 m and 5 s" },
  flow: { title: "Flow", unit: "veh/h", range: [0, 2600], meaning: "per lane, the same cells" },
};
