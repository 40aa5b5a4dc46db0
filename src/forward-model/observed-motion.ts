/** Coverage below which a pixel counts as empty road. */
const empty = 0.02;
/** Part of its mass by which a stretch or a shape may differ between pictures and still count as the same vehicles. */
const sameMass = 0.15;

type Shape = readonly [B: number, H: number, W: number];

/**
 * How traffic moved along the road between two pictures, read off their mass alone: in every column of pixels, a
 * stretch of occupied pixels moved as far as its center of mass did; of a stretch that the edge of the picture
 * cuts, the mass that came in or went out says how far. Exact for a rigid vehicle that stays in its column and has
 * a pixel of road before and behind it; bumper to bumper, vehicles share their mean.
 * @param before, now traffic channel, [B, H, W] in [0, 1]
 * @returns rows per step, [B, H, W]; zero on empty road
 */
export function observedMotion(before: Float32Array, now: Float32Array, shape: Shape): Float32Array {
  const motion = new Float32Array(now.length);
  forEachStretch([before, now], shape, (stretch) => fill(stretch, now, motion, motionOf(stretch)));
  return motion;
}

/**
 * How that motion changed between three pictures: the second difference of the centers of mass, for stretches that no
 * edge cuts and that keep their mass; zero for all others, since what a picture lacks looks like braking.
 * @param most bound of what is believed [rows per step²]
 * @returns rows per step², [B, H, W]
 */
export function observedAcceleration(
  pictures: readonly [older: Float32Array, before: Float32Array, now: Float32Array],
  shape: Shape,
  most: number,
): Float32Array {
  const now = pictures[2];
  const change = new Float32Array(now.length);
  forEachStretch(pictures, shape, (stretch) => {
    const [older, before, last] = stretch.parts as [Part, Part, Part];
    if (stretch.cutAbove || stretch.cutBelow || !alike(older, last) || !alike(before, last)) return;
    const second = center(last) - 2 * center(before) + center(older);
    fill(stretch, now, change, Math.min(most, Math.max(-most, second)));
  });
  return change;
}

/** What one picture has in a stretch: Σ m and Σ row·m. */
interface Part {
  mass: number;
  moment: number;
}

/** Rows `first` ≤ row < `end` of one column, occupied in at least one of some pictures; always the same object. */
interface Stretch {
  /** Index of row 0 of the column. */
  column: number;
  first: number;
  end: number;
  cutAbove: boolean;
  cutBelow: boolean;
  /** Largest coverage. */
  peak: number;
  readonly parts: readonly Part[];
  /** From a pixel to the one below. */
  readonly stride: number;
}

const center = ({ mass, moment }: Part): number => moment / mass;
const alike = (a: Part, b: Part): boolean =>
  a.mass > empty && b.mass > empty && Math.abs(a.mass - b.mass) <= sameMass * b.mass;

/** Rows that a stretch moved between two pictures; none where one of them has nothing there. */
function motionOf({ parts, cutAbove, cutBelow, peak }: Stretch): number {
  const [before, now] = parts as [Part, Part];
  if (before.mass < empty || now.mass < empty) return 0;
  if (cutAbove && cutBelow) return 0;
  // What goes down the rows leaves the lower edge and enters at the upper one.
  if (cutAbove) return (now.mass - before.mass) / peak;
  if (cutBelow) return (before.mass - now.mass) / peak;
  return center(now) - center(before);
}

function fill(
  { column, first, end, stride }: Stretch,
  now: Float32Array,
  into: Float32Array,
  value: number,
): void {
  for (let i = first; i < end; i++) {
    const p = column + i * stride;
    if (now[p]! > empty) into[p] = value;
  }
}

function forEachStretch(
  pictures: readonly Float32Array[],
  [B, H, W]: Shape,
  visit: (stretch: Stretch) => void,
): void {
  const stretch: Stretch = {
    column: 0,
    first: 0,
    end: 0,
    cutAbove: false,
    cutBelow: false,
    peak: 0,
    parts: pictures.map(() => ({ mass: 0, moment: 0 })),
    stride: W,
  };
  const occupied = (p: number): boolean => pictures.some((picture) => picture[p]! > empty);
  for (let b = 0; b < B; b++) {
    for (let j = 0; j < W; j++) {
      const column = b * H * W + j;
      let row = 0;
      while (row < H) {
        if (!occupied(column + row * W)) {
          row++;
          continue;
        }
        const first = row;
        while (row < H && occupied(column + row * W)) row++;
        stretch.column = column;
        stretch.first = first;
        stretch.end = row;
        measure(stretch, pictures, H);
        visit(stretch);
      }
    }
  }
}

function measure(stretch: Stretch, pictures: readonly Float32Array[], H: number): void {
  const { column, first, end, stride, parts } = stretch;
  stretch.cutAbove = first === 0;
  stretch.cutBelow = end === H;
  stretch.peak = 0;
  parts.forEach((part, k) => {
    const picture = pictures[k]!;
    part.mass = 0;
    part.moment = 0;
    for (let i = first; i < end; i++) {
      const m = picture[column + i * stride]!;
      part.mass += m;
      part.moment += i * m;
      stretch.peak = Math.max(stretch.peak, m);
    }
  });
}

/**
 * How traffic moved across the road between two pictures: every connected shape that lies wholly within them and keeps
 * its mass moved as far as its center of mass did. Zero for all others: a car that comes in at an edge seems to move
 * sideways as it turns up.
 * @param before, now traffic channel, [B, H, W] in [0, 1]
 * @param most bound of what is believed [columns per step]
 * @returns columns per step, [B, H, W]
 */
export function observedDrift(
  before: Float32Array,
  now: Float32Array,
  [B, H, W]: Shape,
  most: number,
): Float32Array {
  const drift = new Float32Array(now.length);
  const visited = new Uint8Array(now.length);
  const shape = new Int32Array(H * W);
  const occupied = (p: number): boolean => before[p]! > empty || now[p]! > empty;
  for (let b = 0; b < B; b++) {
    const base = b * H * W;
    for (let seed = base; seed < base + H * W; seed++) {
      if (visited[seed] === 1 || !occupied(seed)) continue;
      let count = 0;
      const reach = (p: number): void => {
        if (visited[p] === 1 || !occupied(p)) return;
        visited[p] = 1;
        shape[count++] = p;
      };
      reach(seed);
      const parts: [Part, Part] = [
        { mass: 0, moment: 0 },
        { mass: 0, moment: 0 },
      ];
      let cut = false;
      for (let k = 0; k < count; k++) {
        const p = shape[k]!;
        const i = Math.floor((p - base) / W);
        const j = (p - base) % W;
        cut ||= i === 0 || i === H - 1 || j === 0 || j === W - 1;
        [before, now].forEach((picture, n) => {
          parts[n]!.mass += picture[p]!;
          parts[n]!.moment += j * picture[p]!;
        });
        if (i > 0) reach(p - W);
        if (i < H - 1) reach(p + W);
        if (j > 0) reach(p - 1);
        if (j < W - 1) reach(p + 1);
      }
      if (cut || !alike(parts[0], parts[1])) continue;
      const moved = center(parts[1]) - center(parts[0]);
      if (Math.abs(moved) > most) continue;
      for (let k = 0; k < count; k++) {
        const p = shape[k]!;
        if (now[p]! > empty) drift[p] = moved;
      }
    }
  }
  return drift;
}
