import type { Cause } from "../../protocol.ts";
import { causeLabels } from "../labels.ts";

/** Counts how episodes ended, per driver and traffic; a start that is watched again is counted once. */
export interface Tally {
  record(series: string, start: number, cause: Cause): void;
  show(series: string): void;
}

const marksShown = 24;

export function createTally(text: HTMLElement, marks: HTMLElement): Tally {
  const outcomes = new Map<string, Map<number, Cause>>();
  const of = (series: string): Map<number, Cause> => {
    let found = outcomes.get(series);
    if (found === undefined) outcomes.set(series, (found = new Map<number, Cause>()));
    return found;
  };
  const show = (series: string): void => {
    const ended = [...of(series).values()];
    const finished = ended.filter((cause) => cause === "finished").length;
    text.textContent = ended.length === 0 ? "" : `${finished} of ${ended.length} reached the end`;
    marks.replaceChildren(
      ...ended.slice(-marksShown).map((cause) => {
        const mark = document.createElement("i");
        mark.dataset["cause"] = cause;
        mark.title = causeLabels[cause];
        return mark;
      }),
    );
  };
  return {
    record(series, start, cause) {
      of(series).set(start, cause);
      show(series);
    },
    show,
  };
}
