import * as tf from "@tensorflow/tfjs";
import type { RolloutFilter } from "../gradient-sums.ts";
import { sumOverRows } from "../simd/convolution.ts";
import type { SimdHost } from "../simd/host.ts";
import { createLateProducts, type LateProducts } from "../simd/late-products.ts";
import type { ConvolutionAttributes } from "./attributes.ts";
import type { KernelTable } from "./table.ts";

const { sizeFromShape } = tf.util;

/** Besides the convolution's own: slope of the rectifier on the negative side, 1 for none. */
export interface FusedAttributes extends ConvolutionAttributes {
  readonly slope: number;
}

/** The kernels of a linear operation, bias and leaky rectifier as one: one node on the tape instead of five. */
export interface FusedNames {
  readonly forward: string;
  /** The same with a filter that the tape does not see; its gradient is added to a sum (see gradient-sums.ts). */
  readonly ofRollout: string;
  readonly filterSum: string;
  readonly inputGradient: string;
  readonly filterGradient: string;
  readonly biasGradient: string;
}

export const fusedNames = (operation: string): FusedNames => ({
  forward: operation,
  ofRollout: `${operation}OfRollout`,
  filterSum: `${operation}FilterSum`,
  inputGradient: `${operation}InputGradient`,
  filterGradient: `${operation}FilterGradient`,
  biasGradient: `${operation}BiasGradient`,
});

type Kept = RolloutFilter["kept"] | null | undefined;

/** What differs from one operation to the next; numbers are addresses, g that of the gradient before the rectifier. */
export interface FusedLoops<Attributes extends FusedAttributes> {
  forward(
    x: tf.TensorInfo,
    filter: tf.TensorInfo,
    bias: number,
    attributes: Attributes,
    kept: Kept,
  ): tf.TensorInfo;
  backToInput(g: number, filter: tf.TensorInfo, dx: tf.TensorInfo, attributes: Attributes, kept: Kept): void;
  /** @param late adds to dW instead of writing it */
  backToFilter(
    x: tf.TensorInfo,
    g: number,
    dW: tf.TensorInfo,
    attributes: Attributes,
    late: LateProducts | null,
  ): void;
}

/** Another name for a tensor that was changed in place. */
function sameTensor(backend: unknown, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  (backend as { incRef(id: object): void }).incRef(dataId);
  return { dataId, shape, dtype };
}

/** Of which tensors the scratch memory "gradient" holds the gradient before the rectifier. */
const last: { dy: object | null; y: object | null } = { dy: null, y: null };

export function fusedKernels<Attributes extends FusedAttributes>(
  host: SimdHost,
  names: FusedNames,
  loops: FusedLoops<Attributes>,
): KernelTable {
  const attributesOf = (attrs: unknown) => attrs as Attributes & { readonly shape: readonly number[] };
  /**
   * Address of the gradient before the rectifier, from the one after it and the result y. The kernels of one node ask for it
   * one after the other, so what was computed last is often what is wanted.
   */
  const beforeRectifier = (dy: tf.TensorInfo, y: tf.TensorInfo, slope: number): number => {
    if (slope === 1) return host.address(dy);
    const floats = sizeFromShape(dy.shape);
    const g = host.scratch("gradient", 4 * floats);
    if (dy.dataId === last.dy && y.dataId === last.y) return g;
    host.run.leakyGradient(g, host.address(dy), host.address(y), floats, slope);
    last.dy = dy.dataId;
    last.y = y.dataId;
    return g;
  };
  const forward = (
    { x, bias }: tf.NamedTensorInfoMap,
    filter: tf.TensorInfo,
    attrs: unknown,
    kept: Kept,
  ): tf.TensorInfo =>
    loops.forward(x!, filter, bias === undefined ? 0 : host.address(bias), attributesOf(attrs), kept);
  return {
    [names.forward]: ({ inputs, attrs }) => forward(inputs, inputs["filter"]!, attrs, null),
    [names.ofRollout]: ({ inputs, attrs }) => {
      const { filter, kept } = attrs as unknown as RolloutFilter;
      return forward(inputs, filter, attrs, kept);
    },
    [names.filterSum]: ({ inputs: { dy, y, x, sum }, attrs, backend }) => {
      const attributes = attributesOf(attrs);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      const { work } = attrs as unknown as RolloutFilter;
      work.late ??= createLateProducts(host);
      loops.backToFilter(x!, g, sum!, attributes, work.late);
      return sameTensor(backend, sum!);
    },
    [names.inputGradient]: ({ inputs: { dy, y, filter }, attrs }) => {
      const attributes = attributesOf(attrs);
      const dx = host.create(attributes.shape);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      loops.backToInput(g, filter!, dx, attributes, (attrs as unknown as Partial<RolloutFilter>).kept);
      return dx;
    },
    [names.filterGradient]: ({ inputs: { dy, y, x }, attrs }) => {
      const attributes = attributesOf(attrs);
      const dW = host.create(attributes.shape);
      const g = beforeRectifier(dy!, y!, attributes.slope);
      loops.backToFilter(x!, g, dW, attributes, null);
      return dW;
    },
    [names.biasGradient]: ({ inputs: { dy, y }, attrs }) => {
      const columns = dy!.shape.at(-1)!;
      const bias = host.create([columns]);
      const g = beforeRectifier(dy!, y!, attributesOf(attrs).slope);
      sumOverRows(host, g, sizeFromShape(dy!.shape) / columns, columns, host.address(bias));
      return bias;
    },
  };
}

/** The gradient that goes with the kernels; it works from the result, whose sign is that of its argument. */
export function registerFusedGradient(names: FusedNames): void {
  const backwards =
    (dy: tf.Tensor | tf.Tensor[], y: tf.Tensor, attrs: tf.NamedAttrMap) =>
    (name: string, inputs: object, shape: readonly number[]): tf.Tensor =>
      tf.engine().runKernel(name, { dy, y, ...inputs } as tf.NamedTensorMap, { ...attrs, shape: [...shape] });
  tf.registerGradient({
    kernelName: names.forward,
    inputsToSave: ["x", "filter"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const run = backwards(dy, y, attrs);
      return {
        x: () => run(names.inputGradient, { filter }, x.shape),
        filter: () => run(names.filterGradient, { x }, filter.shape),
        bias: () => run(names.biasGradient, {}, []),
      };
    },
  });
  tf.registerGradient({
    kernelName: names.ofRollout,
    inputsToSave: ["x"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, y] = saved as [tf.Tensor, tf.Tensor];
      const { filter, sum } = attrs as unknown as RolloutFilter;
      const run = backwards(dy, y, attrs);
      return {
        x: () => run(names.inputGradient, { filter }, x.shape),
        // Every layer's bias is learned, so this runs also where nobody asks for the gradient of x.
        bias: () => {
          run(names.filterSum, { x, sum }, filter.shape);
          return run(names.biasGradient, {}, []);
        },
      };
    },
  });
}
