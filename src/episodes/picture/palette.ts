/** Colors of the picture: quiet paper, and speeds from warm (slow) to cool (fast). */
export const palette = {
  paper: "#fbfaf7",
  panel: "#ffffff",
  unseen: "#eeece6",
  asphalt: "#ecebe6",
  frame: "#d9d6cd",
  line: "#b9b5aa",
  words: "#3d3f42",
  quiet: "#85837c",
} as const;

/** Slow to fast. */
export const speedColors = ["#9e2f3c", "#d1603d", "#e0a34a", "#8fb37c", "#3f9a9b", "#2a628f"] as const;

/** Which color a speed has, when the last one begins at `top` · 5 / 6 [m/s]. */
export const speedClass = (speed: number, top: number): number =>
  Math.min(speedColors.length - 1, Math.floor((speed / top) * speedColors.length));
