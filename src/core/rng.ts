import seedrandom from "seedrandom";

/**
 * A named stream of randomness. Streams are forked by label, so adding a draw in one place never shifts
 * the draws of another, and a training that forks by update number resumes without stored state.
 */
export interface Rng {
  /** Uniform on [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer on [0, `limit`). */
  integer(limit: number): number;
  /** A child stream that depends on this stream's seed and `label`, never on how many draws came before. */
  fork(label: string): Rng;
}

/** Creates the root stream of `seed`; equal seeds give equal streams on every platform. */
export function createRng(seed: number | string): Rng {
  const name = String(seed);
  const uniform = seedrandom.alea(name);
  let spare: number | undefined;
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Marsaglia's polar method: no trigonometry, two normals a round.
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const factor = Math.sqrt((-2 * Math.log(s)) / s);
          spare = v * factor;
          return u * factor;
        }
      }
    },
    integer: (limit) => Math.floor(uniform() * limit),
    fork: (label) => createRng(`${name}/${label}`),
  };
}
