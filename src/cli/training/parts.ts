/**
 * A worker's share of a batch in parts of at most `most` windows, one after the other, where a whole share would not fit
 * into memory.
 * @param gradient gives the numbers of some windows and writes their gradient
 * @returns the mean of the parts' numbers, weighted by their windows; that of their gradients is written to `into`
 */
export function inParts(
  share: { readonly first: number; readonly count: number },
  most: number,
  into: Float32Array,
  gradient: (first: number, count: number, into: Float32Array) => readonly number[],
): readonly number[] {
  if (share.count <= most) return gradient(share.first, share.count, into);
  const part = new Float32Array(into.length);
  let means: number[] = [];
  into.fill(0);
  for (let done = 0; done < share.count; done += most) {
    const count = Math.min(most, share.count - done);
    const weight = count / share.count;
    means = gradient(share.first + done, count, part).map((value, i) => (means[i] ?? 0) + weight * value);
    for (let i = 0; i < into.length; i++) into[i] = into[i]! + weight * part[i]!;
  }
  return means;
}
