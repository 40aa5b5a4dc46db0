import { createAdam, type AdamState } from "./adam.ts";

/**
 * Data-parallel training in one program, many workers: each computes the gradient of its share of the batch, then each steps
 * its own stretch of the parameters along the mean. Parameters and moments exist once, in the memory that the workers share,
 * and every sum runs over the ranks in the same order, so all go on with the same bits.
 *
 * Layout: a header of 32-bit counters, a sum of squares and some numbers per rank (64-bit), then 32-bit floats: a gradient per
 * rank, the parameters, Adam's two moments.
 */
export interface CrewShape {
  /** Ranks. */
  readonly size: number;
  readonly parameters: number;
  /** The most numbers that `average` takes. */
  readonly numbers: number;
}

const headerBytes = 64;
const arrived = 0;
const generation = 1;
const aborted = 2;

/** One rank's part; every rank must call the same functions in the same order. */
export interface CrewMember {
  /** This rank's own, to be filled before `step`. */
  readonly gradient: Float32Array;
  /** The parameters of all; complete after `step`. */
  readonly values: Float32Array;
  /** What Adam remembers of all parameters. */
  readonly moments: AdamState;
  /** Means over the ranks. */
  average(numbers: readonly number[]): number[];
  /**
   * Moves the parameters along the mean gradient, scaled to the global L2 norm `maxNorm` where it is longer.
   * @returns the norm before; one that is not finite leaves everything as it was
   */
  step(learningRate: number, maxNorm: number): number;
}

/** Bytes that a crew shares. */
export function sharedBytes({ size, parameters, numbers }: CrewShape): number {
  return headerBytes + 8 * size * (1 + numbers) + 4 * (size + 3) * parameters;
}

/** Another rank gave up, so this one stops; the reason is the other's to tell. */
export class CrewAborted extends Error {
  override readonly name = "CrewAborted";

  constructor() {
    super("another worker failed, so this one stops");
  }
}

/** Ends the common work: every rank that waits, or comes to wait, throws instead of hanging. */
export function abortCrew(shared: SharedArrayBuffer): void {
  const header = new Int32Array(shared, 0, headerBytes / 4);
  Atomics.store(header, aborted, 1);
  Atomics.add(header, generation, 1);
  Atomics.notify(header, generation);
}

/**
 * Joins rank `rank` to the memory that the crew shares (zeroed, of `sharedBytes`); a single rank shares nothing and needs
 * none.
 * @throws CrewAborted from the returned functions when another rank has called `abortCrew`.
 */
export function joinCrew(shared: SharedArrayBuffer | undefined, rank: number, shape: CrewShape): CrewMember {
  const { size, parameters, numbers } = shape;
  const bytes = sharedBytes(shape);
  if (size > 1 && (shared === undefined || shared.byteLength < bytes)) {
    throw new RangeError(`expected ${bytes} shared bytes, got ${shared?.byteLength ?? 0}`);
  }
  const memory = size > 1 ? shared! : new ArrayBuffer(bytes);
  const meet =
    memory instanceof ArrayBuffer
      ? () => undefined
      : barrierOf(new Int32Array(memory, 0, headerBytes / 4), size);
  let offset = headerBytes;
  const doubles = (length: number): Float64Array => {
    offset += 8 * length;
    return new Float64Array(memory, offset - 8 * length, length);
  };
  const floats = (length: number): Float32Array => {
    offset += 4 * length;
    return new Float32Array(memory, offset - 4 * length, length);
  };
  const squares = doubles(size);
  const reports = Array.from({ length: size }, () => doubles(numbers));
  const gradients = Array.from({ length: size }, () => floats(parameters));
  const values = floats(parameters);
  const moments = { step: 0, m: floats(parameters), v: floats(parameters) };

  const begin = Math.floor((rank * parameters) / size);
  const end = Math.floor(((rank + 1) * parameters) / size);
  const own = (all: Float32Array): Float32Array => all.subarray(begin, end);
  const stretches = gradients.map(own);
  const mean = stretches[rank];
  const ownMoments = { step: 0, m: own(moments.m), v: own(moments.v) };
  const adam = createAdam(end - begin, { learningRate: 0 }, ownMoments);
  const ownValues = own(values);

  return {
    gradient: gradients[rank],
    values,
    moments,
    average(list) {
      if (list.length > numbers)
        throw new RangeError(`expected at most ${numbers} numbers, got ${list.length}`);
      reports[rank].set(list);
      meet();
      const means = list.map((_, i) => reports.reduce((sum, report) => sum + report[i], 0) / size);
      meet();
      return means;
    },
    step(learningRate, maxNorm) {
      meet();
      squares[rank] = averageInto(mean, stretches);
      meet();
      const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      if (Number.isFinite(norm)) {
        ownMoments.step = moments.step++;
        adam.step(ownValues, mean, learningRate, norm > maxNorm ? maxNorm / norm : 1);
      }
      meet();
      return norm;
    },
  };
}

/** Writes the mean of `all`, one of which may be `into`; returns the sum of its squares. */
function averageInto(into: Float32Array, all: readonly Float32Array[]): number {
  const share = 1 / all.length;
  const [first, ...others] = all as readonly [Float32Array, ...Float32Array[]];
  const sums = new Float64Array(blockLength);
  let squares = 0;
  for (let begin = 0; begin < into.length; begin += blockLength) {
    const length = Math.min(blockLength, into.length - begin);
    for (let i = 0; i < length; i++) sums[i] = first[begin + i];
    for (const other of others) for (let i = 0; i < length; i++) sums[i] += other[begin + i];
    for (let i = 0; i < length; i++) {
      const mean = Math.fround(sums[i] * share);
      into[begin + i] = mean;
      squares += mean * mean;
    }
  }
  return squares;
}

/** Floats whose sums stay in the cache. */
const blockLength = 2048;

/**
 * A function that returns once all ranks have called it. The generation tells one meeting from the next, so it can be
 * used again.
 */
function barrierOf(header: Int32Array<SharedArrayBuffer>, size: number): () => void {
  return () => {
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
  };
}

function throwIfAborted(header: Int32Array<SharedArrayBuffer>): void {
  if (Atomics.load(header, aborted) !== 0) throw new CrewAborted();
}
