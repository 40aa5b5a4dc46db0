import * as tf from "@tensorflow/tfjs";
import type { Rng } from "../core/index.ts";
import { withGradientSums } from "./gradient-sums.ts";
import { readInto, tensorOf } from "./memory.ts";

/**
 * How a variable starts: constant, or normal with deviation √(2 / fan-in) ("he", before a rectifier),
 * √(1 / fan-in) ("lecun", before nothing or a squashing function), or the given number.
 */
export type Initializer = "zeros" | "ones" | "he" | "lecun" | number;

export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly initialize: Initializer;
}

export type ParameterSpecs = { readonly [name: string]: ParameterSpec };

/** The variables of one model: their owner, their order and their way to numbers and back. */
export interface Parameters<Specs extends ParameterSpecs = ParameterSpecs> {
  readonly variables: { readonly [Name in keyof Specs]: tf.Variable };
  /** How many numbers they hold together. */
  readonly size: number;
  /** All values one after the other, in the order of the specs. */
  read(into?: Float32Array): Float32Array;
  /** The inverse of `read`. @throws RangeError when the length is not `size`. */
  write(flat: Float32Array): void;
  dispose(): void;
}

/** Creates the variables of `specs`; each draws from a stream of its own, so adding one changes no other. */
export function createParameters<const Specs extends ParameterSpecs>(
  specs: Specs,
  rng: Rng,
): Parameters<Specs> {
  const names = Object.keys(specs);
  const list = names.map((name) => {
    const { shape, initialize } = specs[name];
    const values = initialValues(shape, initialize, rng.fork(name));
    return tf.tidy(() => tf.variable(tf.tensor(values, [...shape], "float32")));
  });
  const size = list.reduce((sum, variable) => sum + variable.size, 0);
  return {
    variables: Object.fromEntries(names.map((name, i) => [name, list[i]])) as Parameters<Specs>["variables"],
    size,
    read(into = new Float32Array(size)) {
      let offset = 0;
      for (const variable of list) {
        readInto(variable, into.subarray(offset, offset + variable.size));
        offset += variable.size;
      }
      return into;
    },
    write(flat) {
      if (flat.length !== size) throw new RangeError(`expected ${size} parameters, got ${flat.length}`);
      let offset = 0;
      for (const variable of list) {
        const values = flat.subarray(offset, offset + variable.size);
        tf.tidy(() => variable.assign(tensorOf(values, variable.shape)));
        offset += variable.size;
      }
    },
    dispose: () => list.forEach((variable) => variable.dispose()),
  };
}

function initialValues(shape: readonly number[], initialize: Initializer, rng: Rng): Float32Array {
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
  if (initialize === "zeros") return values;
  if (initialize === "ones") return values.fill(1);
  const fanIn = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const deviation =
    typeof initialize === "number" ? initialize : Math.sqrt((initialize === "he" ? 2 : 1) / fanIn);
  return values.map(() => deviation * rng.normal());
}

/**
 * Value of `f` and its gradient with respect to `parameters` alone, flat as in `Parameters.read`; a variable
 * that `f` does not reach gets zeros. Frees every tensor made on the way.
 */
export function valueAndGradient<Specs extends ParameterSpecs>(
  f: () => tf.Scalar,
  parameters: Parameters<Specs>,
  into: Float32Array,
): number {
  const { size } = parameters;
  if (into.length !== size) throw new RangeError(`expected room for ${size} gradients, got ${into.length}`);
  return tf.tidy(() => {
    const list: tf.Variable[] = Object.values(parameters.variables);
    const { result, sums } = withGradientSums(list, () => tf.engine().gradients(f, list, undefined, true));
    const { value, grads } = result;
    let offset = 0;
    list.forEach((variable, i) => {
      const parts = [sums.get(variable), grads[i] as tf.Tensor | null | undefined];
      const [first, second] = parts.filter((part) => part !== null && part !== undefined);
      const part = into.subarray(offset, offset + variable.size);
      if (first === undefined) part.fill(0);
      else readInto(second === undefined ? first : tf.add(first, second), part);
      offset += variable.size;
    });
    tf.dispose([...sums.values()]);
    return value.dataSync()[0];
  });
}
