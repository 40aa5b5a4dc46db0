import { type Axis, chartSheet, intervalPlot, linePlot, scatterPlot } from "../charts/index.ts";
import { type Comparison, sameQuantity } from "./compare.ts";
import { digitsOf, withInterval } from "./digits.ts";
import { quantities, type QuantityName } from "./quantities.ts";

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

/** Colors of the charts and of the page around them, on light and dark ground: an area for what is real, lines for the rest. */
export const colors = `
:root { color-scheme: light dark; --ground: #fbfaf8; --card: #fff; --ink: #23262b; --soft: #6b7078; --line: #e7e4de;
  --real: #cfd5dc; --real-ink: #7d8894; --generated: #0f7f86; --before: #c98a3a; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1b1f24; --ink: #e6e8ea; --soft: #9aa1a9; --line: #2b3037;
  --real: #3b444e; --real-ink: #8c98a5; --generated: #4fc3c7; --before: #d9a765; } }`;

const axisOf = (quantity: QuantityName, label: string): Axis => {
  const [low, high] = quantities[quantity].range;
  return { label, low, high };
};

/** Shares of equal parts of the axis over each other. */
function histograms(
  title: string,
  axis: Axis,
  shares: { readonly [ink: string]: readonly number[] },
): string {
  const most = Math.max(...Object.values(shares).flat(), 1e-9);
  const curves = Object.entries(shares).map(([ink, list]) => ({
    name: ink,
    ink,
    filled: ink === "real",
    dashed: ink === "before",
    points: list.map((share, i): [number, number] => [
      axis.low + ((axis.high - axis.low) * (i + 0.5)) / list.length,
      share / most / 1.06,
    ]),
  }));
  return linePlot(title, axis, null, curves);
}

/** The charts of a section as one file. */
export const sectionSheet = (title: string, plots: readonly TitledPlot[]): string =>
  chartSheet(title, 3, colors, plots);

/** The charts of a section: every quantity but flow and density, which share one. */
export function sectionPlots(
  { comparison, before, cells }: Section,
  population: string,
  earlier: string,
): TitledPlot[] {
  const plots = comparison.quantities
    .filter(({ quantity }) => quantity !== "density" && quantity !== "flow")
    .map((one) => {
      const { title, unit, meaning } = quantities[one.quantity];
      const old = sameQuantity(before, one);
      return titled(
        title,
        histograms(title, axisOf(one.quantity, unit), {
          real: one.real.histogram,
          ...(old === undefined ? {} : { before: old.generated.histogram }),
          generated: one.generated.histogram,
        }),
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
          { label: "per vehicle and km", low: 0, high: Math.max(1, Math.ceil(highest * 2) / 2) },
          [
            { ink: "real-ink", label: "real", ...changeRate.real },
            { ink: "generated", label: population, ...changeRate.generated },
            { ink: "before", label: earlier, ...before.changeRate.generated },
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
          axisOf("density", "density, veh/km"),
          axisOf("flow", "flow, veh/h"),
          [
            { ink: "generated", points: cells.generated },
            { ink: "real-ink", points: cells.real },
          ],
        ),
        `flow over density per lane, cells of 50 m and 5 s. Mean difference of flow at equal density: ${withInterval(comparison.flowAtDensity, 0)} veh/h`,
      ),
    );
  }
  return plots;
}
