import { access, binary, signed, simd, storing, unsigned, type Code } from "./encoding.ts";

/**
 * A small assembler for WebAssembly: expressions are byte lists that nest, so a kernel reads like the loop it is
 * and inner tiles can be unrolled by a TypeScript loop. Only what the kernels of this project need.
 *
 * Encoding: WebAssembly core specification, chapter 5 (binary format), and the fixed-width SIMD proposal in it.
 */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
  /** Adds to an i32 local. */
  advance(by: Code): Code;
}

export const i32 = (value: number): Code => [0x41, ...signed(value)];
export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const multiply = binary(0x6c);
export const lessThan = binary(0x48);
export const isAtLeast = binary(0x4e);
export const shiftLeft = (a: Code, bits: number): Code => [...a, ...i32(bits), 0x74];
export const and = binary(0x71);
/** `a` where the i32 condition holds, else `b`; both are evaluated. */
export const select = (a: Code, b: Code, condition: Code): Code => [...a, ...b, ...condition, 0x1b];
/** The smaller, and the larger, of two local or constant i32 values (both are evaluated twice). */
export const minimum = (a: Code, b: Code): Code => select(a, b, lessThan(a, b));
export const maximum = (a: Code, b: Code): Code => select(a, b, lessThan(b, a));

export const loadI32 = access(2, 0x28);
export const storeI32 = storing(2, 0x36);
export const loadF32 = access(2, 0x2a);
export const storeF32 = storing(2, 0x38);
/** Four floats. */
export const load = access(2, ...simd(0));
/** One float in all four lanes. */
export const loadSplat = access(2, ...simd(9));
export const store = storing(2, ...simd(11));
/** Stores one lane of `value`. */
export const storeLane = (address: Code, value: Code, lane: number, offset = 0): Code => [
  ...address,
  ...value,
  ...simd(90),
  2,
  ...unsigned(offset),
  lane,
];
/** Lanes of two vectors side by side, by their numbers from 0 to 7. */
export const pickLanes = (a: Code, b: Code, lanes: readonly [number, number, number, number]): Code => [
  ...a,
  ...b,
  ...simd(13),
  ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
];
/** One i32 lane. */
export const laneOf = (value: Code, lane: number): Code => [...value, ...simd(27), lane];
export const splat = (value: Code): Code => [...value, ...simd(19)];
export const zero: Code = [...simd(12), ...new Array<number>(16).fill(0)];
export const addLanes = binary(...simd(228));
export const multiplyLanes = binary(...simd(230));
/** b where a < b, else a. */
export const greaterLanes = binary(...simd(235));
export const isPositive = (value: Code): Code => [...value, ...zero, ...simd(68)];
/** Masks: all bits of a lane where a ≥ b, and where both masks are set. */
export const atLeast = binary(...simd(70));
export const bothLanes = binary(...simd(78));
/** Lanes of `a` where the mask is set, of `b` elsewhere. */
export const selectLanes = (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, ...simd(82)];

export const fillZero = (address: Code, bytes: Code): Code => [
  ...address,
  ...i32(0),
  ...bytes,
  0xfc,
  0x0b,
  0x00,
];

export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b];

export const whenElse = (condition: Code, body: Code, otherwise: Code): Code => [
  ...condition,
  ...[0x04, 0x40],
  ...body,
  0x05,
  ...otherwise,
  0x0b,
];

/** Runs `body` once, and over from its start whenever its last part, `again(condition)`, finds that to be so. */
export const loop = (body: (again: (condition: Code) => Code) => Code): Code => [
  ...[0x03, 0x40],
  ...body((condition) => [...condition, 0x0d, 0x00]),
  0x0b,
];

/** Counts `index` from `from` up to `to` (exclusive) in steps; `to` is evaluated every time round. */
export function countUp(index: Local, from: Code, to: Code, step: number, body: Code): Code {
  const rounds = loop((repeat) => [...body, ...index.advance(i32(step)), ...repeat(lessThan(index.get, to))]);
  return [...index.set(from), ...when(lessThan(index.get, to), rounds)];
}

/** Runs `body` as often as the i32 `count` says, which is 0 afterwards. */
export function countDown(count: Local, body: Code): Code {
  const rounds = loop((again) => [...body, ...count.advance(i32(-1)), ...again(count.get)]);
  return when(count.get, rounds);
}
