import { speedClass, speedColors } from "./palette.ts";
import { coordinate, element } from "./svg.ts";

/** Lines colored by speed, gathered so that each color is one path. */
export interface SpeedPaths {
  /** Goes on with the line in hand, or begins another one after `lift`. */
  to(x: number, y: number, speed: number): void;
  lift(): void;
  /** One path per color in use. */
  draw(strokeWidth: number, opacity: number): string;
}

/** @param top the speed [m/s] from which all have the last color. */
export function createSpeedPaths(top: number): SpeedPaths {
  const paths: string[][] = speedColors.map(() => []);
  let drawn = -1;
  let here = "";
  return {
    to(x, y, speed) {
      const kind = speedClass(speed, top);
      const next = `${coordinate(x)} ${coordinate(y)}`;
      if (here !== "" && next !== here) {
        paths[kind].push(kind === drawn ? `L${next}` : `M${here}L${next}`);
        drawn = kind;
      }
      here = next;
    },
    lift() {
      here = "";
      drawn = -1;
    },
    draw: (strokeWidth, opacity) =>
      paths
        .map((parts, kind) => ({ d: parts.join(""), stroke: speedColors[kind] }))
        .filter(({ d }) => d !== "")
        // Slow traffic on top: it is what one looks for.
        .reverse()
        .map(({ d, stroke }) =>
          element("path", {
            d,
            stroke,
            "stroke-width": strokeWidth,
            "stroke-opacity": String(opacity),
            fill: "none",
          }),
        )
        .join("\n"),
  };
}
