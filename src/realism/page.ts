import type { Comparison, QuantityComparison } from "./compare.ts";
import type { Distance, Estimate } from "./distance.ts";
import { type Curve, histogramPlot, intervalPlot, plotStyle, scatterPlot } from "./plot.ts";
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

export interface RealismReport {
  readonly population: string;
  readonly earlier: string;
  readonly command: string;
  readonly sections: readonly Section[];
  readonly parameters: readonly {
    readonly name: string;
    readonly unit: string;
    readonly meaning: string;
    readonly source: string;
    readonly value: string;
    readonly earlier: string;
  }[];
}

const style = `
:root { color-scheme: light dark; --ground: #fbfaf8; --card: #fff; --ink: #23262b; --soft: #6b7078; --line: #e7e4de;
  --real: #cfd5dc; --real-ink: #7d8894; --generated: #0f7f86; --before: #c98a3a; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1b1f24; --ink: #e6e8ea; --soft: #9aa1a9;
  --line: #2b3037; --real: #3b444e; --real-ink: #8c98a5; --generated: #4fc3c7; --before: #d9a765; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 20px 80px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -.01em; }
h2 { font-size: 21px; margin: 52px 0 4px; }
h3 { font-size: 15px; margin: 0 0 2px; }
p { max-width: 72ch; margin: 8px 0; }
.soft, figcaption { color: var(--soft); font-size: 13.5px; }
.legend span { margin-right: 18px; white-space: nowrap; }
.legend i { display: inline-block; width: 16px; height: 10px; border-radius: 3px; margin-right: 6px; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 16px; margin: 16px 0; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 14px 10px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13.5px; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child, td.text, th.text { text-align: left; }
td.text { white-space: normal; min-width: 160px; }
th { font-weight: 600; color: var(--soft); }
code { font-size: .92em; }
${plotStyle}`;

/** The certificate as one page that needs nothing else. */
export function realismPage(report: RealismReport): string {
  const { population, earlier, command, sections } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Headway: generated and real traffic</title><style>${style}</style></head>
<body><main>
<h1>Generated and real traffic</h1>
<p>How traffic of the population <b>${escape(population)}</b> compares with NGSIM recordings of US-101 and I-80, measured the
same way on both sides. Clips marked <i>train</i> were fitted to; <i>validation</i> and <i>test</i> were not.</p>
<p class="legend"><span><i style="background: var(--real)"></i>real</span><span><i style="background: var(--generated)"></i>generated,
${escape(population)}</span><span><i style="background: var(--before)"></i>generated, ${escape(earlier)}</span></p>
<p class="soft">Circumstances are matched clip by clip: number of main lanes, density at the start, and a speed limit that comes and
goes, scaled until the median speed is the real one. Speeds are therefore alike by construction in their middle; everything else
is not. Generated tracks are smoothed as the import smooths real ones. W₁ is the Wasserstein-1 distance in the quantity's unit, KS the
Kolmogorov-Smirnov distance, both with a 95 % interval from a bootstrap over vehicles. “Chance” is the distance between two random
halves of the real vehicles: nothing can come closer than that for sure.</p>
${sections.map(section).join("\n")}
<h2>The population</h2>
<div class="scroll"><table><thead><tr><th>Parameter</th><th>${escape(population)}</th><th>${escape(earlier)}</th><th class="text">Unit</th>
<th class="text">Meaning</th><th class="text">Source</th></tr></thead><tbody>
${report.parameters
  .map(
    ({ name, value, earlier: old, unit, meaning, source }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${escape(value)}</td><td>${escape(old)}</td><td class="text" style="min-width:0">${escape(unit)}</td>` +
      `<td class="text">${escape(meaning)}</td><td class="text">${escape(source)}</td></tr>`,
  )
  .join("\n")}
</tbody></table></div>
<p class="soft">Made by <code>${escape(command)}</code>.</p>
</main></body></html>
`;
}

function section({ traffic, split, clips, comparison, before, cells }: Section): string {
  const earlierOf = (one: QuantityComparison): QuantityComparison | undefined =>
    before.quantities.find(({ quantity }) => quantity === one.quantity);
  const plots = comparison.quantities
    .filter(({ quantity }) => quantity !== "density" && quantity !== "flow")
    .map((one) => {
      const { title, unit, range, meaning } = quantities[one.quantity];
      const old = earlierOf(one);
      const curves: Curve[] = [
        { kind: "real", shares: one.real.histogram },
        ...(old === undefined ? [] : [{ kind: "before", shares: old.generated.histogram } as const]),
        { kind: "generated", shares: one.generated.histogram },
      ];
      return figure(
        title,
        histogramPlot(title, { label: unit, range }, curves),
        `${meaning}. W₁ ${withInterval(one.wasserstein, digitsOf(one.unit))} ${unit}`,
      );
    });
  const { changeRate } = comparison;
  const highest = Math.max(changeRate.real.high, changeRate.generated.high, before.changeRate.generated.high);
  if (highest > 0) {
    plots.push(
      figure(
        "Lane changes",
        intervalPlot(
          "Lane changes",
          { label: "per vehicle and km", range: [0, Math.max(1, Math.ceil(highest * 2) / 2)] },
          [
            { kind: "real", label: "real", ...changeRate.real },
            { kind: "generated", label: "generated", ...changeRate.generated },
            { kind: "before", label: "generated, earlier", ...before.changeRate.generated },
          ],
        ),
        "between main lanes, settled for a second before and after",
      ),
    );
  }
  if (cells.real.length > 0) {
    plots.push(
      figure(
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
  return `<section><h2>${escape(traffic)}, ${escape(split)}</h2>
<p class="soft">${escape(clips)}</p>
<div class="grid">${plots.join("\n")}</div>
<div class="scroll"><table><thead><tr><th>Quantity</th><th>n real</th><th>vehicles</th><th>n generated</th><th>median real</th><th>generated</th>
<th>W₁ [95 %]</th><th>KS [95 %]</th><th>chance W₁</th><th>W₁ before</th></tr></thead><tbody>
${comparison.quantities.map((one) => row(one, earlierOf(one))).join("\n")}
</tbody></table></div></section>`;
}

function row(one: QuantityComparison, old: QuantityComparison | undefined): string {
  const digits = digitsOf(one.unit);
  const cells = [
    `${quantities[one.quantity].title} [${one.unit}]`,
    one.real.n,
    one.real.blocks,
    one.generated.n,
    number(one.real.percentiles[2], digits),
    number(one.generated.percentiles[2], digits),
    withInterval(one.wasserstein, digits),
    withInterval(one.kolmogorovSmirnov, 2),
    number((one.chance satisfies Distance).wasserstein, digits),
    old === undefined ? "–" : number(old.wasserstein.value, digits),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

const figure = (title: string, plot: string, caption: string): string =>
  `<figure><h3>${title}</h3>${plot}<figcaption>${caption}</figcaption></figure>`;

/** Digits after the point that a unit deserves. */
export const digitsOf = (unit: string): number =>
  unit === "veh/h" ? 0 : unit === "m" || unit === "veh/km" ? 1 : 2;

const number = (value: number, digits: number): string =>
  Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : "–";

/** "0.41 [0.35, 0.52]" */
export function withInterval({ value, low, high }: Estimate, digits: number): string {
  return `${number(value, digits)} [${number(low, digits)}, ${number(high, digits)}]`;
}

const escape = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
