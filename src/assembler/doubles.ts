import { access, binary, simd, unary, unsigned, type Code } from "./encoding.ts";

/** Bytes of two vectors side by side, by their numbers from 0 to 31. */
const shuffle =
  (...numbers: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...simd(13), ...numbers];
const eightFrom = (number: number): number[] => Array.from({ length: 8 }, (_, i) => number + i);
const lowTwice = shuffle(...eightFrom(0), ...eightFrom(0));
const highTwice = shuffle(...eightFrom(8), ...eightFrom(8));

/** Two doubles at a time. */
export const pair = {
  load: access(3, ...simd(0)),
  /** One double of memory, twice. */
  loadSplat: access(3, ...simd(10)),
  splat: unary(...simd(20)),
  /** An i32 as a double, twice. */
  splatI32: unary(0xb7, ...simd(20)),
  lows: (a: Code): Code => lowTwice(a, a),
  highs: (a: Code): Code => highTwice(a, a),
  /** The low double of `a` and the high one of `b`. */
  lowAndHigh: shuffle(...eightFrom(0), ...eightFrom(24)),
  magnitude: unary(...simd(236)),
  ceil: unary(...simd(116)),
  floor: unary(...simd(117)),
  add: binary(...simd(240)),
  subtract: binary(...simd(241)),
  multiply: binary(...simd(242)),
  smaller: binary(...simd(246)),
  larger: binary(...simd(247)),
  /** Masks: all bits of a double where a = b, where a < b, and where a ≥ b. */
  areEqual: binary(...simd(71)),
  areLess: binary(...simd(73)),
  areAtLeast: binary(...simd(76)),
  /** Whether a mask is set in both, as i32, and in which it is, as bits 0 and 1 of one. */
  inBoth: unary(...simd(195)),
  inWhich: unary(...simd(196)),
  /** Towards zero, to two i32 followed by two zeros. */
  truncate: unary(...simd(252)),
} as const;

/** Sixteen bytes at a time. */
export const bytes = {
  load: access(0, ...simd(0)),
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...simd(11),
    0,
    ...unsigned(offset),
  ],
  splat: unary(...simd(15)),
  /** Byte i of the result is byte `places[i]` of the first vector, 0 where there is none. */
  pick: binary(...simd(14)),
  areEqual: binary(...simd(35)),
  areLess: binary(...simd(37)),
  either: binary(...simd(80)),
  /** Sums of unsigned bytes, at most 255. */
  addSaturated: binary(...simd(112)),
  /** Eight i32 to eight unsigned i16, and sixteen i16 to sixteen unsigned bytes, saturated. */
  fromI32: binary(...simd(134)),
  fromI16: binary(...simd(102)),
} as const;
