import { scenarios, type TrafficParameters } from "../../sim/index.ts";
import type { Cause, CostName, DriverName, ModeName, TrafficName } from "../protocol.ts";

/** What the page calls things. Hints of drivers go on after "The driver". */
export const driverLabels: {
  readonly [Name in DriverName]: { readonly name: string; readonly hint: string };
} = {
  policy: {
    name: "Trained",
    hint: "learned by driving inside its own model of traffic, on straight roads; bends are unrolled for it",
  },
  plan: {
    name: "Planner",
    hint: "plans anew at every decision, by trying in its model what it could do, and begins with what Trained would do",
  },
  imitation: {
    name: "Imitation",
    hint: "learned to repeat what humans did next, on straight roads; bends are unrolled for it",
  },
  idm: { name: "IDM", hint: "keeps gaps and changes lanes by rules that people wrote, IDM and MOBIL" },
  human: { name: "Human", hint: "repeats what was recorded of the car that it replaces" },
  none: { name: "No action", hint: "neither accelerates nor steers" },
  random: { name: "Random", hint: "acts at random, smoothly" },
};

const heldAction = "Two futures of 3 s, drawn from the model of traffic, if it kept to its present action.";

/** What is shown of a driver's imagination. */
export const imaginationLabels: { readonly [Name in DriverName]: string } = {
  policy:
    "Two futures of 3 s, drawn from its model of traffic: it drives on in each, acting on what it imagines there.",
  plan: "Its present plan in two futures of 3 s, drawn from the model of traffic that it plans with.",
  imitation:
    "Two futures of 3 s, drawn from the model of traffic: it drives on in each, acting on what is imagined there.",
  idm: heldAction,
  human: heldAction,
  none: heldAction,
  random: heldAction,
};

/** A scenario's name for people; what it is for stands in the simulator. */
const generated = (scenario: string, name: string) => ({ name, hint: scenarios[scenario]!.goal });

export const trafficLabels: {
  readonly [Name in TrafficName]: { readonly name: string; readonly hint: string };
} = {
  us101: { name: "US-101", hint: "Drive among cars that were recorded in Los Angeles in 2005." },
  dense: generated("dense", "Dense"),
  mixed: generated("mixed", "Mixed"),
  "free-flow": generated("free-flow", "Free flow"),
  fast: generated("fast", "Fast"),
  "stop-and-go": generated("stop-and-go", "Stop and go"),
  "jam-front": generated("jam-front", "Jam front"),
  "cut-in": generated("cut-in", "Cut-in"),
  "lane-drop": generated("lane-drop", "Lane drop"),
  "on-ramp": generated("on-ramp", "On-ramp"),
  "off-ramp": generated("off-ramp", "Off-ramp"),
  "stalled-car": generated("stalled-car", "Stalled car"),
  "slow-truck": generated("slow-truck", "Slow truck"),
  "curved-road": generated("curved-road", "Curved road"),
};

export const modeLabels: {
  readonly [Name in ModeName]: { readonly name: string; readonly hint: string };
} = {
  replay: { name: "Replay", hint: "The others repeat their record and cannot see the ego." },
  reactive: {
    name: "Reactive",
    hint: "The others see the ego: each is driven by rules fitted to its record.",
  },
  self: {
    name: "Copies",
    hint: "The others see the ego, and a fifth of them, in pale blue, are its copies.",
  },
};

/** The parameters of traffic, in the units that people on the road use. */
export const parameterLabels: {
  readonly [Name in keyof TrafficParameters]: {
    readonly label: string;
    readonly hint: string;
    readonly print: (value: number) => string;
  };
} = {
  inflowRate: {
    label: "Inflow",
    hint: "vehicles that want to come in per hour and lane",
    print: (value) => `${Math.round(3600 * value)} veh/h`,
  },
  truckFraction: {
    label: "Trucks",
    hint: "how many of those coming in are trucks",
    print: (value) => `${Math.round(100 * value)} %`,
  },
  desiredSpeed: {
    label: "Desired speed",
    hint: "mean speed that drivers want on an empty road",
    print: (value) => `${value.toFixed(0)} m/s`,
  },
  timeGap: {
    label: "Time gap",
    hint: "mean time gap that drivers want to the car ahead",
    print: (value) => `${value.toFixed(1)} s`,
  },
  politeness: {
    label: "Politeness",
    hint: "what drivers give for the comfort of others when they change lanes",
    print: (value) => value.toFixed(2),
  },
};

export const causeLabels: { readonly [Name in Cause]: string } = {
  finished: "Reached the end",
  hitAhead: "Hit the car ahead",
  hitSide: "Hit a car beside it",
  rearEnded: "Hit from behind",
  offRoad: "Left the road",
  timeout: "Ran out of time",
};

export const costLabels: {
  readonly [Name in CostName]: { readonly name: string; readonly hint: string };
} = {
  proximity: { name: "Proximity", hint: "other cars within the safety distance around the ego" },
  lane: { name: "Lane", hint: "lane lines under the ego" },
  offroad: { name: "Off road", hint: "ground off the road under or beside the ego" },
};
