import { add, type Local } from "./code.ts";
import { typeBytes, unsigned, type Code, type ValueType } from "./encoding.ts";

/** A tuple of that many locals. */
export type Locals<Count extends number, Found extends Local[] = []> = number extends Count
  ? Local[]
  : Found["length"] extends Count
    ? Found
    : Locals<Count, [...Found, Local]>;

export const i32s = (count: number): ValueType[] => Array.from({ length: count }, () => "i32");
export const f64s = (count: number): ValueType[] => Array.from({ length: count }, () => "f64");

export interface FunctionBuilder {
  local(type: ValueType): Local;
  locals<Count extends number>(type: ValueType, count: Count): Locals<Count>;
}

export interface AssembledFunction<Name extends string = string> {
  readonly name: Name;
  readonly parameters: readonly ValueType[];
  readonly body: Code;
}

/** Assembles a function without results; `body` gets its parameters in order and can ask for locals. */
export function assembleFunction<Name extends string>(
  name: Name,
  parameters: readonly ValueType[],
  body: (builder: FunctionBuilder, parameters: readonly Local[]) => Code,
): AssembledFunction<Name> {
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
