/**
 * Data-parallel training in one program, many workers: each computes the gradient of its share of the batch,
 * all end up with the mean, to the same bits, because every sum runs over the ranks in the same order.
 *
 * Layout of the shared memory: a header of 32-bit counters, one slot of `length` floats per rank, and the result.
 */
const headerBytes = 64;
const arrived = 0;
const generation = 1;
const aborted = 2;

/** Replaces `values` by its mean over all ranks; every rank must call it equally often. */
export interface AllReduce {
  (values: Float32Array): void;
}

/** Bytes that `size` ranks need to share arrays of `length` floats. */
export function sharedBytes(size: number, length: number): number {
  return headerBytes + (size + 1) * length * Float32Array.BYTES_PER_ELEMENT;
}

/** Ends the common work: every rank that waits, or comes to wait, throws instead of hanging. */
export function abortAllReduce(shared: SharedArrayBuffer): void {
  const header = new Int32Array(shared, 0, headerBytes / 4);
  Atomics.store(header, aborted, 1);
  Atomics.add(header, generation, 1);
  Atomics.notify(header, generation);
}

/**
 * Joins rank `rank` of `size` to the memory they share (zeroed, of `sharedBytes(size, length)`); a single rank
 * shares nothing and needs none.
 * @throws Error from the returned function when another rank has called `abortAllReduce`.
 */
export function createAllReduce(
  shared: SharedArrayBuffer | undefined,
  rank: number,
  size: number,
  length: number,
): AllReduce {
  if (size === 1) return (values) => check(values, length);
  if (shared === undefined || shared.byteLength < sharedBytes(size, length)) {
    throw new RangeError(
      `expected ${sharedBytes(size, length)} shared bytes, got ${shared?.byteLength ?? 0}`,
    );
  }
  const header = new Int32Array(shared, 0, headerBytes / 4);
  const slots = Array.from(
    { length: size },
    (_, i) => new Float32Array(shared, headerBytes + i * length * 4, length),
  );
  const result = new Float32Array(shared, headerBytes + size * length * 4, length);
  const begin = Math.floor((rank * length) / size);
  const end = Math.floor(((rank + 1) * length) / size);
  return (values) => {
    check(values, length);
    slots[rank].set(values);
    barrier(header, size);
    // Each rank averages its own stretch; the result is apart from the slots, so two barriers are enough.
    for (let i = begin; i < end; i++) {
      let sum = 0;
      for (const slot of slots) sum += slot[i];
      result[i] = sum / size;
    }
    barrier(header, size);
    values.set(result);
  };
}

/** Waits until all ranks are here. The generation tells this meeting from the next, so it can be used again. */
function barrier(header: Int32Array<SharedArrayBuffer>, size: number): void {
  const meeting = Atomics.load(header, generation);
  throwIfAborted(header);
  if (Atomics.add(header, arrived, 1) === size - 1) {
    Atomics.store(header, arrived, 0);
    Atomics.add(header, generation, 1);
    Atomics.notify(header, generation);
  } else {
    while (Atomics.load(header, generation) === meeting) Atomics.wait(header, generation, meeting);
  }
  throwIfAborted(header);
}

function throwIfAborted(header: Int32Array<SharedArrayBuffer>): void {
  if (Atomics.load(header, aborted) !== 0) throw new Error("another worker failed, so this one stops");
}

function check(values: Float32Array, length: number): void {
  if (values.length !== length) throw new RangeError(`expected ${length} values, got ${values.length}`);
}
