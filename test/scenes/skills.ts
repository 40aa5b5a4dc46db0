import { straightRoad, type Road, type VehicleState } from "../../src/sim/index.ts";

/** One difficulty that a driver who follows simple rules must master. */
export interface SkillScene {
  readonly name: string;
  /** What has to be shown. */
  readonly goal: string;
  readonly road: Road;
  readonly ego: Readonly<VehicleState>;
  /** Others, with the acceleration [m/s²] they keep up until they stand or reach `untilSpeed` [m/s]. */
  readonly others: readonly {
    readonly x: number;
    readonly lane: number;
    readonly speed: number;
    readonly acceleration?: number;
    readonly untilSpeed?: number;
  }[];
  readonly seconds: number;
  /** Braking harder than this fails [m/s²]; the rule's own limit where it is not given. */
  readonly hardestBraking?: number;
  /** Whether the final state shows the skill; contact or leaving the road fails in any case. */
  readonly shown: (end: Readonly<VehicleState>) => boolean;
}

const one = straightRoad("one lane", 3000, 1);
const two = straightRoad("two lanes", 3000, 2);
const three = straightRoad("three lanes", 3000, 3);
/** Leads into an arc of 120 m radius. */
const bend: Road = {
  ...three,
  bend: [
    { x: 180, curvature: 0 },
    { x: 240, curvature: 1 / 120 },
  ],
};
const inLane = (lane: number, speed: number): VehicleState => ({ x: 0, y: -3.7 * lane, heading: 0, speed });

/** Cars in a row, `headway` apart, around the ego. */
const column = (lane: number, speed: number, headway: number) =>
  Array.from({ length: 30 }, (_, i) => ({ x: headway * (i - 10.5), lane, speed }));

export const skills: readonly SkillScene[] = [
  {
    name: "cruise",
    goal: "Reach the speed of the road and hold the lane.",
    road: three,
    ego: inLane(1, 5),
    others: [],
    seconds: 40,
    shown: ({ speed, y }) => speed > 27 && Math.abs(y + 3.7) < 0.2,
  },
  {
    name: "follow",
    goal: "Keep a time gap behind a leader of steady speed.",
    road: one,
    ego: inLane(0, 20),
    others: [{ x: 60, lane: 0, speed: 14 }],
    seconds: 40,
    shown: ({ x, speed }) => Math.abs(speed - 14) < 0.7 && 60 + 14 * 40 - x < 40,
  },
  {
    name: "stop",
    goal: "Stop behind a standing car.",
    road: one,
    ego: inLane(0, 20),
    others: [{ x: 200, lane: 0, speed: 0 }],
    seconds: 40,
    hardestBraking: 3,
    shown: ({ x, speed }) => speed < 0.1 && x > 188,
  },
  {
    name: "start",
    goal: "Move off when the car ahead does.",
    road: one,
    ego: inLane(0, 0),
    others: [{ x: 7, lane: 0, speed: 0, acceleration: 1, untilSpeed: 12 }],
    seconds: 30,
    shown: ({ speed }) => speed > 10,
  },
  {
    name: "emergency",
    goal: "Stop when the leader brakes fully.",
    road: one,
    ego: inLane(0, 20),
    others: [{ x: 27, lane: 0, speed: 20, acceleration: -7, untilSpeed: 0 }],
    seconds: 20,
    shown: ({ speed }) => speed < 0.1,
  },
  {
    name: "overtake",
    goal: "Pass a slow vehicle on a free lane.",
    road: two,
    ego: inLane(1, 22),
    others: [{ x: 90, lane: 1, speed: 12 }],
    seconds: 25,
    shown: ({ x }) => x > 90 + 12 * 25 + 20,
  },
  {
    name: "stay",
    goal: "Do not squeeze into a column that leaves no gap.",
    road: two,
    ego: inLane(1, 18),
    others: [{ x: 50, lane: 1, speed: 12 }, ...column(0, 13, 11)],
    seconds: 20,
    shown: ({ y, speed }) => y < -3 && Math.abs(speed - 12) < 1,
  },
  {
    name: "let in",
    goal: "Open a gap behind a car that has just cut in close ahead and is slower.",
    road: one,
    ego: inLane(0, 20),
    others: [{ x: 12, lane: 0, speed: 17 }],
    seconds: 20,
    shown: ({ x }) => 12 + 17 * 20 - x > 17 + 4.8,
  },
  {
    name: "center",
    goal: "Come back to the middle of the lane from half way out of it.",
    road: three,
    ego: { x: 0, y: -3.7 + 1.2, heading: 0.02, speed: 15 },
    others: [],
    seconds: 15,
    shown: ({ y, heading }) => Math.abs(y + 3.7) < 0.15 && Math.abs(heading) < 0.01,
  },
  {
    name: "crawl",
    goal: "Stay close and calm in a queue that barely moves.",
    road: one,
    ego: inLane(0, 1),
    others: [{ x: 9, lane: 0, speed: 1 }],
    seconds: 40,
    hardestBraking: 0.5,
    shown: ({ x, speed }) => Math.abs(speed - 1) < 0.3 && 9 + 40 - x < 10,
  },
  {
    name: "bend",
    goal: "Slow down for a bend and hold the lane through it.",
    road: bend,
    ego: inLane(1, 28),
    others: [],
    seconds: 30,
    hardestBraking: 2.5,
    shown: ({ x, y, speed }) => x > 420 && Math.abs(y + 3.7) < 0.3 && speed < 17,
  },
];
