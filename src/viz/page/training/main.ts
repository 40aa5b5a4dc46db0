import { byId } from "../dom.ts";
import { createTrainingFollower } from "./follow-training.ts";
import { createMetricChart, type MetricChart } from "./metric-chart.ts";
import { fetchMetrics, fetchTrainings, type MetricsLine, type Training } from "./run-source.ts";

/** Between two looks at the run [ms]. */
const pollMs = 2000;
/** Without a new line for so long, a training is taken to rest [ms]. */
const restMs = 120_000;

let shown: string | null = null;
let charts = new Map<string, MetricChart>();
/** What was there when the page began to look, to tell the pace from. */
let firstSeen: { readonly update: number; readonly at: number } | null = null;
let lastGrown = 0;

const note = byId("note");
const say = (text: string): void => {
  note.textContent = text;
  note.hidden = text === "";
};

const follower = createTrainingFollower(
  { fetchTrainings, fetchMetrics },
  {
    miss: (trainings) =>
      say(
        trainings === null
          ? "No run is served beside this page: headway watch --run FOLDER does that."
          : "This run has not logged anything yet.",
      ),
    offer(trainings, chosen) {
      say("");
      begin(chosen);
      showChoices(trainings, chosen);
    },
    show(training, lines, grown) {
      if (grown) lastGrown = performance.now();
      showReport(training, lines);
    },
  },
);

/** Failures are said, and no reason not to look again. */
const said = (look: Promise<void>): Promise<void> =>
  look.catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));

/** Takes away what belongs to another training. */
function begin(name: string): void {
  if (name === shown) return;
  shown = name;
  charts = new Map();
  firstSeen = null;
  byId("charts").replaceChildren();
}

function showChoices(trainings: readonly Training[], current: string): void {
  const host = byId<HTMLFieldSetElement>("trainings");
  host.hidden = trainings.length < 2;
  const key = trainings.map(({ name }) => name).join("\n");
  if (host.dataset["names"] !== key) {
    host.dataset["names"] = key;
    host.querySelectorAll("label").forEach((label) => label.remove());
    for (const { name } of trainings) {
      const label = document.createElement("label");
      label.className = "chip";
      const input = document.createElement("input");
      input.type = "radio";
      input.name = "training";
      input.value = name;
      input.addEventListener("change", () => {
        begin(name);
        void said(follower.choose(name));
      });
      const text = document.createElement("span");
      text.textContent = name === "" ? "this run" : name;
      label.append(input, text);
      host.append(label);
    }
  }
  for (const input of host.querySelectorAll("input")) input.checked = input.value === current;
}

/** How many updates a training is to do, where its settings say. */
function plannedUpdates({ settings }: Training): number | null {
  const part = (settings["policy"] ?? settings["forwardModel"]) as
    { readonly training?: { readonly updates?: number } } | undefined;
  return part?.training?.updates ?? null;
}

function showReport(training: Training, lines: readonly MetricsLine[]): void {
  const { settings, name } = training;
  const update = lines.at(-1)?.update ?? 0;
  const planned = plannedUpdates(training);
  byId("report").hidden = false;
  const what =
    settings["kind"] === "model"
      ? "forward model"
      : String(settings["method"] ?? settings["kind"] ?? "training");
  byId("title").textContent = name === "" || name === what ? what : `${name}: ${what}`;
  const progress = byId<HTMLProgressElement>("progress");
  progress.value = planned === null ? 0 : update / planned;
  progress.hidden = planned === null;
  byId("pace").textContent = paceOf(update, planned);
  byId("settings").textContent = JSON.stringify(settings, null, 2);
  document.title = `${planned === null ? update : `${Math.floor((100 * update) / planned)} %`} · Headway`;

  const names = [...new Set(lines.flatMap((line) => Object.keys(line)))].filter(
    (key) => key !== "update" && lines.some((line) => typeof line[key] === "number"),
  );
  // What decides first: driving on validation starts, then what is minimized, then its parts.
  const rank = (key: string): number => (key.startsWith("validation") ? 0 : key === "total" ? 1 : 2);
  names.sort((a, b) => rank(a) - rank(b));
  const updates = lines.map((line) => line.update);
  for (const key of names) {
    let chart = charts.get(key);
    if (chart === undefined) {
      charts.set(key, (chart = createMetricChart(key)));
      byId("charts").replaceChildren(...names.flatMap((one) => charts.get(one)?.element ?? []));
    }
    const values = lines.map((line) => (typeof line[key] === "number" ? line[key] : null));
    chart.show(updates, values, planned ?? update);
  }
}

function paceOf(update: number, planned: number | null): string {
  const done = planned === null ? `update ${update}` : `update ${update} of ${planned}`;
  if (planned !== null && update >= planned) return `${done}: finished`;
  const now = performance.now();
  firstSeen ??= { update, at: now };
  if (now - lastGrown > restMs) return `${done}: no news for ${Math.round((now - lastGrown) / 60_000)} min`;
  const pace = (update - firstSeen.update) / ((now - firstSeen.at) / 60_000);
  if (!(pace > 0) || !Number.isFinite(pace)) return done;
  const left = planned === null ? "" : `, about ${Math.ceil((planned - update) / pace)} min left`;
  return `${done}: ${pace.toPrecision(2)} updates a minute${left}`;
}

// One look after the other: a slow server is not asked faster than it answers.
void (async () => {
  for (;;) {
    await said(follower.look());
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
})();
