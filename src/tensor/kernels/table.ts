import type * as tf from "@tensorflow/tfjs";

/** Kernels by their tfjs name. */
export type KernelTable = { readonly [name: string]: tf.KernelFunc };
