import { simd, type Code } from "./encoding.ts";
import { i32 } from "./code.ts";

/**
 * Vectors that lie in memory from `address` on. Reading one there takes one instruction, where a constant in the code
 * takes several, every time round.
 */
export interface Constants {
  pair(low: number, high: number): Code;
  bytes(...values: readonly number[]): Code;
  /** The address of any bytes. */
  addressOf(values: readonly number[]): number;
  /** What has to lie at the address before the code runs, as far as it was asked for. */
  image(): Uint8Array;
}

export function createConstants(address: number): Constants {
  const places = new Map<string, number>();
  const image: number[] = [];
  const addressOf = (values: readonly number[]): number => {
    const key = values.join();
    let place = places.get(key);
    if (place === undefined) {
      place = image.length;
      places.set(key, place);
      image.push(...values);
    }
    return address + place;
  };
  const vector = (values: readonly number[]): Code => [...i32(addressOf(values)), ...simd(0), 0, 0];
  return {
    pair: (low, high) => vector([...new Uint8Array(Float64Array.of(low, high).buffer)]),
    bytes: (...values) => vector(values),
    addressOf,
    image: () => Uint8Array.from(image),
  };
}
