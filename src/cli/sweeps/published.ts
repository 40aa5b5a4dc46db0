/**
 * Success against rollout length as published: Henaff, Canziani & LeCun, ICLR 2019, means of three seeds, read from the numbers
 * behind their figure; steps of 0.1 s on I-80, where the others are blind to the ego and every touch is a failure.
 */
const seconds = [0.1, 0.3, 0.5, 1, 2, 3, 4];
const series = {
  "MPUR, stochastic, z-dropout": [9.8, 16.2, 22.4, 58.3, 59.2, 75.2, 74.9],
  "MPUR, stochastic": [13.5, 12.6, 14.6, 36.3, 52.1, 66.3, 71.8],
  "MPUR, deterministic": [8.1, 8.5, 7.7, 20.0, 58.5, 69.1, 62.7],
  "MPER, deterministic": [2.2, 15.7, 40.3, 58.4, 62.4, 63.7, 61.9],
} as const;

/** Rates in [0, 1] at rollout lengths in seconds. */
export const publishedCurves = Object.entries(series).map(([name, percents]) => ({
  name,
  points: percents.map((percent, i): readonly [number, number] => [seconds[i]!, percent / 100]),
}));
