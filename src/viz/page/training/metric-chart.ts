import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** One metric over the updates: as it was logged, and smoothed where it is logged at every update. */
export interface MetricChart {
  readonly element: HTMLElement;
  show(updates: readonly number[], values: readonly (number | null)[], lastUpdate: number): void;
}

const height = 150;
/** Part of the updates so far over which a curve is smoothed. */
const smoothedPart = 0.03;

export function createMetricChart(name: string): MetricChart {
  const element = document.createElement("figure");
  element.className = "card metric";
  const caption = document.createElement("figcaption");
  const title = document.createElement("b");
  title.textContent = name;
  const now = document.createElement("output");
  caption.append(title, now);
  const host = document.createElement("div");
  element.append(caption, host);
  let plot: uPlot | null = null;
  let drawnSparse = false;
  let last = 1;

  const build = (sparse: boolean): uPlot => {
    const style = getComputedStyle(document.documentElement);
    const color = (property: string): string => style.getPropertyValue(property).trim();
    const axis = {
      stroke: color("--muted"),
      font: "11px system-ui, sans-serif",
      ticks: { show: false },
      gap: 2,
    };
    const line = { stroke: color("--ego"), width: 1.75 };
    return new uPlot(
      {
        width: Math.max(160, host.clientWidth),
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [6, 24, 0, 0], // half of the last number below the axis
        scales: {
          x: { time: false, range: () => [0, last] },
          // What never changes stands in the middle of its own size, or at the foot of one.
          y: {
            range: (_, least, most) =>
              least === most ? rangeAround(least ?? 0) : uPlot.rangeNum(least, most, 0.1, true),
          },
        },
        axes: [
          { ...axis, grid: { show: false }, size: 24, gap: 6, space: 60 },
          { ...axis, grid: { stroke: color("--hairline"), width: 1 }, size: 52, space: 30 },
        ],
        series: [
          {},
          sparse
            ? { ...line, spanGaps: true, points: { show: true, size: 6, fill: color("--ego") } }
            : {
                stroke: `color-mix(in srgb, ${color("--ego")} 35%, transparent)`,
                width: 1,
                points: { show: false },
              },
          { ...line, show: !sparse, spanGaps: true, points: { show: false } },
        ],
      },
      [[], [], []],
      host,
    );
  };
  new ResizeObserver(() => plot?.setSize({ width: Math.max(160, host.clientWidth), height })).observe(host);

  return {
    element,
    show(updates, values, lastUpdate) {
      const known = values.filter((value) => value !== null);
      // What is logged at checkpoints alone is shown as it is.
      const sparse = known.length < updates.length / 2 || updates.length < 8;
      if (plot === null || sparse !== drawnSparse) {
        plot?.destroy();
        plot = build(sparse);
        drawnSparse = sparse;
      }
      last = lastUpdate;
      const newest = known.at(-1);
      now.textContent = newest === undefined ? "–" : Number(newest.toPrecision(4)).toString();
      plot.setData([[...updates], [...values], smooth(values)] as uPlot.AlignedData);
    },
  };
}

const rangeAround = (value: number): [number, number] =>
  value === 0 ? [0, 1] : [Math.min(0, 2 * value), Math.max(0, 2 * value)];

/** The mean of the last few values at each place. */
function smooth(values: readonly (number | null)[]): (number | null)[] {
  const width = Math.max(1, Math.round(values.length * smoothedPart));
  let sum = 0;
  let count = 0;
  return values.map((value, i) => {
    if (value !== null) {
      sum += value;
      count++;
    }
    const old = values[i - width];
    if (typeof old === "number") {
      sum -= old;
      count--;
    }
    return count === 0 ? null : sum / count;
  });
}
