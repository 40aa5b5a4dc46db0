import type { Road } from "../../sim/index.ts";

/** Where the road lies on the screen. */
export interface Camera {
  /** Driving to the right on wide stages, upward on tall ones. */
  readonly direction: "right" | "up";
  readonly pixelsPerMeter: number;
  /** Screen position of the ego along the driving direction and of the road's middle across it [px]. */
  readonly egoAt: number;
  readonly middleAt: number;
  /** Lateral middle of the road [m]. */
  readonly middle: number;
  /** The stretch of road on screen, relative to the ego [m]. */
  readonly behind: number;
  readonly ahead: number;
}

/** Left and right edge of the road [m], over all its lanes. */
export function roadEdges(road: Road): { left: number; right: number } {
  return {
    left: Math.max(...road.lanes.map((lane) => lane.center + lane.width / 2)),
    right: Math.min(...road.lanes.map((lane) => lane.center - lane.width / 2)),
  };
}

/** Fits the road's width into the stage and leaves most of the length to what lies ahead. */
export function frameRoad(road: Road, stageWidth: number, stageHeight: number): Camera {
  const { left, right } = roadEdges(road);
  const direction = stageWidth >= 1.15 * stageHeight ? "right" : "up";
  const along = direction === "right" ? stageWidth : stageHeight;
  const across = direction === "right" ? stageHeight : stageWidth;
  const shoulder = 2.5;
  const fit = across / (left - right + 2 * shoulder);
  const pixelsPerMeter = Math.max(4, Math.min(fit, direction === "right" ? along / 105 : along / 62));
  const egoAt = direction === "right" ? 0.34 * along : 0.7 * along;
  const behind = (direction === "right" ? egoAt : along - egoAt) / pixelsPerMeter;
  return {
    direction,
    pixelsPerMeter,
    egoAt,
    middleAt: across / 2,
    middle: (left + right) / 2,
    behind,
    ahead: along / pixelsPerMeter - behind,
  };
}
