/** One side of a chart. What lies outside its range is drawn at the nearer end. */
export interface Axis {
  readonly label: string;
  readonly low: number;
  /** Greater than `low`, which is positive on a logarithmic axis. */
  readonly high: number;
  readonly logarithmic?: boolean;
  /** The text of a tick, where it is not the number itself. */
  readonly text?: (tick: number) => string;
}

/** Where a value lies between the ends of the axis, from 0 to 1. */
export function shareOf({ low, high, logarithmic }: Axis, value: number): number {
  const f = logarithmic === true ? Math.log10 : (x: number): number => x;
  return (f(Math.min(high, Math.max(low, value))) - f(low)) / (f(high) - f(low));
}

/** Ticks within the axis: about five at one, two or five times a power of ten, or one and three times every power. */
export function ticksOf({ low, high, logarithmic }: Pick<Axis, "low" | "high" | "logarithmic">): number[] {
  if (logarithmic === true) {
    const first = Math.floor(Math.log10(low));
    const decades = Array.from(
      { length: Math.ceil(Math.log10(high)) - first + 1 },
      (_, k) => 10 ** (first + k),
    );
    return decades.flatMap((power) => [power, 3 * power]).filter((tick) => tick >= low && tick <= high);
  }
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.8)!;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor((high + 1e-9) / step) - first + 1;
  return Array.from({ length: count }, (_, k) => (first + k) * step);
}

/** What stands at a tick: powers of ten where a logarithmic axis gets long. */
export function tickText(tick: number, { logarithmic, text }: Axis): string {
  if (text !== undefined) return text(tick);
  if (logarithmic !== true || (tick >= 0.01 && tick < 1000)) {
    return String(Number(tick.toPrecision(6))).replace("-", "−");
  }
  const exponent = Math.floor(Math.log10(tick) + 1e-9);
  const factor = Math.round(tick / 10 ** exponent);
  return `${factor === 1 ? "" : `${factor}·`}10${superscript(exponent)}`;
}

const superscript = (exponent: number): string =>
  String(exponent).replace(/./g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]!));
