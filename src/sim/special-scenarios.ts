import { frameSeconds } from "../core/index.ts";
import { defaultPopulation } from "./populations.ts";
import { straightRoad, type Road } from "./road.ts";
import type { Bottleneck, Demand, Scenario } from "./scenario.ts";

const threeLanes = straightRoad("three-lane-highway", 600, 3);
const fourLanes = straightRoad("four-lane-highway", 600, 4);

/** A long bend to the left, then one to the right, joined by clothoids: arcs of 220 and 260 m radius. */
const curvedRoad: Road = {
  ...fourLanes,
  name: "curved road",
  bend: [
    { x: 70, curvature: 0 },
    { x: 130, curvature: 1 / 220 },
    { x: 260, curvature: 1 / 220 },
    { x: 360, curvature: -1 / 260 },
    { x: 480, curvature: -1 / 260 },
    { x: 540, curvature: 0 },
  ],
};

/** `road` with its rightmost lane existing from `start` to `end` only [m]. */
function withPartialRight(road: Road, name: string, start: number, end: number): Road {
  const last = road.lanes.length - 1;
  return { ...road, name, lanes: road.lanes.map((lane, i) => (i === last ? { ...lane, start, end } : lane)) };
}

const steady = (inflowRate: number): Demand => ({ inflowRate, swing: 0, period: 60 });

const slowZone = (start: number, lowest: number, highest: number, period: number): Bottleneck => ({
  start,
  end: Infinity,
  lowest,
  highest,
  commonPeriod: period,
  lanePeriod: period / 3,
  commonShare: 0.7,
});

function scenario(
  name: string,
  goal: string,
  road: Road,
  demand: Demand,
  more: Partial<Scenario> = {},
): Scenario {
  return {
    name,
    goal,
    road,
    dt: frameSeconds,
    demand,
    bottleneck: null,
    population: defaultPopulation,
    initialSpacing: null,
    ...more,
  };
}

/** Situations with one difficulty each, beside the three kinds of traffic that models are trained on. */
export const specialScenarios: readonly Scenario[] = [
  scenario(
    "stop-and-go",
    "Stop and start with the waves of a jam, without touching anyone.",
    fourLanes,
    steady(0.5),
    { bottleneck: slowZone(400, 0.8, 9, 90) },
  ),
  scenario(
    "cut-in",
    "Make room for drivers who change lanes often, fast and into small gaps.",
    fourLanes,
    steady(0.45),
    {
      bottleneck: slowZone(480, 8, 16, 120),
      population: {
        ...defaultPopulation,
        politeness: 0,
        changeThreshold: 0.05,
        safeDeceleration: 4,
        changeDuration: [2.5, 3.5],
        preferringFraction: 1,
        preferenceBias: 0.8,
      },
    },
  ),
  scenario(
    "lane-drop",
    "Merge before the right lane ends.",
    withPartialRight(fourLanes, "lane drop", 0, 400),
    steady(0.2),
  ),
  scenario(
    "on-ramp",
    "Enter from an acceleration lane, or let others in.",
    withPartialRight(fourLanes, "on-ramp", 0, 300),
    steady(0.25),
    { bottleneck: slowZone(450, 12, 22, 150) },
  ),
  scenario(
    "off-ramp",
    "Cross others who leave by the lane that opens on the right, or leave there.",
    withPartialRight(fourLanes, "off-ramp", 250, 600),
    steady(0.35),
    { population: { ...defaultPopulation, preferringFraction: 0.5, preferenceBias: 1.2 } },
  ),
  scenario("stalled-car", "Get around a car that stands in the middle lane.", threeLanes, steady(0.25), {
    stalled: [{ laneIndex: 1, x: 420 }],
  }),
  scenario("slow-truck", "Follow or overtake trucks that crawl.", threeLanes, steady(0.25), {
    population: { ...defaultPopulation, truckFraction: 0.2, truckSpeed: 12 },
  }),
  scenario("jam-front", "Come fast upon the end of a jam.", threeLanes, steady(0.16), {
    bottleneck: slowZone(380, 1.5, 4, 120),
  }),
  scenario("curved-road", "Slow down for a bend and hold the lane through it.", curvedRoad, steady(0.25)),
  scenario("fast", "Drive at the upper end of highway speeds.", threeLanes, steady(0.25), {
    population: { ...defaultPopulation, desiredSpeed: 34, desiredSpeedSpread: 0.08, desiredTimeGap: 1.1 },
  }),
];
