/** What gives and takes memory of the wasm backend. */
export interface Allocator {
  /** Address of so many bytes. */
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** Where addresses end [bytes]. */
const addressable = 2 ** 32;

/**
 * Makes an allocator throw where there is no memory. By itself it gives, in silence, address 0, where other tensors lie, or a
 * place that reaches beyond the end: its sums overflow at 4 GiB. Having done the latter it does not know any more what is
 * free, so from then on nobody gets anything.
 * @param memory whose places are given; it may grow
 */
export function refuseNoMemory(
  allocator: Allocator,
  memory: { readonly buffer: { readonly byteLength: number } },
): void {
  // Its first call puts another function in the place of the one that is called.
  allocator._free(allocator._malloc(1));
  let give = allocator._malloc;
  let end = 0;
  const isThere = (address: number, bytes: number): boolean => {
    end = memory.buffer.byteLength;
    if (address !== 0 && address + bytes > end) give = () => 0;
    return address !== 0 && address + bytes <= end;
  };
  allocator._malloc = (bytes) => {
    const address = bytes < addressable ? give(bytes) >>> 0 : 0;
    if (address !== 0 && address + bytes <= end) return address;
    if (isThere(address, bytes)) return address;
    const wanted = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    throw new Error(`out of memory: ${wanted} more were wanted of the 4 GiB that tensors have together.`);
  };
}
