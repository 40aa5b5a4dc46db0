import type { Imagined, ImaginedFuture } from "../protocol.ts";

/** What was imagined in an episode, frame by frame. */
export interface Imaginings {
  begin(): void;
  add(imagined: Imagined): void;
  /** What was imagined last at a frame, unless that is long ago. */
  at(frame: number): Imagined | null;
}

/** At high speeds of play not every decision is imagined from; what is older than this is no longer shown [frames]. */
const longestAgo = 15;

export function createImaginings(): Imaginings {
  const byFrame = new Map<number, Imagined>();
  return {
    begin: () => byFrame.clear(),
    add: (imagined) => void byFrame.set(imagined.frame, imagined),
    at(frame) {
      for (let ago = 0; ago <= longestAgo; ago++) {
        const found = byFrame.get(frame - ago);
        if (found !== undefined) return found;
      }
      return null;
    },
  };
}

/** An imagined instant of the ego. */
export interface ImaginedState {
  /** From 0. */
  readonly step: number;
  /** Of the episode. */
  readonly frame: number;
  /** Since it was imagined [s]. */
  readonly seconds: number;
  readonly x: number;
  readonly y: number;
  readonly speed: number;
}

/** The instants of one imagined future, in order. @param dt seconds per frame of the episode */
export function statesOf(
  { frame, dt: step }: Imagined,
  { states }: ImaginedFuture,
  dt: number,
): ImaginedState[] {
  return Array.from({ length: states.length / 4 }, (_, t) => {
    const seconds = (t + 1) * step;
    const [x, y, , speed] = states.subarray(4 * t, 4 * t + 4);
    return { step: t, frame: frame + Math.round(seconds / dt), seconds, x, y, speed };
  });
}

/** Those of every future that come after a time [frames]. */
export function aheadOf(imagined: Imagined | null, dt: number, time: number): ImaginedState[][] {
  if (imagined === null) return [];
  return imagined.futures.map((future) => statesOf(imagined, future, dt).filter(({ frame }) => frame > time));
}
