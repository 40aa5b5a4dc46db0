import type { DriverProfile } from "./drivers.ts";
import { followingFields, followingStride, type Fleet } from "./fleet.ts";
import type { DriverPopulation } from "./population.ts";

/** Lets drivers follow their population when it changes. */
export interface Adaptation {
  /**
   * What a driver is like in `population`: as far from its mean as it was from that of the population it was drawn
   * from. Back there it is exactly who it was.
   */
  of(profile: DriverProfile, population: DriverPopulation): DriverProfile;
  /** Ends the time of the present population: who has been met until then was drawn from it. */
  turnTo(population: DriverPopulation): void;
}

interface Origin {
  readonly profile: DriverProfile;
  readonly population: DriverPopulation;
}

export function createAdaptation(drawnFrom: DriverPopulation): Adaptation {
  const origins = new WeakMap<DriverProfile, Origin>();
  let present = drawnFrom;
  return {
    of(profile, population) {
      const origin = origins.get(profile) ?? { profile, population: present };
      const adapted = adapt(origin, population);
      origins.set(adapted, origin);
      return adapted;
    },
    turnTo(population) {
      present = population;
    },
  };
}

function adapt({ profile, population: from }: Origin, to: DriverPopulation): DriverProfile {
  const scaled = (value: number, mean: number, newMean: number): number =>
    newMean === mean ? value : (value * newMean) / mean;
  return {
    ...profile,
    desiredSpeed: Math.min(
      scaled(profile.desiredSpeed, from.desiredSpeed, to.desiredSpeed),
      // Who has been seen to drive faster can.
      Math.max(profile.topSpeed, profile.desiredSpeed),
    ),
    desiredTimeGap: scaled(profile.desiredTimeGap, from.desiredTimeGap, to.desiredTimeGap),
    // Among people without politeness nobody shows how polite they could be.
    politeness:
      from.politeness > 0 ? scaled(profile.politeness, from.politeness, to.politeness) : to.politeness / 2,
  };
}

/** Makes everyone on the road follow their population at once. */
export function adaptFleet(fleet: Fleet, adaptation: Adaptation, population: DriverPopulation): void {
  for (let i = 0; i < fleet.traffic.count; i++) {
    const profile = (fleet.profile[i] = adaptation.of(fleet.profile[i], population));
    const row = i * followingStride;
    fleet.following[row + followingFields.desiredSpeed] = profile.desiredSpeed;
    fleet.following[row + followingFields.desiredTimeGap] = profile.desiredTimeGap;
  }
}
