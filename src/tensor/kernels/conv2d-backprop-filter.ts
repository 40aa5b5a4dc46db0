import * as tf from "@tensorflow/tfjs";

type Padding =
  number | "same" | "valid" | [[number, number], [number, number], [number, number], [number, number]];

/** dW of a convolution, as the convolution of the transposed input with dy, dilated by the stride. */
export const conv2dBackpropFilter: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const run = (name: string, ins: tf.NamedTensorInfoMap, options: object) =>
    tf
      .getKernel(name, "wasm")
      .kernelFunc({ inputs: ins, backend, attrs: options as tf.NamedAttrMap }) as tf.TensorInfo;
  const x = inputs["x"]!;
  const dy = inputs["dy"]!;
  const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as {
    strides: number | [number, number];
    pad: Padding;
    dimRoundingMode: "floor" | "round" | "ceil";
    filterShape: [number, number, number, number];
  };
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const [height, width, C, D] = filterShape;
  const { top, left } = info.padInfo;
  const spanY = (info.outHeight - 1) * info.strideHeight + height;
  const spanX = (info.outWidth - 1) * info.strideWidth + width;
  const bottom = Math.max(0, spanY - info.inHeight - top);
  const right = Math.max(0, spanX - info.inWidth - left);
  const xT = run("Transpose", { x }, { perm: [3, 1, 2, 0] });
  const dyT = run("Transpose", { x: dy }, { perm: [1, 2, 0, 3] });
  const y = run(
    "Conv2D",
    { x: xT, filter: dyT },
    {
      strides: 1,
      pad: [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ],
      dataFormat: "NHWC",
      dilations: [info.strideHeight, info.strideWidth],
    },
  );
  const cut = run("Slice", { x: y }, { begin: [0, 0, 0, 0], size: [C, height, width, D] });
  const dW = run("Transpose", { x: cut }, { perm: [1, 2, 0, 3] });
  for (const t of [xT, dyT, y, cut]) (backend as { disposeData(id: object): void }).disposeData(t.dataId);
  return dW;
};
