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

/** Left and right edge of the road [m], over all lanes that are at least `share` as long as it. */
export function roadEdges(road: Road, share = 0): { left: number; right: number } {
  const lanes = road.lanes.filter((lane) => lane.end - lane.start >= share * road.length);
  return {
    left: Math.max(...lanes.map((lane) => lane.center + lane.width / 2)),
    right: Math.min(...lanes.map((lane) => lane.center - lane.width / 2)),
  };
}

/** Lanes shorter than this share of the road do not move the picture's middle. */
const longShare = 0.3;

/** What is written over a wide stage's top, and the small map at its foot, leave the road this room free [px]. */
const headRoom = 56;
const footRoom = 22;

/** Fits the road's width into the stage and leaves most of the length to what lies ahead. */
export function frameRoad(road: Road, stageWidth: number, stageHeight: number): Camera {
  const { left, right } = roadEdges(road, longShare);
  const direction = stageWidth >= 1.15 * stageHeight ? "right" : "up";
  const along = direction === "right" ? stageWidth : stageHeight;
  const across = direction === "right" ? stageHeight - headRoom - footRoom : stageWidth;
  const shoulder = 3;
  const fit = across / (left - right + 2 * shoulder);
  const pixelsPerMeter = Math.max(4, Math.min(fit, direction === "right" ? along / 85 : along / 50));
  const egoAt = direction === "right" ? 0.34 * along : 0.7 * along;
  const behind = (direction === "right" ? egoAt : along - egoAt) / pixelsPerMeter;
  return {
    direction,
    pixelsPerMeter,
    egoAt,
    middleAt: across / 2 + (direction === "right" ? headRoom : 0),
    middle: (left + right) / 2,
    behind,
    ahead: along / pixelsPerMeter - behind,
  };
}
