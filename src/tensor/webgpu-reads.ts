import * as tf from "@tensorflow/tfjs";

/** What of a buffer on the graphics card is needed to read it. */
export interface MappableBuffer {
  readonly size: number;
  readonly mapState: string;
  mapAsync(mode: number): Promise<unknown>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
}

/** Maps a buffer for reading and returns when that is done; a page can only be told later. */
export type MapNow = (buffer: MappableBuffer) => void;

/** The parts of the WebGPU backend that a read takes. */
interface WebGpuBackend {
  readonly tensorMap: { get(dataId: object): TensorData };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): MappableBuffer;
    releaseBuffer(buffer: MappableBuffer): void;
  };
  readonly commandEncoder: {
    copyBufferToBuffer(
      from: MappableBuffer,
      begin: number,
      to: MappableBuffer,
      at: number,
      size: number,
    ): void;
  };
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  readSync(dataId: object): tf.BackendValues;
}

interface TensorData {
  readonly dtype: "float32" | "int32" | "bool";
  values: tf.BackendValues | null | undefined;
  readonly resource: MappableBuffer;
}

/** GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST */
const readable = 0x1 | 0x8;

/**
 * Lets tensors of the WebGPU backend, which must be the current one, be read within a computation: costs, warps and
 * gradients of ours do so. As published it reads at once by drawing on a canvas, which Node lacks.
 */
export function readAtOnce(mapNow: MapNow): void {
  const backend = tf.backend() as unknown as WebGpuBackend;
  backend.readSync = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    if (data.values !== null && data.values !== undefined) return data.values;
    const { size } = data.resource;
    const staging = backend.bufferManager.acquireBuffer(size, readable);
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.commandEncoder.copyBufferToBuffer(data.resource, 0, staging, 0, size);
    backend.submitQueue();
    mapNow(staging);
    const bytes = staging.getMappedRange().slice(0);
    staging.unmap();
    backend.bufferManager.releaseBuffer(staging);
    return (data.values = valuesOf(bytes, data.dtype));
  };
}

/** Truth values take four bytes there and one here. */
function valuesOf(bytes: ArrayBuffer, dtype: TensorData["dtype"]): tf.BackendValues {
  if (dtype === "float32") return new Float32Array(bytes);
  const whole = new Int32Array(bytes);
  return dtype === "bool" ? Uint8Array.from(whole) : whole;
}
