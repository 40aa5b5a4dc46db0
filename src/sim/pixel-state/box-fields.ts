/** Places of the numbers that describe a box to be drawn, and how many there are. */
export const boxFields = {
  /** Center in the ego frame [m]. */
  left: 0,
  ahead: 1,
  /** Size [m]. */
  breadth: 2,
  length: 3,
  /** Heading against the ego's [rad], nearly 0. */
  turned: 4,
} as const;
export const boxStride = 5;
