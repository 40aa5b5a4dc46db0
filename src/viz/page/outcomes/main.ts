import { causes } from "../../protocol.ts";
import { byId } from "../dom.ts";
import { causeLabels } from "../labels.ts";
import { parseEvaluation } from "./evaluation-file.ts";
import { groupRows, showGroup } from "./show-rows.ts";
import { showStart } from "./show-start.ts";

const note = byId("note");
const rows = byId("rows");
const episode = byId("episode");

function say(text: string): void {
  note.textContent = text;
  note.hidden = text === "";
}

function show(text: string): void {
  let groups;
  try {
    groups = groupRows(parseEvaluation(text));
  } catch (error) {
    say((error as Error).message);
    return;
  }
  say("");
  episode.hidden = true;
  byId("legend").hidden = false;
  rows.replaceChildren(
    ...groups.map((group) => {
      const section = showGroup(group, (start) => {
        for (const mark of rows.querySelectorAll(".mark.chosen")) mark.classList.remove("chosen");
        for (const mark of section.querySelectorAll(`.mark[data-start="${start}"]`))
          mark.classList.add("chosen");
        showStart(episode, group, start);
        section.after(episode);
      });
      return section;
    }),
  );
}

const open = async (file: File | undefined): Promise<void> => {
  if (file === undefined) return;
  const text = await file.text().catch(() => null);
  if (text === null) say(`Expected an evaluation.json, got ${file.name}, which cannot be read as a file.`);
  else show(text);
};

byId("legend").append(
  ...causes.map((cause) => {
    const item = document.createElement("li");
    item.textContent = causeLabels[cause];
    item.dataset["cause"] = cause;
    return item;
  }),
);
const input = byId<HTMLInputElement>("file");
input.addEventListener("change", () => void open(input.files?.[0]));
// The same file can be chosen again: it may have been written anew.
input.addEventListener("click", () => (input.value = ""));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  void open(event.dataTransfer?.files[0]);
});

/** Who watches a run goes on watching it. */
for (const link of document.querySelectorAll<HTMLAnchorElement>("nav a")) link.search = location.search;

/** Beside a run that was evaluated its own evaluation is shown at once. */
if (new URLSearchParams(location.search).has("run")) {
  const response = await fetch(new URL("run/evaluation.json", document.baseURI));
  if (response.ok) show(await response.text());
}
