/** A rectangle of the picture [px]. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Round numbers from 0 to `end`, about `count` of them. */
export function ticks(end: number, count: number): number[] {
  const rough = end / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from(
    { length: Math.floor(end / step + 1e-9) + 1 },
    (_, i) => Math.round(i * step * 1e6) / 1e6,
  );
}

const timeSteps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600];

/** Times from 0 to `end` [s] in steps that people count in, about `count` of them. */
export function timeTicks(end: number, count: number): number[] {
  const step = timeSteps.find((one) => one >= end / count) ?? timeSteps.at(-1)!;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
}
