import type { Road } from "../../sim/index.ts";
import type { GroundPlan } from "./ground-plan.ts";

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
  const closest = direction === "right" ? along / 85 : along / 50;
  const straight = Math.max(4, Math.min(fit, closest));
  const pixelsPerMeter = road.bend === undefined ? straight : zoomedOut(road, straight, along, across);
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

/**
 * Pixels per meter at which the sharpest bend of a road stays on the stage: a stretch of length L swings out of its
 * chord by L² · curvature / 8.
 */
function zoomedOut(road: Road, straight: number, along: number, across: number): number {
  const { left, right } = roadEdges(road, longShare);
  const sharpest = Math.max(...road.bend!.map(({ curvature }) => Math.abs(curvature)));
  let scale = straight;
  // More road comes into sight the farther away one is; a few rounds settle it.
  for (let round = 0; round < 6; round++) {
    const swing = ((along / scale) ** 2 * sharpest) / 8;
    scale = (scale + Math.min(straight, across / (left - right + 3 + swing))) / 2;
  }
  return Math.max(3, scale);
}

/** Where the plane's origin lies on the screen [px] and how far the plane is turned [rad, clockwise]. */
export interface Aim {
  readonly x: number;
  readonly y: number;
  readonly rotation: number;
}

/** Points of the visible road between which a bent road is centered. */
const sights = 8;

/** Aims the camera so that the visible stretch of road runs in its direction, the ego's place on it at `egoAt`. */
export function aimAt(camera: Camera, plan: GroundPlan, egoX: number): Aim {
  const { direction, pixelsPerMeter, egoAt, middleAt, middle, behind, ahead } = camera;
  const at = (x: number) => plan({ x, y: middle, heading: 0 });
  const rear = at(egoX - behind);
  const front = at(egoX + ahead);
  const here = at(egoX);
  const heading = Math.atan2(front.y - rear.y, front.x - rear.x);
  const cos = Math.cos(heading);
  const sin = Math.sin(heading);
  const asides = Array.from({ length: sights + 1 }, (_, i) => {
    const point = at(egoX - behind + ((ahead + behind) * i) / sights);
    return (point.y - here.y) * cos - (point.x - here.x) * sin;
  });
  // Half way between the leftmost and the rightmost point in sight lies the middle of the stage.
  const aside = (Math.max(...asides) + Math.min(...asides)) / 2;
  const across = middleAt + aside * pixelsPerMeter;
  const rotation = heading - (direction === "up" ? Math.PI / 2 : 0);
  const [screenX, screenY] = direction === "right" ? [egoAt, across] : [across, egoAt];
  // Screen y grows downward: the plane is mirrored before it is turned.
  const turnedX = here.x * Math.cos(rotation) + here.y * Math.sin(rotation);
  const turnedY = here.x * Math.sin(rotation) - here.y * Math.cos(rotation);
  return { x: screenX - pixelsPerMeter * turnedX, y: screenY - pixelsPerMeter * turnedY, rotation };
}
