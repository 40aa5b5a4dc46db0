import { type Comparison, sameQuantity } from "./compare.ts";
import { digitsOf, withInterval } from "./digits.ts";
import { type Curve, histogramPlot, intervalPlot, scatterPlot } from "./plot.ts";
import { quantities } from "./quantities.ts";

/** One stretch of real traffic beside generated traffic in its circumstances. */
export interface Section {
  readonly traffic: string;
  readonly split: string;
  readonly clips: string;
  readonly comparison: Comparison;
  /** The same with an earlier population, for what calibration gained. */
  readonly before: Comparison;
  /** Density [veh/km] and flow [veh/h] of every cell. */
  readonly cells: {
    readonly real: readonly (readonly [number, number])[];
    readonly generated: readonly (readonly [number, number])[];
  };
}

export interface TitledPlot {
  readonly title: string;
  readonly plot: string;
  readonly caption: string;
}

const titled = (title: string, plot: string, caption: string): TitledPlot => ({ title, plot, caption });

/** The charts of a section: every quantity but flow and density, which share one. */
export function sectionPlots(
  { comparison, before, cells }: Section,
  population: string,
  earlier: string,
): TitledPlot[] {
  const plots = comparison.quantities
    .filter(({ quantity }) => quantity !== "density" && quantity !== "flow")
    .map((one) => {
      const { title, unit, range, meaning } = quantities[one.quantity];
      const old = sameQuantity(before, one);
      const curves: Curve[] = [
        { kind: "real", shares: one.real.histogram },
        ...(old === undefined ? [] : [{ kind: "before", shares: old.generated.histogram } as const]),
        { kind: "generated", shares: one.generated.histogram },
      ];
      return titled(
        title,
        histogramPlot(title, { label: unit, range }, curves),
        `${meaning}. W₁ ${withInterval(one.wasserstein, digitsOf(one.unit))} ${unit}`,
      );
    });
  const { changeRate } = comparison;
  const highest = Math.max(changeRate.real.high, changeRate.generated.high, before.changeRate.generated.high);
  if (highest > 0) {
    plots.push(
      titled(
        "Lane changes",
        intervalPlot(
          "Lane changes",
          { label: "per vehicle and km", range: [0, Math.max(1, Math.ceil(highest * 2) / 2)] },
          [
            { kind: "real", label: "real", ...changeRate.real },
            { kind: "generated", label: population, ...changeRate.generated },
            { kind: "before", label: earlier, ...before.changeRate.generated },
          ],
        ),
        "between main lanes, settled for a second before and after",
      ),
    );
  }
  if (cells.real.length > 0) {
    plots.push(
      titled(
        "Fundamental diagram",
        scatterPlot(
          "Fundamental diagram",
          { label: "density, veh/km", range: quantities.density.range },
          { label: "flow, veh/h", range: quantities.flow.range },
          [
            { kind: "generated", points: cells.generated },
            { kind: "real", points: cells.real },
          ],
        ),
        `flow over density per lane, cells of 50 m and 5 s. Mean difference of flow at equal density: ${withInterval(comparison.flowAtDensity, 0)} veh/h`,
      ),
    );
  }
  return plots;
}
