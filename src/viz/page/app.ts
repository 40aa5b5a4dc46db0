import type { DriverName, EpisodeInfo, Imagined, Reply, Snapshot } from "../protocol.ts";
import { createControls, type Commands } from "./controls.ts";
import { byId } from "./dom.ts";
import { createImaginings } from "./imaginings.ts";
import { listenToKeys } from "./keyboard.ts";
import { causeLabels, driverLabels } from "./labels.ts";
import { connect } from "./link.ts";
import { createParameterSliders, parametersAt } from "./parameters.ts";
import { createCostsPanel } from "./panels/costs.ts";
import { createMinimap } from "./panels/minimap.ts";
import { createImaginationPanel } from "./panels/imagination.ts";
import { createPixelStatePanel } from "./panels/pixel-state.ts";
import { createReadingsPanel } from "./panels/readings.ts";
import { createSpeedPanel } from "./panels/speed.ts";
import { createTally } from "./panels/tally.ts";
import { createPlayback } from "./playback.ts";
import { followRun } from "./follow-run.ts";
import type { Stage } from "./stage.ts";
import { playSpeeds, readHash, requestOf, withChange, writeHash, type ViewState } from "./view-state.ts";

/** How long an outcome stays on screen before the next start begins [ms]. */
const outcomeMs = 2600;

/** Drives where a trained driver is not to be had. */
const standIn: DriverName = "idm";

/** Longest step of the playback clock [s]: a page that was hidden does not leap. */
const longestTick = 0.25;

/** So many frames before the playhead are known, that what is imagined can be held against what came. */
const framesAhead = 34;

/** Puts the page together: worker, stage, panels, controls and the state in the address. */
export async function startApp(): Promise<void> {
  let state: ViewState = readHash(location.hash);
  // Nothing moves by itself before the eyes of those who asked for that.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) state = { ...state, paused: true };
  let episode = 0;
  let shownFrame = -1;
  /** What the charts show; an imagination may come after its frame. */
  let charted: { readonly frame: number; readonly imagined: Imagined | null } = { frame: -1, imagined: null };
  let endedAt: number | null = null;
  /** Where an episode goes on that is opened anew because its traffic changed, and whether it has begun. */
  let resuming: { readonly frame: number; begun: boolean } | null = null;
  let drawn: Stage | null = null;
  const playback = createPlayback();
  const note = byId("note");
  const notes = new Set<string>();
  /** True until another episode begins. */
  let passingNote = "";
  const showNotes = (): void => {
    const text = [...notes, passingNote].join(" ").trim();
    note.hidden = text === "";
    // What says the same again is not read out again.
    if (note.textContent !== text) note.textContent = text;
  };
  const addNote = (text: string): void => {
    notes.add(text);
    showNotes();
  };
  const setPassingNote = (text: string): void => {
    passingNote = text;
    showNotes();
  };

  const stageElement = byId("stage");
  const link = connect(onReply, (reason) => {
    addNote(reason);
    // Nothing is loading any more.
    if (stageElement.dataset["start"] === undefined) byId("place").textContent = "";
  });
  const panels = [createSpeedPanel(byId("speed-chart")), createCostsPanel(byId("costs"), byId("cost-chart"))];
  const pixelState = createPixelStatePanel(byId<HTMLCanvasElement>("pixels"), byId("pixels-caption"));
  const imaginings = createImaginings();
  const imagination = createImaginationPanel();
  const readings = createReadingsPanel();
  const minimap = createMinimap(byId<HTMLCanvasElement>("minimap"));
  const tally = createTally(byId("tally-text"), byId("tally-marks"));
  const outcome = byId("outcome");

  const change = (next: Partial<ViewState>, reopen: boolean): void => {
    state = { ...state, ...next };
    history.replaceState(null, "", writeHash(state));
    controls.show(state);
    if (reopen) open();
  };
  const commands: Commands = {
    togglePause() {
      // Play at the end means: again.
      if (state.paused && playback.atEnd) commands.restart();
      change({ paused: !state.paused }, false);
    },
    restart() {
      playback.seek(0);
      endedAt = null;
    },
    moveStart: (by) => change({ start: wrap(state.start + by, playback.info?.starts), at: null }, true),
    moveFrame(by) {
      if (!state.paused) change({ paused: true }, false);
      playback.seek(Math.round(playback.playhead) + by);
    },
    seek(frame) {
      playback.seek(frame);
      endedAt = null;
    },
    changeSpeed(by) {
      const at = playSpeeds.indexOf(state.speed as (typeof playSpeeds)[number]);
      const speed = playSpeeds[at + by];
      if (speed !== undefined) change({ speed }, false);
    },
    setSpeed: (speed) => change({ speed }, false),
    setDriver: (driver) => {
      if (missing[driver] === undefined) change({ driver }, true);
    },
    setTraffic: (traffic) => change({ traffic, start: 0, at: null, changes: [] }, true),
    setMode: (mode) => change({ mode }, true),
    setSeed: (seed) => change({ seed, changes: [] }, true),
    showHelp: () => byId<HTMLDialogElement>("help").showModal(),
  };
  let missing: Extract<Reply, { kind: "ready" }>["missing"] = {};
  const controls = createControls(commands);
  listenToKeys(commands, () => state);
  const sliders = createParameterSliders(
    (name, value) => {
      const { info } = playback;
      if (info === null) return;
      const at = Math.round(playback.playhead);
      change({ changes: withChange(state.changes, info.firstFrame + at, { [name]: value }) }, true);
      resuming = { frame: at, begun: false };
    },
    () => change({ changes: [] }, true),
  );
  controls.show(state);
  followRun(() => {
    link.send({ kind: "refresh" });
    setPassingNote("The run has written a new checkpoint: it drives from the next start on.");
  });
  addEventListener("hashchange", () => {
    const next = readHash(location.hash);
    const reopen = JSON.stringify(requestOf(next)) !== JSON.stringify(requestOf(state));
    change(next, reopen);
  });
  open();

  // The worker is at work by now; the drawing code need not hold it up.
  const { createStage } = await import("./stage.ts");
  const stage = await createStage(byId("road"));
  drawn = stage;
  if (stage.renderer === "canvas") addNote("No WebGL here: the road is drawn more slowly on a plain canvas.");
  if (playback.info !== null) stage.begin(playback.info);
  let drawnAt = performance.now();
  requestAnimationFrame(function draw(nowMs) {
    requestAnimationFrame(draw);
    const elapsedMs = Math.max(0, nowMs - drawnAt);
    drawnAt = nowMs;
    const info = playback.info;
    if (info === null) return;
    // Until it is where it was the old picture stays.
    const waiting = resuming !== null && !(resuming.begun && playback.hasReached(resuming.frame));
    if (!waiting) resuming = null;
    if (!state.paused && !waiting) playback.advance(Math.min(longestTick, elapsedMs / 1000) * state.speed);
    const atOnce = Math.ceil(6 + 6 * state.speed);
    const wanted = playback.wanted(Math.max(framesAhead, atOnce), atOnce);
    if (wanted > 0) link.send({ kind: "advance", episode, frames: wanted });
    const moment = playback.moment();
    if (moment === null || waiting) return;
    const imagined = imaginings.at(moment.from.frame);
    stage.show(info, playback.frames, moment, imagined);
    imagination.show(imagined, playback.frames, moment.from.frame);
    if (moment.from.frame !== shownFrame) showFrame(info, moment.from);
    if (moment.from.frame !== charted.frame || imagined !== charted.imagined) {
      charted = { frame: moment.from.frame, imagined };
      for (const panel of panels) panel.show(playback.frames, charted.frame, imagined);
    }
    if (!playback.atEnd || state.paused) endedAt = null;
    else if ((endedAt ??= nowMs) + outcomeMs < nowMs) commands.moveStart(1);
  });

  function open(): void {
    episode++;
    endedAt = null;
    resuming = null;
    link.send({ kind: "open", episode, request: requestOf(state) });
  }

  function showFrame(info: EpisodeInfo, snapshot: Snapshot): void {
    shownFrame = snapshot.frame;
    const seconds = (snapshot.frame - info.leadIn) * info.dt;
    const last = playback.frames.at(-1)!;
    const lastFrame = last.verdict === null ? Math.max(info.humanFrames - 1, last.frame) : last.frame;
    controls.showTime(snapshot.frame, lastFrame, seconds);
    pixelState.show(snapshot);
    const { changes } = info.request;
    sliders.show(
      parametersAt(info.parameters, changes, info.firstFrame + snapshot.frame),
      changes.length > 0,
    );
    readings.show(snapshot);
    minimap.show(info, snapshot);
    const { verdict } = snapshot;
    if (verdict !== null) tally.record(tallyKey(info), info.start, verdict.cause);
    outcome.dataset["cause"] = verdict?.cause ?? "";
    outcome.textContent =
      verdict === null
        ? ""
        : `${causeLabels[verdict.cause]} · ${verdict.distance.toFixed(0)} m in ${verdict.seconds.toFixed(1)} s`;
    stageElement.dataset["frame"] = String(snapshot.frame);
    stageElement.dataset["egoX"] = snapshot.ego.x.toFixed(2);
    stageElement.classList.toggle("leading-in", snapshot.frame < info.leadIn);
  }

  function begin(info: EpisodeInfo): void {
    playback.begin(info);
    setPassingNote("");
    if (state.at !== null) change({ start: info.start, at: null }, false);
    if (resuming !== null) {
      resuming.begun = true;
      playback.seek(resuming.frame);
    }
    shownFrame = -1;
    charted = { frame: -1, imagined: null };
    outcome.textContent = "";
    outcome.dataset["cause"] = "";
    const { driver, traffic } = info.request;
    byId("driver-now").textContent = driverLabels[driver].name;
    byId("place").textContent = `${info.place} · start ${info.start + 1} of ${info.starts}`;
    stageElement.dataset["start"] = String(info.start + 1);
    stageElement.dataset["driver"] = driver;
    tally.show(tallyKey(info));
    byId("human-key").textContent = traffic === "us101" ? "recorded human" : "car it replaces";
    pixelState.begin(info);
    imaginings.begin();
    imagination.begin(info);
    for (const panel of panels) panel.begin(info);
    drawn?.begin(info);
  }

  function onReply(reply: Reply): void {
    switch (reply.kind) {
      case "ready":
        missing = reply.missing;
        controls.setMissing(missing);
        for (const text of reply.notes) addNote(text);
        if (missing[state.driver] !== undefined) {
          addNote(`${missing[state.driver]} ${driverLabels[standIn].name} drives instead.`);
          change({ driver: standIn }, true);
        }
        return;
      case "busy":
        if (reply.episode === episode) byId("place").textContent = reply.doing;
        return;
      case "opened":
        if (reply.episode === episode) begin(reply.info);
        return;
      case "frame":
        if (reply.episode === episode) playback.add(reply.snapshot);
        return;
      case "imagined":
        if (reply.episode === episode) imaginings.add(reply.imagined);
        return;
      case "unimaginable":
        if (reply.episode === episode) imagination.setMissing(reply.reason);
        return;
      case "failed":
        if (reply.episode !== episode) return;
        resuming = null;
        // Nothing is loading any more.
        byId("place").textContent = "";
        // A driver that is not here is dealt with when the worker is ready.
        if (missing[state.driver] === undefined) setPassingNote(reply.reason);
        return;
    }
  }
}

/** Drives of one driver in one traffic are counted together. */
const tallyKey = ({ request: { driver, traffic, mode, seed, changes } }: EpisodeInfo): string =>
  `${driver} ${traffic} ${mode} ${seed} ${JSON.stringify(changes)}`;

const wrap = (start: number, starts: number | undefined): number =>
  starts === undefined ? Math.max(0, start) : (start + starts) % starts;
