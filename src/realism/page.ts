import { chartStyle } from "../charts/index.ts";
import { escapeMarkup, standalonePage } from "../core/index.ts";
import { type QuantityComparison, sameQuantity } from "./compare.ts";
import { digitsOf, number, withInterval } from "./digits.ts";
import type { Distance } from "./distance.ts";
import { quantities } from "./quantities.ts";
import { colors, type Section, sectionPlots } from "./section-plots.ts";

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

const style = `${colors}
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
table { border-collapse: collapse; font-size: 13px; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 5px 7px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child, td.text, th.text { text-align: left; }
td.text { white-space: normal; min-width: 160px; }
th { font-weight: 600; color: var(--soft); }
code { font-size: .92em; }
${chartStyle}`;

/** The certificate as one page that needs nothing else. */
export function realismPage(report: RealismReport): string {
  const { population, earlier, command, sections } = report;
  return standalonePage(
    "generated and real traffic",
    style,
    `<h1>Generated and real traffic</h1>
<p>How traffic of the population <b>${escapeMarkup(population)}</b> compares with NGSIM recordings of US-101 and I-80, measured the
same way on both sides. Clips marked <i>train</i> were fitted to; <i>validation</i> and <i>test</i> were not.</p>
<p class="legend"><span><i style="background: var(--real)"></i>real</span><span><i style="background: var(--generated)"></i>generated,
${escapeMarkup(population)}</span><span><i style="background: var(--before)"></i>generated, ${escapeMarkup(earlier)}</span></p>
<p class="soft">Circumstances are matched clip by clip: number of main lanes, density at the start, and a speed limit that comes and
goes farther down the road, of all tried ones the one that gives speeds closest to the real ones. Speeds are therefore alike by
construction as far as that can be; everything else is the drivers’ own. Generated tracks are smoothed as the import smooths real ones. W₁ is the Wasserstein-1 distance in the quantity's unit, KS the
Kolmogorov-Smirnov distance, both with a 95 % interval from a bootstrap over vehicles. “Chance” is the mean distance between
two random halves of the real vehicles; a half has fewer vehicles, so chance makes less of the whole.</p>
${sections.map((one) => section(one, population, earlier)).join("\n")}
<h2>The population</h2>
<div class="scroll"><table><thead><tr><th>Parameter</th><th>${escapeMarkup(population)}</th><th>${escapeMarkup(earlier)}</th><th class="text">Unit</th>
<th class="text">Meaning</th><th class="text">Source</th></tr></thead><tbody>
${report.parameters
  .map(
    ({ name, value, earlier: old, unit, meaning, source }) =>
      `<tr><td><code>${escapeMarkup(name)}</code></td><td>${escapeMarkup(value)}</td><td>${escapeMarkup(old)}</td><td class="text" style="min-width:0">${escapeMarkup(unit)}</td>` +
      `<td class="text">${escapeMarkup(meaning)}</td><td class="text">${escapeMarkup(source)}</td></tr>`,
  )
  .join("\n")}
</tbody></table></div>
<p class="soft">Made by <code>${escapeMarkup(command)}</code>.</p>`,
  );
}

function section(one: Section, population: string, earlier: string): string {
  const { traffic, split, clips, comparison, before } = one;
  const plots = sectionPlots(one, population, earlier).map(({ title, plot, caption }) =>
    figure(title, plot, caption),
  );
  return `<section><h2>${escapeMarkup(traffic)}, ${escapeMarkup(split)}</h2>
<p class="soft">${escapeMarkup(clips)}</p>
<div class="grid">${plots.join("\n")}</div>
<div class="scroll"><table><thead><tr><th>Quantity</th><th>n real</th><th>vehicles</th><th>n generated</th><th>median real</th><th>generated</th>
<th>W₁ [95 %]</th><th>KS [95 %]</th><th>chance W₁</th><th>W₁ before</th></tr></thead><tbody>
${comparison.quantities.map((compared) => row(compared, sameQuantity(before, compared))).join("\n")}
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
