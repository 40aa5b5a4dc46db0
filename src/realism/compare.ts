import { intervalOf, quantileOfSorted, type Interval, type Rng } from "../core/index.ts";
import { changeRate } from "./calibrate.ts";
import { type Distance, distanceOfHalves, estimateDistance, resample } from "./distance.ts";
import type { Observation } from "./observe.ts";
import { quantities, type QuantityName, quantityNames } from "./quantities.ts";
import type { Sample } from "./sample.ts";

/** A sample in few numbers, and its histogram over the quantity's range. */
export interface Summary {
  readonly n: number;
  /** Vehicles, or slices of time for flow and density. */
  readonly blocks: number;
  readonly mean: number;
  /** 5th, 25th, 50th, 75th and 95th percentile. */
  readonly percentiles: readonly number[];
  /** Share of all values in each of equal parts of the quantity's range. */
  readonly histogram: readonly number[];
}

export interface QuantityComparison {
  readonly quantity: QuantityName;
  readonly unit: string;
  readonly real: Summary;
  readonly generated: Summary;
  readonly wasserstein: Interval;
  readonly kolmogorovSmirnov: Interval;
  /** Distance between two random halves of the real vehicles: what chance alone makes. */
  readonly chance: Distance;
}

/** Generated against real traffic in the same circumstances. */
export interface Comparison {
  readonly quantities: readonly QuantityComparison[];
  /** Lane changes per vehicle and kilometer. */
  readonly changeRate: { readonly real: Interval; readonly generated: Interval };
  /** Mean difference of flow [veh/h] at equal density, weighted as densities occur in real traffic. */
  readonly flowAtDensity: Interval;
}

const draws = 200;
/** Parts of a histogram; fewer where real values are few. */
const manyBins = 40;
const fewBins = 10;
const fewValues = 60;
/** Width of a class of density [veh/km], and the fewest cells in it on each side. */
const densityClass = 5;
const fewestCells = 4;

export function compare(real: Observation, generated: Observation, rng: Rng): Comparison {
  const compared = quantityNames.filter(
    (name) => real.samples[name].values.length > 1 && generated.samples[name].values.length > 1,
  );
  return {
    quantities: compared.map((quantity) => {
      const [a, b] = [real.samples[quantity], generated.samples[quantity]];
      const bins = a.values.length < fewValues ? fewBins : manyBins;
      return {
        quantity,
        unit: quantities[quantity].unit,
        real: summarize(a, quantity, bins),
        generated: summarize(b, quantity, bins),
        ...estimateDistance(a, b, draws, rng.fork(quantity)),
        chance: distanceOfHalves(a, draws, rng.fork(`chance ${quantity}`)),
      };
    }),
    changeRate: {
      real: estimateRate(real, rng.fork("real rate")),
      generated: estimateRate(generated, rng.fork("generated rate")),
    },
    flowAtDensity: estimateFlow(real, generated, rng.fork("flow")),
  };
}

/** What `comparison` says of the same quantity. */
export const sameQuantity = (
  comparison: Comparison,
  { quantity }: QuantityComparison,
): QuantityComparison | undefined => comparison.quantities.find((one) => one.quantity === quantity);

function summarize({ values, blocks }: Sample, quantity: QuantityName, bins: number): Summary {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = quantities[quantity].range;
  const histogram = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    if (bin >= 0 && bin < bins) histogram[bin] += 1 / values.length;
  }
  return {
    n: values.length,
    blocks: new Set(blocks).size,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    percentiles: [0.05, 0.25, 0.5, 0.75, 0.95].map((fraction) => quantileOfSorted(sorted, fraction)),
    histogram,
  };
}

function estimateRate(observation: Observation, rng: Rng): Interval {
  const { changes, meters } = observation;
  const drawn = Array.from({ length: draws }, () => {
    const weights = resample(changes.length, rng);
    const sum = (values: readonly number[]): number =>
      values.reduce((total, value, i) => total + value * weights[i], 0);
    return (1000 * sum(changes)) / sum(meters);
  });
  return intervalOf(changeRate(observation), drawn);
}

function estimateFlow(real: Observation, generated: Observation, rng: Rng): Interval {
  const one = (observation: Observation): Float64Array =>
    new Float64Array(blocksOf(observation.samples.density)).fill(1);
  const again = (observation: Observation): Float64Array =>
    resample(blocksOf(observation.samples.density), rng);
  const value = flowDifference(real, generated, one(real), one(generated));
  const drawn = Array.from({ length: draws }, () =>
    flowDifference(real, generated, again(real), again(generated)),
  );
  return intervalOf(value, drawn);
}

const blocksOf = ({ blocks }: Sample): number => blocks.reduce((most, block) => Math.max(most, block + 1), 0);

function flowDifference(
  real: Observation,
  generated: Observation,
  realWeights: Float64Array,
  generatedWeights: Float64Array,
): number {
  const [a, b] = [flowByDensity(real, realWeights), flowByDensity(generated, generatedWeights)];
  let sum = 0;
  let weight = 0;
  for (const [index, cells] of a) {
    const others = b.get(index);
    if (others === undefined || cells.weight < fewestCells || others.weight < fewestCells) continue;
    sum += cells.weight * Math.abs(cells.flow / cells.weight - others.flow / others.weight);
    weight += cells.weight;
  }
  return weight === 0 ? Number.NaN : sum / weight;
}

function flowByDensity({ samples }: Observation, weights: Float64Array) {
  const classes = new Map<number, { weight: number; flow: number }>();
  samples.density.values.forEach((density, i) => {
    const index = Math.floor(density / densityClass);
    const one = classes.get(index) ?? { weight: 0, flow: 0 };
    classes.set(index, one);
    one.weight += weights[samples.density.blocks[i]];
    one.flow += weights[samples.density.blocks[i]] * samples.flow.values[i];
  });
  return classes;
}
