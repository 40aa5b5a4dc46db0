/** Does what can wait, one thing at a time, whenever nothing else is to be done. */
export interface Leisure {
  add(work: () => void): void;
  clear(): void;
}

/**
 * The newest work comes first, and of too much the oldest is dropped: who falls behind does less rather than late.
 * @param most how many things wait at most
 * @param soon lets everyone else have a turn before it calls back
 */
export function createLeisure(
  most: number,
  soon: (turn: () => void) => void = (turn) => void setTimeout(turn),
): Leisure {
  let waiting: (() => void)[] = [];
  let called = false;
  const call = (): void => {
    if (called || waiting.length === 0) return;
    called = true;
    soon(() => {
      called = false;
      const work = waiting.pop();
      call();
      work?.();
    });
  };
  return {
    add(work) {
      waiting.push(work);
      if (waiting.length > most) waiting.shift();
      call();
    },
    clear() {
      waiting = [];
    },
  };
}
