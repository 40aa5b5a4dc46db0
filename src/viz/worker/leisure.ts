/** Does what can wait, one thing at a time, whenever nothing else is to be done. */
export interface Leisure {
  add(work: () => void): void;
  clear(): void;
}

/** Calls back after a rest [ms], when everyone else has had a turn. */
export type Later = (turn: () => void, rest: number) => void;

/** Rest after work, as a multiple of the time it took: two thirds of a busy core are left to what cannot wait. */
const restShare = 2;

/**
 * The newest work comes first, and of too much the oldest is dropped: who falls behind does less rather than late.
 * @param most how many things wait at most
 */
export function createLeisure(
  most: number,
  later: Later = setTimeout,
  now: () => number = () => performance.now(),
): Leisure {
  let waiting: (() => void)[] = [];
  let called = false;
  const call = (rest: number): void => {
    if (called || waiting.length === 0) return;
    called = true;
    later(turn, rest);
  };
  const turn = (): void => {
    const begun = now();
    try {
      waiting.pop()?.();
    } finally {
      called = false;
      call(restShare * (now() - begun));
    }
  };
  return {
    add(work) {
      waiting.push(work);
      if (waiting.length > most) waiting.shift();
      call(0);
    },
    clear() {
      waiting = [];
    },
  };
}
