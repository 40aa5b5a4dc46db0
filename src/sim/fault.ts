import { cornersOnRoad, laneExistsAt, type Road } from "./road.ts";
import type { Collision } from "./safety.ts";
import type { Traffic } from "./traffic.ts";
import type { VehicleShape, VehicleState } from "./vehicle.ts";

/** Kinds of collision that tell who is to blame (after nuPlan's metrics): who stood, or which side of the ego was touched. */
export const collisionKinds = ["stoppedEgo", "stoppedOther", "front", "rear", "lateral"] as const;
export type CollisionKind = (typeof collisionKinds)[number];

export interface Attribution {
  readonly kind: CollisionKind;
  readonly fault: "ego" | "other";
}

/** Who moves slower than this stands [m/s] (nuPlan). */
const standstill = 0.05;

/**
 * Who is at fault for a collision (nuPlan): the ego when it ran into a vehicle that stood, hit with its front, or was
 * touched at its side while not wholly within one lane; the other when the ego stood, was hit from behind, or was touched
 * at its side while keeping its lane. A vehicle run over right after cutting in counts as hit from behind.
 */
export function attributeCollision(
  road: Road,
  ego: Readonly<VehicleState>,
  shape: VehicleShape,
  traffic: Traffic,
  collision: Collision,
): Attribution {
  if (ego.speed < standstill) return { kind: "stoppedEgo", fault: "other" };
  if (traffic.speed[collision.index] < standstill) return { kind: "stoppedOther", fault: "ego" };
  switch (collision.class) {
    case "hitAhead":
      return { kind: "front", fault: "ego" };
    case "rearEnded":
      return { kind: "rear", fault: "other" };
    case "hitSide":
      return { kind: "lateral", fault: isWithinOneLane(road, ego, shape) ? "other" : "ego" };
  }
}

/** Whether all four corners of a vehicle are in the same lane. */
export function isWithinOneLane(road: Road, state: Readonly<VehicleState>, shape: VehicleShape): boolean {
  const { x, y, heading } = state;
  const corners = cornersOnRoad(road, { x, y, heading, length: shape.length, width: shape.width });
  return road.lanes.some((lane) =>
    corners.every(
      ([cornerX, cornerY]) =>
        laneExistsAt(road, lane, cornerX) && Math.abs(cornerY - lane.center) <= lane.width / 2,
    ),
  );
}
