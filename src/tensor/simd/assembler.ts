/**
 * A small assembler for WebAssembly: expressions are byte lists that nest, so a kernel reads like the loop it is
 * and inner tiles can be unrolled by a TypeScript loop. Only what the kernels of this folder need.
 *
 * Encoding: WebAssembly core specification, chapter 5 (binary format), and the fixed-width SIMD proposal in it.
 */
export type Code = readonly number[];
export type ValueType = "i32" | "f32" | "v128";

const typeBytes: { readonly [Type in ValueType]: number } = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

export interface Local {
  readonly get: Code;
  set(value: Code): Code;
  /** Adds to an i32 local. */
  advance(by: Code): Code;
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const binary =
  (...opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

export const i32 = (value: number): Code => [0x41, ...signed(value)];
export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const multiply = binary(0x6c);
export const lessThan = binary(0x48);
export const shiftLeft = (a: Code, bits: number): Code => [...a, ...i32(bits), 0x74];
export const and = binary(0x71);
/** The smaller of two local or constant i32 values (both are evaluated twice). */
export const minimum = (a: Code, b: Code): Code => [...a, ...b, ...lessThan(a, b), 0x1b];

/** Memory access: address, plus a constant offset in bytes. */
const access =
  (align: number, ...opcode: number[]) =>
  (address: Code, offset = 0): Code => [...address, ...opcode, align, ...unsigned(offset)];
const storing =
  (align: number, ...opcode: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...opcode,
    align,
    ...unsigned(offset),
  ];

export const loadI32 = access(2, 0x28);
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

/** Counts `index` from `from` up to `to` (exclusive) in steps; `to` is evaluated every time round. */
export function countUp(index: Local, from: Code, to: Code, step: number, body: Code): Code {
  const again = lessThan(index.get, to);
  const loop = [0x03, 0x40, ...body, ...index.advance(i32(step)), ...again, 0x0d, 0x00, 0x0b];
  return [...index.set(from), ...when(again, loop)];
}

/** A tuple of that many locals. */
export type Locals<Count extends number, Found extends Local[] = []> = number extends Count
  ? Local[]
  : Found["length"] extends Count
    ? Found
    : Locals<Count, [...Found, Local]>;

export const i32s = (count: number): ValueType[] => Array.from({ length: count }, () => "i32");

export interface FunctionBuilder {
  local(type: ValueType): Local;
  locals<Count extends number>(type: ValueType, count: Count): Locals<Count>;
}

interface AssembledFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly body: Code;
}

/** Assembles a function without results; `body` gets its parameters in order and can ask for locals. */
export function assembleFunction(
  name: string,
  parameters: readonly ValueType[],
  body: (builder: FunctionBuilder, parameters: readonly Local[]) => Code,
): AssembledFunction {
  const types: ValueType[] = [];
  const toLocal = (index: number): Local => {
    const get = [0x20, ...unsigned(index)];
    const set = (value: Code): Code => [...value, 0x21, ...unsigned(index)];
    return { get, set, advance: (by) => set(add(get, by)) };
  };
  const local = (type: ValueType): Local => toLocal(parameters.length + types.push(type) - 1);
  const builder: FunctionBuilder = {
    local,
    locals: <Count extends number>(type: ValueType, count: Count) =>
      Array.from({ length: count }, () => local(type)) as Locals<Count>,
  };
  const code = body(
    builder,
    parameters.map((_, i) => toLocal(i)),
  );
  const declarations = types.flatMap((type) => [1, typeBytes[type]]);
  return { name, parameters, body: [...unsigned(types.length), ...declarations, ...code, 0x0b] };
}

const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const text = (value: string): Code => [
  ...unsigned(value.length),
  ...Array.from(value, (letter) => letter.charCodeAt(0)),
];

/** A module of `functions`, exported by name, over the memory imported as "environment" "memory". */
export function assembleModule(functions: readonly AssembledFunction[], sharedMemory: boolean): Uint8Array {
  const limits = sharedMemory ? [0x03, 0, ...unsigned(65536)] : [0x00, 0];
  const bodies = functions.map(({ body }) => [...unsigned(body.length), ...body]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(
      1,
      vector(
        functions.map(({ parameters }) => [0x60, ...vector(parameters.map((type) => [typeBytes[type]])), 0]),
      ),
    ),
    ...section(2, vector([[...text("environment"), ...text("memory"), 0x02, ...limits]])),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(7, vector(functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]))),
    ...section(10, vector(bodies)),
  ]);
}
