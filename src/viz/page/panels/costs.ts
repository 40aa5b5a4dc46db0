import { costNames, type CostName, type EpisodeInfo, type Imagined, type Snapshot } from "../../protocol.ts";
import { aheadOf } from "../imaginings.ts";
import { costLabels } from "../labels.ts";
import { createStripChart } from "./strip-chart.ts";

/** A panel of the costs that the ego's surroundings put on it, as numbers and over time, and of those it imagines. */
export interface CostsPanel {
  begin(info: EpisodeInfo): void;
  show(frames: readonly Snapshot[], frame: number, imagined: Imagined | null): void;
}

export function createCostsPanel(list: HTMLElement, chartHost: HTMLElement): CostsPanel {
  const chart = createStripChart(chartHost, 0.5);
  let names: readonly CostName[] = [];
  let info: EpisodeInfo | null = null;
  const values = new Map<CostName, HTMLElement>();

  const lay = (shown: readonly CostName[]): void => {
    names = shown;
    values.clear();
    list.replaceChildren(
      ...shown.map((name) => {
        const row = document.createElement("div");
        const term = document.createElement("dt");
        const value = document.createElement("dd");
        term.textContent = costLabels[name].name;
        term.title = costLabels[name].hint;
        term.style.setProperty("--ink", `var(--cost-${name})`);
        row.append(term, value);
        values.set(name, value);
        return row;
      }),
    );
    if (info !== null) beginChart(info);
  };
  const beginChart = ({ humanFrames, leadIn, dt }: EpisodeInfo): void =>
    chart.begin(
      [
        ...names.map((name) => ({ label: costLabels[name].name, color: `--cost-${name}` })),
        ...names.map((name) => ({
          label: `${costLabels[name].name}, imagined`,
          color: `--cost-${name}`,
          dash: [2, 3],
        })),
      ],
      (humanFrames - leadIn) * dt,
    );

  return {
    begin(next) {
      info = next;
      beginChart(next);
    },
    show(frames, frame, imagined) {
      if (info === null) return;
      const { costs } = frames[frame];
      const shown = costNames.filter((name) => costs[name] !== undefined);
      if (shown.join() !== names.join()) lay(shown);
      for (const [name, node] of values) node.textContent = costs[name]!.toFixed(3);
      const { leadIn, dt } = info;
      const past = frames.slice(leadIn, frame + 1);
      const [ahead = []] = aheadOf(imagined, dt, frame);
      chart.show(
        [...past, ...ahead].map((instant) => (instant.frame - leadIn) * dt),
        [
          ...names.map((name) => [
            ...past.map((snapshot) => snapshot.costs[name] ?? null),
            ...ahead.map(() => null),
          ]),
          ...names.map((name) => [
            ...past.map(() => null),
            ...ahead.map(({ step }) => imagined?.futures[0].costs[name]?.[step] ?? null),
          ]),
        ],
      );
    },
  };
}
