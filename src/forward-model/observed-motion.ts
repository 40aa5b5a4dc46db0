/** Coverage below which a pixel counts as empty road. */
const empty = 0.02;

/**
 * How traffic moved along the road between two pictures, read off their mass alone: in every column of pixels, a
 * stretch of occupied pixels moved as far as its center of mass did; of a stretch that the edge of the picture
 * cuts, the mass that came in or went out says how far. Exact for a rigid vehicle that stays in its column and has
 * a pixel of road before and behind it; bumper to bumper, vehicles share their mean.
 * @param before, now traffic channel, [B, H, W] in [0, 1]
 * @returns rows per step, [B, H, W]; zero on empty road
 */
export function observedMotion(
  before: Float32Array,
  now: Float32Array,
  [B, H, W]: readonly [number, number, number],
): Float32Array {
  const motion = new Float32Array(now.length);
  for (let b = 0; b < B; b++) {
    for (let j = 0; j < W; j++) {
      const at = (row: number): number => (b * H + row) * W + j;
      const occupied = (row: number): boolean => before[at(row)]! > empty || now[at(row)]! > empty;
      let row = 0;
      while (row < H) {
        if (!occupied(row)) {
          row++;
          continue;
        }
        const first = row;
        while (row < H && occupied(row)) row++;
        const moved = stretchMotion(before, now, at, first, row, H);
        for (let i = first; i < row; i++) if (now[at(i)]! > empty) motion[at(i)] = moved;
      }
    }
  }
  return motion;
}

/** Rows that the stretch `first` ≤ row < `end` of one column moved; none where a picture has nothing there. */
function stretchMotion(
  before: Float32Array,
  now: Float32Array,
  at: (row: number) => number,
  first: number,
  end: number,
  H: number,
): number {
  let massBefore = 0;
  let massNow = 0;
  let momentBefore = 0;
  let momentNow = 0;
  let peak = 0;
  for (let i = first; i < end; i++) {
    const p = before[at(i)]!;
    const q = now[at(i)]!;
    massBefore += p;
    massNow += q;
    momentBefore += i * p;
    momentNow += i * q;
    peak = Math.max(peak, p, q);
  }
  if (massBefore < empty || massNow < empty) return 0;
  const cutAbove = first === 0;
  const cutBelow = end === H;
  if (cutAbove && cutBelow) return 0;
  // What goes down the rows leaves the lower edge and enters at the upper one.
  if (cutAbove) return (massNow - massBefore) / peak;
  if (cutBelow) return (massBefore - massNow) / peak;
  return momentNow / massNow - momentBefore / massBefore;
}
