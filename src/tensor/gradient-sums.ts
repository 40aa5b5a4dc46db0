import * as tf from "@tensorflow/tfjs";
import type { LateProducts } from "./simd/late-products.ts";

/**
 * Filters that a rollout uses at every step. Their gradient is the sum over the steps; left to the tape, each step
 * would make a tensor of its own and add it to those before, which for a large network takes as long as a third of the
 * products. Here every step adds to one sum in place.
 */
export interface GradientSums {
  /** What belongs to `filter`, or null where the tape is to be left in charge. */
  of(filter: tf.Tensor): RolloutFilter | null;
}

/** A filter on its way through a rollout. */
export interface RolloutFilter {
  readonly filter: tf.Tensor;
  /** To which every step adds its gradient. */
  readonly sum: tf.Tensor;
  /** Its weights as the kernels have packed them, which holds as long as the filter does not change. */
  readonly kept: Map<string, number>;
  /** What will be added to the sum; the kernels make it when they need it. */
  readonly work: { late: LateProducts | null };
}

/** How the kernels free what they kept. */
let release: (address: number) => void = () => undefined;
export function onRelease(free: (address: number) => void): void {
  release = free;
}

const none: GradientSums = { of: () => null };
let present = none;

/** The sums of the gradient that is being computed; there are none outside `withGradientSums`. */
export const gradientSums = (): GradientSums => present;

/**
 * Runs `f`, in which exactly one gradient with respect to `variables` is computed.
 * @returns the result, and by variable what its steps have summed up; the sums are the caller's to free
 */
export function withGradientSums<T>(
  variables: readonly tf.Variable[],
  f: () => T,
): { readonly result: T; readonly sums: ReadonlyMap<tf.Variable, tf.Tensor> } {
  const known = new Map<number, tf.Variable>(variables.map((variable) => [variable.id, variable]));
  const filters = new Map<tf.Variable, RolloutFilter>();
  const outer = present;
  present = {
    of(filter) {
      const variable = known.get(filter.id);
      if (variable === undefined) return null;
      let found = filters.get(variable);
      if (found === undefined) {
        found = {
          filter: variable,
          // Not `zeros`, which fills an array in JavaScript and copies it.
          sum: tf.keep(tf.fill(variable.shape, 0)),
          kept: new Map(),
          work: { late: null },
        };
        filters.set(variable, found);
      }
      return found;
    },
  };
  try {
    const result = f();
    return { result, sums: new Map([...filters].map(([variable, { sum }]) => [variable, sum])) };
  } catch (error) {
    for (const { sum } of filters.values()) sum.dispose();
    // The tape keeps what it saved until it has been run back.
    for (const { saved } of tf.engine().state.activeTape ?? []) tf.dispose(saved ?? []);
    throw error;
  } finally {
    present = outer;
    for (const { kept, work } of filters.values()) {
      work.late?.finish();
      for (const address of kept.values()) release(address);
    }
  }
}
