/**
 * What an import takes to be possible. Every rule of `repair.ts` and the files beside it reads its number here, and the README of
 * this room lists them.
 */
export const limits = {
  /** Unseen for at most this long, a vehicle is taken to have gone on evenly [s]; longer, its way would be guessed. */
  bridgedSeconds: 0.5,
  /** Shorter tracks show neither speed nor intention [s]. */
  shortestSeconds: 1,
  /** Two rows of one vehicle and frame nearer than this [m] are one sighting, written twice. */
  samePlace: 0.05,
  /** How far a vehicle may be from where its last second leads it [m], along and across: more is a jump. Raw noise stays below. */
  jumpAlong: 4,
  jumpAcross: 2,
  /** 216 km/h: nobody on the recorded roads drives faster [m/s]. */
  fastest: 60,
  /** Tires hold no more than about 1 g [m/s²]. */
  hardest: 10,
  /** Noise moves a standing car back and forth; farther back than this [m] is driving against the traffic. */
  rollBack: 5,
  /** From a motorcycle to a truck with two trailers [m]. */
  length: { least: 1.2, most: 30 },
  width: { least: 0.4, most: 4 },
  /** Share of the smaller box that must lie below the other one, and for how long [s], before two tracks are one vehicle. */
  overlapShare: 0.5,
  overlapSeconds: 0.5,
  /** Farther than this beside every lane [m], for more than this share of its time, a track is no vehicle on this road. */
  besideLanes: 2,
  besideShare: 0.5,
  /** A vehicle that appears or vanishes farther than this from an end of its lane [m] was overlooked before or after. */
  laneEnd: 50,
  /** For so long around that the road where it must have been counts as unseen [s]. */
  overlookedSeconds: 3,
} as const;
