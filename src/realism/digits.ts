import type { Interval } from "../core/index.ts";

/** Digits after the point that a unit deserves. */
export const digitsOf = (unit: string): number =>
  unit === "veh/h" ? 0 : unit === "m" || unit === "veh/km" ? 1 : 2;

/** With a true minus; "–" for what is not known. */
export const number = (value: number, digits: number): string =>
  Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : "–";

/** "0.41 [0.35, 0.52]" */
export function withInterval({ value, low, high }: Interval, digits: number): string {
  return `${number(value, digits)} [${number(low, digits)}, ${number(high, digits)}]`;
}
