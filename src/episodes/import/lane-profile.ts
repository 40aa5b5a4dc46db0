/** Bins of what is counted along and across the road [m]. */
export const along = 10;
export const across = 0.1;

/** Rows per place across, in `across` m, for one stretch along. */
export type Profile = Map<number, number>;
/** Stretch along, in `along` m → profile. */
export type LaneRows = Map<number, Profile>;

/** One profile of a whole lane, less the drift. */
export function merged(rows: LaneRows, drift: (x: number) => number): Profile {
  const sum: Profile = new Map();
  for (const [stretch, profile] of rows) {
    const shift = Math.round(drift((stretch + 0.5) * along) / across);
    for (const [place, count] of profile) sum.set(place - shift, (sum.get(place - shift) ?? 0) + count);
  }
  return sum;
}

/** Where a lane is driven on [m], less the farthest half percent at both ends. */
export function extentOf(rows: LaneRows): { start: number; end: number } {
  const counts = [...rows].map(([stretch, profile]) => [stretch, sumOf(profile)] as const);
  counts.sort((a, b) => a[0] - b[0]);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  let before = 0;
  let start = Number.NaN;
  let end = Number.NaN;
  for (const [stretch, count] of counts) {
    if (Number.isNaN(start) && before + count > 0.005 * total) start = stretch * along;
    before += count;
    if (Number.isNaN(end) && before >= 0.995 * total) end = (stretch + 1) * along;
  }
  return { start, end };
}

/** The place across that has half of the rows on each side [m]. */
export function medianOf(profile: Profile): number {
  const half = sumOf(profile) / 2;
  let before = 0;
  for (const [place, count] of [...profile].sort((a, b) => a[0] - b[0])) {
    if (before + count >= half) return (place - 0.5 + (half - before) / count) * across;
    before += count;
  }
  return 0;
}

/** All rows of a profile. */
export const sumOf = (profile: Profile): number =>
  [...profile.values()].reduce((sum, count) => sum + count, 0);
/** All rows of a lane. */
export const countOf = (rows: LaneRows): number =>
  [...rows.values()].reduce((sum, profile) => sum + sumOf(profile), 0);

/** The value under `key`, made and kept when there is none yet. */
export function entry<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}
