import { driverNames, modeNames, type ModeName } from "../../protocol.ts";
import { causeLabels, driverLabels } from "../labels.ts";
import { defaultViewState, writeHash } from "../view-state.ts";
import type { RowGroup } from "./show-rows.ts";

/** As far ahead as an evaluation looks for a collision [s]. */
const longestTime = 30;

const columns = ["driver", "outcome", "after", "distance", "fault", "closest ahead", "avoidable"] as const;

/** What became of one start with each driver, and where it can be driven again. */
export function showStart(host: HTMLElement, { title, rows }: RowGroup, index: number): void {
  const heading = document.createElement("h2");
  heading.textContent = `${title}, start ${index + 1}`;
  const table = document.createElement("table");
  table
    .createTHead()
    .insertRow()
    .append(...columns.map((name) => cell("th", name)));
  const body = table.createTBody();
  for (const { driver, outcomes } of rows) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    const { cause, seconds, distance, progress, attribution, safety, avoidable } = outcome;
    const closest = safety?.minTimeToCollision;
    body
      .insertRow()
      .append(
        ...[
          driver,
          causeLabels[cause],
          `${seconds.toFixed(1)} s`,
          `${distance.toFixed(0)} m (${(100 * progress).toFixed(0)} %)`,
          attribution === null ? "–" : `${attribution.fault} (${attribution.kind})`,
          typeof closest === "number" && closest < longestTime ? `${closest.toFixed(1)} s to collision` : "–",
          avoidable === null || avoidable === undefined ? "–" : avoidable ? "yes" : "no",
        ].map((text) => cell("td", text)),
      );
  }
  host.replaceChildren(heading, table, again(rows, index));
  host.hidden = false;
}

function cell(tag: "td" | "th", text: string): HTMLTableCellElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** Links to the same start with every driver of the page, where the page has that traffic. */
function again(rows: RowGroup["rows"], index: number): HTMLElement {
  const line = document.createElement("p");
  line.className = "again";
  const { traffic, split, mode } = rows[0]!;
  const start = rows.find(({ outcomes }) => outcomes[index] !== undefined)?.outcomes[index]?.start;
  if (start === undefined || traffic !== "us101" || split !== "test") {
    line.textContent =
      "Starts on the test clips of US-101 can be driven again here; other traffic is not at hand.";
    return line;
  }
  line.append("Drive it again: ");
  const known = modeNames.find((name) => name === mode) satisfies ModeName | undefined;
  for (const driver of driverNames) {
    const link = document.createElement("a");
    link.textContent = driverLabels[driver].name;
    const at = { track: start.track, frame: start.frame };
    const state = { ...defaultViewState, driver, mode: known ?? defaultViewState.mode, at };
    link.href = `./index.html${location.search}${writeHash(state)}`;
    line.append(link, " ");
  }
  return line;
}
