import { linePlot, type Axis, type Curve } from "../charts/index.ts";
import { escapeMarkup, standalonePage, type Interval } from "../core/index.ts";
import type { ForesightNumbers, ForesightRow } from "./foresight-rows.ts";
import { foresightCells } from "./foresight-table.ts";
import { figure, pageStyle, table, type Ink } from "./page-parts.ts";

/** What the curves are about. */
export interface ForesightSubject {
  readonly model: string;
  readonly family: string;
  readonly latent: string;
  readonly data: readonly string[];
  readonly split: string;
  readonly masks: number;
  readonly hinge: number;
  readonly command: string;
}

const inks: readonly Ink[] = ["truth", "model", "coasting", "second", "copied"];

interface Panel {
  readonly caption: string;
  readonly unit: string;
  readonly of: (numbers: ForesightNumbers) => Interval;
}

const groups: readonly {
  readonly title: string;
  readonly text: string;
  readonly panels: readonly Panel[];
}[] = [
  {
    title: "What is promised, and what comes of it",
    text:
      "The cost of the world (nearness of others, lane lines and ground off the road, weighted) at each step: as the model " +
      "imagines it under the driver's actions, and in the exact simulator under the very same actions. A driver that has found a hole in the " +
      "model is promised little and gets much.",
    panels: [
      { caption: "Predicted cost", unit: "weighted cost", of: ({ predicted }) => predicted.cost },
      { caption: "True cost of the same actions", unit: "weighted cost", of: ({ exact }) => exact.cost },
      { caption: "True minus predicted", unit: "weighted cost", of: ({ optimism }) => optimism },
      {
        caption: "Really touched somebody or left the road by then",
        unit: "share",
        of: ({ harmed }) => harmed,
      },
    ],
  },
  {
    title: "How unsure the model is of it",
    text:
      "Variance over dropout masks at equal latents and actions, as deviations above what recorded driving shows at the same step of the " +
      "horizon, less the hinge; nothing below it counts.",
    panels: [
      { caption: "Sum of the three", unit: "deviations", of: ({ uncertainty }) => uncertainty.total },
      { caption: "Of the picture", unit: "deviations", of: ({ uncertainty }) => uncertainty.image },
      { caption: "Of the ego state", unit: "deviations", of: ({ uncertainty }) => uncertainty.state },
      { caption: "Of the cost", unit: "deviations", of: ({ uncertainty }) => uncertainty.cost },
    ],
  },
  {
    title: "Term by term",
    text: "As imagined, before any weight.",
    panels: [
      { caption: "Proximity", unit: "cost", of: ({ predicted }) => predicted.proximity },
      { caption: "Lane lines", unit: "cost", of: ({ predicted }) => predicted.lane },
      { caption: "Off the road", unit: "cost", of: ({ predicted }) => predicted.offroad },
      { caption: "Accelerations", unit: "(m/s²)²", of: ({ predicted }) => predicted.action },
      { caption: "Jerks", unit: "(m/s³)²", of: ({ predicted }) => predicted.jerk },
    ],
  },
];

/** The rows as one page that needs nothing else. */
export function foresightPage(rows: readonly ForesightRow[], subject: ForesightSubject): string {
  const { head, body } = foresightCells(rows);
  const title = `Foresight in ${escapeMarkup(subject.model)}`;
  const sections = groups.map(
    ({ title, text, panels }) =>
      `<h2>${title}</h2>\n<p>${text}</p>\n<div class="grid">${panels.map((panel) => panelFigure(rows, panel)).join("\n")}</div>`,
  );
  return standalonePage(
    title,
    pageStyle,
    `<h1>What drivers foresee</h1>
<p><code>${escapeMarkup(subject.model)}</code>: family ${escapeMarkup(subject.family)}, latent ${escapeMarkup(subject.latent)}, on
${rows[0]?.windows ?? 0} held-out starts of ${escapeMarkup(subject.data.join(", "))} (${escapeMarkup(subject.split)}), ${subject.masks}
dropout masks each, hinge ${subject.hinge}. Means with 95 % intervals, bootstrapped over ${rows[0]?.vehicles ?? 0} vehicles.</p>
${table(
  head.map(escapeMarkup),
  body.map(([driver, ...cells]) => [shortName(driver!), ...cells].map(escapeMarkup).map(intervalBelow)),
)}
${sections.join("\n")}
<p class="soft">Made by <code>${escapeMarkup(subject.command)}</code>. Vehicles share their traffic, so intervals are somewhat too narrow.</p>`,
  );
}

/** A value above its interval: side by side, eleven of them would be wider than a page. */
const intervalBelow = (cell: string): string => cell.replace(/ (\[.*\])$/, "<br><small>$1</small>");

/** How many instants of a curve show their interval: more would hide each other. */
const shownIntervals = 3;

function panelFigure(rows: readonly ForesightRow[], { caption, unit, of }: Panel): string {
  const curves = rows.map((row, i): Curve => {
    const stride = Math.ceil(row.steps.length / shownIntervals);
    const isShown = (t: number): boolean => (row.steps.length - 1 - t) % stride === 0;
    return {
      name: escapeMarkup(shortName(row.driver)),
      ink: inks[i % inks.length]!,
      dashed: i >= inks.length,
      points: row.steps.map((step) => [step.seconds, of(step).value] as const),
      intervals: row.steps.map((step, t) => (isShown(t) ? ([of(step).low, of(step).high] as const) : null)),
    };
  });
  const values = curves.flatMap(({ points, intervals }) => [
    ...points.map(([, value]) => value),
    ...intervals!.flatMap((interval) => interval ?? []),
  ]);
  const top = Math.max(...values);
  const x: Axis = { label: "seconds ahead", low: 0, high: rows[0]!.steps.at(-1)!.seconds };
  const y: Axis = { label: unit, low: Math.min(0, ...values), high: top > 1e-3 ? top : 1 };
  return figure(caption, linePlot(caption, x, y, curves), curves);
}

/** A driver's name; of a file its folder and itself. */
const shortName = (driver: string): string => driver.split("/").slice(-2).join("/");
