import type { Road } from "../../sim/index.ts";

/**
 * US-101 between Ventura Boulevard and Cahuenga Boulevard as the shipped tracks show it, straightened: five main lanes,
 * the auxiliary lane between on-ramp and off-ramp, and the end of the on-ramp. Lane lines lie halfway between the
 * median paths of neighboring lanes (0.07, −3.58, −6.98, −10.25, −13.94, −17.03 m from s = 80 m on).
 */
export const us101Road: Road = {
  name: "us101",
  length: 660,
  lanes: [
    { center: 0, width: 3.54, start: 0, end: 660 },
    { center: -3.52, width: 3.5, start: 0, end: 660 },
    { center: -6.95, width: 3.36, start: 0, end: 660 },
    { center: -10.36, width: 3.46, start: 0, end: 660 },
    { center: -13.88, width: 3.58, start: 0, end: 660 },
    { center: -17.32, width: 3.3, start: 140, end: 430 },
    { center: -20.62, width: 3.3, start: 90, end: 190 },
  ],
};

const spacing = 20;
/**
 * How far all lanes together lie to the left of their places at s = 0, 20, 40 … m: the line along which s was measured
 * wanders. Median over lanes 1 to 5 of (lateral position − lane center) per 10 m, smoothed over 10 m; before
 * s = 75 m, where lane numbers are unreliable, continued by the median slope of the tracks.
 */
const drift = [
  4.44, 3.21, 1.91, 0.75, 0.09, -0.04, -0.16, -0.29, -0.47, -0.38, -0.1, 0.18, 0.44, 0.52, 0.46, 0.48, 0.46,
  0.38, 0.31, 0.21, 0.06, -0.07, -0.19, -0.27, -0.36, -0.4, -0.38, -0.35, -0.34, -0.33, 0.06, 0.79, 1.66,
  2.56,
];

/** The common drift of the lanes [m] at `s` [m]: a Catmull-Rom spline through the table. */
export function us101Drift(s: number): number {
  const position = Math.min(Math.max(s / spacing, 0), drift.length - 1);
  const i = Math.min(Math.floor(position), drift.length - 2);
  const t = position - i;
  const at = (j: number): number => drift[Math.min(Math.max(j, 0), drift.length - 1)];
  const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
  return p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
}
