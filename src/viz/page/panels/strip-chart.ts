import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface StripSeries {
  readonly label: string;
  /** Names a custom property of the style sheet, for example `--ego`. */
  readonly color: string;
  readonly dash?: readonly number[];
  readonly fill?: boolean;
}

/** A small chart over the time of an episode. */
export interface StripChart {
  /** @param seconds length of the time axis. */
  begin(series: readonly StripSeries[], seconds: number): void;
  /** @param values of each series: a line has a gap at null, and goes on past undefined */
  show(times: readonly number[], values: readonly (readonly (number | null | undefined)[])[]): void;
}

const styleOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param floor the least upper end of the value axis */
export function createStripChart(host: HTMLElement, floor: number): StripChart {
  let plot: uPlot | null = null;
  let drawn: readonly StripSeries[] = [];
  let seconds = 1;
  let data: uPlot.AlignedData = [[]];

  const size = (): uPlot.Options["width"] extends number ? { width: number; height: number } : never => ({
    width: Math.max(120, host.clientWidth),
    height: Math.max(70, host.clientHeight),
  });
  const build = (): void => {
    plot?.destroy();
    const axis = {
      stroke: styleOf("--muted"),
      font: "11px system-ui, sans-serif",
      ticks: { show: false },
      gap: 2,
    };
    const grid = { stroke: styleOf("--hairline"), width: 1 };
    plot = new uPlot(
      {
        ...size(),
        legend: { show: false },
        cursor: { show: false },
        padding: [6, 16, 0, 0],
        scales: {
          x: { time: false, range: () => [0, seconds] },
          y: { range: (_, least, most) => [Math.min(0, least ?? 0), Math.max(floor, (most ?? 0) * 1.08)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 24,
            gap: 6, // clear of the 0 of the other axis
            space: 60,
            values: (_, ticks) => ticks.map((t) => `${t} s`),
          },
          { ...axis, grid, size: 30, space: 26 },
        ],
        series: [
          {},
          ...drawn.map(({ label, color, dash, fill }) => ({
            label,
            stroke: styleOf(color),
            width: 1.75,
            points: { show: false },
            ...(dash === undefined ? {} : { dash: [...dash] }),
            ...(fill ? { fill: `color-mix(in srgb, ${styleOf(color)} 14%, transparent)` } : {}),
          })),
        ],
      },
      data,
      host,
    );
  };
  new ResizeObserver(() => plot?.setSize(size())).observe(host);
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => plot && build());

  return {
    begin(series, length) {
      const same = plot !== null && series.map((s) => s.label).join() === drawn.map((s) => s.label).join();
      seconds = length;
      drawn = series;
      data = [[], ...series.map(() => [])];
      if (same) plot!.setData(data);
      else build();
    },
    show(times, values) {
      data = [times, ...values] as uPlot.AlignedData;
      plot?.setData(data);
    },
  };
}
