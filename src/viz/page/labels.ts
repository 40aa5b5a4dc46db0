import type { Cause, CostName, DriverName, TrafficName } from "../protocol.ts";

/** What the page calls things. */
export const driverLabels: {
  readonly [Name in DriverName]: { readonly name: string; readonly hint: string };
} = {
  policy: { name: "Trained", hint: "learned by driving inside its own model of traffic" },
  imitation: { name: "Imitation", hint: "learned to repeat what humans did next" },
  idm: { name: "IDM", hint: "keeps gaps and changes lanes by the rules of IDM and MOBIL" },
  human: { name: "Human", hint: "the recorded driver, replayed" },
  none: { name: "No action", hint: "neither accelerates nor steers" },
  random: { name: "Random", hint: "smooth random actions" },
};

export const trafficLabels: {
  readonly [Name in TrafficName]: { readonly name: string; readonly hint: string };
} = {
  us101: { name: "US-101", hint: "cars recorded in Los Angeles, 2005" },
  dense: { name: "Dense", hint: "generated: stop-and-go before a bottleneck" },
  mixed: { name: "Mixed", hint: "generated: between free flow and congestion" },
  "free-flow": { name: "Free flow", hint: "generated: fast and open" },
};

export const causeLabels: { readonly [Name in Cause]: string } = {
  finished: "Reached the end",
  hitAhead: "Hit the car ahead",
  hitSide: "Hit a car beside it",
  rearEnded: "Hit from behind by a car that could not see it",
  offRoad: "Left the road",
  timeout: "Ran out of time",
};

export const costLabels: { readonly [Name in CostName]: string } = {
  proximity: "Proximity",
  lane: "Lane",
  offroad: "Off road",
  uncertainty: "Uncertainty",
};
