import { element } from "../dom.ts";
import { causes } from "../../protocol.ts";
import { causeLabels } from "../labels.ts";
import type { EvaluationRow } from "./evaluation-file.ts";

/** The rows of one traffic, whose drivers took the same starts. */
export interface RowGroup {
  readonly title: string;
  readonly rows: readonly EvaluationRow[];
}

export function groupRows(rows: readonly EvaluationRow[]): RowGroup[] {
  const titleOf = ({ traffic, split, mode }: EvaluationRow): string => `${traffic} (${split}, ${mode})`;
  return [...new Set(rows.map(titleOf))].map((title) => ({
    title,
    rows: rows.filter((row) => titleOf(row) === title),
  }));
}

const percent = (share: number): string => (100 * share).toFixed(1);

/**
 * One line per driver: its name, its success, and a mark per start, the same start at the same place in every line.
 * @param onChoice told which start was chosen
 */
export function showGroup({ title, rows }: RowGroup, onChoice: (start: number) => void): HTMLElement {
  const section = element("section", "card traffic");
  section.append(element("h2", "", title));
  for (const row of rows) {
    const { success, outcomes, episodes, driver } = row;
    const line = element("div", "line");
    const head = element("p", "head");
    head.append(
      element("b", "", driver),
      element(
        "span",
        "",
        ` ${percent(success.rate)} % [${percent(success.low)}, ${percent(success.high)}], n ${episodes}`,
      ),
    );
    const tally = causes.filter((cause) => row.causes[cause] > 0 && cause !== "finished");
    head.append(
      element("small", "", tally.map((cause) => `${causeLabels[cause]} ${row.causes[cause]}`).join(" · ")),
    );
    const marks = element("div", "marks");
    outcomes.forEach(({ cause }, start) => {
      const mark = element("button", "mark");
      mark.type = "button";
      mark.dataset["cause"] = cause;
      mark.dataset["start"] = String(start);
      mark.title = `start ${start + 1}: ${causeLabels[cause]}`;
      mark.setAttribute("aria-label", `${driver}, start ${start + 1}: ${causeLabels[cause]}`);
      mark.addEventListener("click", () => onChoice(start));
      marks.append(mark);
    });
    if (outcomes.length === 0) marks.append(element("small", "", "The file holds no single episodes."));
    line.append(head, marks);
    section.append(line);
  }
  return section;
}
