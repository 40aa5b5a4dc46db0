import { straightRoad, type Road, type VehicleShape, type VehicleState } from "../../src/sim/index.ts";

/** A situation as a literal: what tests render and the gallery shows. */
export interface StillScene {
  readonly name: string;
  /** What to look at. */
  readonly about: string;
  readonly road: Road;
  readonly ego: Readonly<VehicleState> & VehicleShape;
  readonly others: readonly (Readonly<VehicleState> & VehicleShape)[];
}

type Someone = Readonly<VehicleState> & VehicleShape;

const lane = (index: number): number => (index === 0 ? 0 : -3.7 * index);
const car = (x: number, laneIndex: number, more: Partial<Someone> = {}): Someone => ({
  x,
  y: lane(laneIndex),
  heading: 0,
  speed: 20,
  length: 4.7,
  width: 1.9,
  ...more,
});
const truck = (x: number, laneIndex: number, more: Partial<Someone> = {}): Someone =>
  car(x, laneIndex, { length: 14, width: 2.5, ...more });

const fourLanes = straightRoad("four lanes", 400, 4);

/** Three lanes and one that joins at 150 m and ends at 230 m. */
const onRamp: Road = {
  name: "on-ramp",
  length: 400,
  lanes: [...straightRoad("", 400, 3).lanes, { center: lane(3), width: 3.7, start: 150, end: 230 }],
};

/** Three lanes, the leftmost of which ends at 220 m. */
const laneDrop: Road = {
  name: "lane drop",
  length: 400,
  lanes: straightRoad("", 400, 3).lanes.map((each, i) => (i === 0 ? { ...each, end: 220 } : each)),
};

/** Three lanes that bend to the left from 150 m on, with a radius of 150 m. */
const leftBend: Road = {
  ...straightRoad("bend", 400, 3),
  bend: [
    { x: 150, curvature: 0 },
    { x: 200, curvature: 1 / 150 },
  ],
};

export const scenes: readonly StillScene[] = [
  {
    name: "empty road",
    about: "Lane lines and nothing else; to the right of the last lane the ground is offroad.",
    road: fourLanes,
    ego: car(200, 2),
    others: [],
  },
  {
    name: "leader",
    about: "One car ahead in the same lane.",
    road: fourLanes,
    ego: car(200, 1),
    others: [car(222, 1)],
  },
  {
    name: "boxed in",
    about: "Cars ahead, behind and on both sides.",
    road: fourLanes,
    ego: car(200, 1, { speed: 8 }),
    others: [car(210, 1), car(189, 1), car(203, 0), car(198, 2), car(214, 2), car(186, 0)],
  },
  {
    name: "cut-in",
    about: "A car from the left is half way into the lane of the ego, turned to the right.",
    road: fourLanes,
    ego: car(200, 1),
    others: [car(214, 0, { y: -1.6, heading: -0.06 }), car(240, 1)],
  },
  {
    name: "jam front",
    about: "All lanes stand, 25 m ahead.",
    road: fourLanes,
    ego: car(200, 2, { speed: 15 }),
    others: [0, 1, 2, 3].flatMap((index) => [
      car(228 + index, index, { speed: 0 }),
      car(235 + index, index, { speed: 0 }),
    ]),
  },
  {
    name: "truck alongside",
    about: "A long truck on the right, a motorcycle between the lanes on the left.",
    road: fourLanes,
    ego: car(200, 1),
    others: [truck(204, 2), car(193, 0, { y: -1.5, length: 2.2, width: 0.9 })],
  },
  {
    name: "changing lanes",
    about: "The ego itself is turned to the left and between two lanes: the road leans to the right.",
    road: fourLanes,
    ego: car(200, 1, { y: -2.2, heading: 0.12 }),
    others: [car(220, 1), car(226, 0), car(185, 0)],
  },
  {
    name: "on-ramp",
    about: "A lane joins from the right and ends ahead; a car on it has to merge.",
    road: onRamp,
    ego: car(200, 2),
    others: [car(208, 3, { speed: 16 }), car(230, 1)],
  },
  {
    name: "lane drop",
    about: "The leftmost lane ends 20 m ahead of the ego.",
    road: laneDrop,
    ego: car(200, 0),
    others: [car(206, 1), truck(230, 1)],
  },
  {
    name: "bend",
    about: "A clothoid leads into an arc to the left; a car ahead and one beside follow it.",
    road: leftBend,
    ego: car(185, 1, { speed: 15 }),
    others: [car(210, 1, { speed: 15 }), car(192, 2, { speed: 15 }), truck(165, 0, { speed: 15 })],
  },
];
