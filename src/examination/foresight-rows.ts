import { wilsonInterval, type Interval, type Rng } from "../core/index.ts";
import { doubtNames, type DoubtName } from "../policy/index.ts";
import { unusual, type UsualDoubt } from "./doubt.ts";
import type { Foreseen } from "./foreseen.ts";
import type { ForeseenTerm, Foresights, Foretold } from "./foresight.ts";
import { clusteredMeans } from "./statistics.ts";

/** Means over windows, of one step or of the mean over all steps; definitions in docs/metrics.md. */
export interface ForesightNumbers {
  readonly predicted: { readonly [Name in ForeseenTerm]: Interval };
  readonly exact: { readonly [Name in ForeseenTerm]: Interval };
  /** Exact minus predicted cost, window by window: positive where the model promised too much. */
  readonly optimism: Interval;
  readonly variance: { readonly [Name in DoubtName]: Interval };
  /** How unusual each variance is, and the sum of the three: the uncertainty cost of the paper. */
  readonly uncertainty: { readonly [Name in DoubtName | "total"]: Interval };
  /** Share of the egos that have really touched somebody or left the road, by this step; overall: by the end. */
  readonly harmed: Interval;
}

export interface ForesightRow {
  readonly driver: string;
  readonly decidesBy: Foreseen["decidesBy"];
  readonly windows: number;
  /** Vehicles that these windows are about: the independent units of the intervals. */
  readonly vehicles: number;
  readonly overall: ForesightNumbers;
  readonly steps: readonly ({ readonly seconds: number } & ForesightNumbers)[];
}

/** Rows with intervals, bootstrapped over vehicles. */
export function foresightRows(
  drivers: readonly Foreseen[],
  { drivers: foretold, usual, vehicles }: Foresights,
  { hinge, stepSeconds, rng }: { readonly hinge: number; readonly stepSeconds: number; readonly rng: Rng },
): ForesightRow[] {
  const meanOf = clusteredMeans(vehicles, rng);
  const count = new Set(vehicles).size;
  // Resampling windows that all agree would leave no doubt that those not drawn do.
  const rateOf = (harm: readonly number[]): Interval => {
    const share = meanOf(harm);
    const { low, high } = share.low === share.high ? wilsonInterval(share.value * count, count) : share;
    return { ...share, low, high };
  };
  return drivers.map(({ name, decidesBy }, i) => {
    const courses = coursesOf(foretold[i]!, usual, hinge);
    const steps = foretold[i]!.harmed[0]!.length;
    const numbersOf = (of: (course: Float64Array) => number, harm: (course: Float64Array) => number) => {
      const at = (all: readonly Float64Array[]): Interval => meanOf(all.map(of));
      const each = <Name extends string>(some: { readonly [Key in Name]: readonly Float64Array[] }) =>
        Object.fromEntries(
          Object.entries<readonly Float64Array[]>(some).map(([key, all]) => [key, at(all)]),
        ) as { readonly [Key in Name]: Interval };
      return {
        predicted: each(courses.predicted),
        exact: each(courses.exact),
        optimism: at(courses.optimism),
        variance: each(courses.variance),
        uncertainty: each(courses.uncertainty),
        harmed: rateOf(courses.harmed.map(harm)),
      };
    };
    return {
      driver: name,
      decidesBy,
      windows: vehicles.length,
      vehicles: count,
      overall: numbersOf(
        (course) => course.reduce((sum, value) => sum + value, 0) / steps,
        (course) => course.at(-1)!,
      ),
      steps: Array.from({ length: steps }, (_, t) => ({
        seconds: (t + 1) * stepSeconds,
        ...numbersOf(
          (course) => course[t]!,
          (course) => course[t]!,
        ),
      })),
    };
  });
}

/** What was told, and what follows from it. */
function coursesOf(foretold: Foretold, usual: UsualDoubt, hinge: number) {
  const { predicted, exact, variance } = foretold;
  const unusualOf = (name: DoubtName): Float64Array[] =>
    variance[name].map((course) => course.map((value, t) => unusual(value, usual[name], t, hinge)));
  const [image, state, cost] = doubtNames.map(unusualOf) as [Float64Array[], Float64Array[], Float64Array[]];
  return {
    ...foretold,
    optimism: exact.cost.map((course, w) => course.map((value, t) => value - predicted.cost[w]![t]!)),
    uncertainty: {
      image,
      state,
      cost,
      total: image.map((course, w) => course.map((value, t) => value + state[w]![t]! + cost[w]![t]!)),
    },
  };
}
