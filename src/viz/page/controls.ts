import {
  driverNames,
  modeNames,
  trafficNames,
  type DriverName,
  type ModeName,
  type TrafficName,
} from "../protocol.ts";
import { byId } from "./dom.ts";
import { driverLabels, modeLabels, trafficLabels } from "./labels.ts";
import { playSpeeds, type ViewState } from "./view-state.ts";

/** What a visitor can ask for, by mouse, touch or key. */
export interface Commands {
  togglePause(): void;
  restart(): void;
  moveStart(by: 1 | -1): void;
  moveFrame(by: 1 | -1): void;
  seek(frame: number): void;
  changeSpeed(by: 1 | -1): void;
  setSpeed(speed: number): void;
  setDriver(driver: DriverName): void;
  setTraffic(traffic: TrafficName): void;
  setMode(mode: ModeName): void;
  setSeed(seed: number): void;
  showHelp(): void;
}

/** The controls on the page. */
export interface Controls {
  show(state: ViewState): void;
  /** Greys out the drivers that cannot be had here, with the reason. */
  setMissing(missing: { readonly [Name in DriverName]?: string }): void;
  showTime(frame: number, lastFrame: number, seconds: number): void;
}

function addChips<Name extends string>(
  host: HTMLElement,
  group: string,
  names: readonly Name[],
  labels: { readonly [N in Name]: { readonly name: string; readonly hint: string } },
  onChoice: (name: Name) => void,
): Map<Name, HTMLInputElement> {
  const inputs = new Map<Name, HTMLInputElement>();
  for (const name of names) {
    const label = document.createElement("label");
    label.className = "chip";
    label.title = labels[name].hint;
    const input = document.createElement("input");
    input.type = "radio";
    input.name = group;
    input.value = name;
    input.addEventListener("change", () => onChoice(name));
    const text = document.createElement("span");
    text.textContent = labels[name].name;
    label.append(input, text);
    host.append(label);
    inputs.set(name, input);
  }
  return inputs;
}

/** Wires every control of the page to `commands`. */
export function createControls(commands: Commands): Controls {
  const drivers = addChips(byId("drivers"), "driver", driverNames, driverLabels, commands.setDriver);
  const traffics = addChips(byId("traffics"), "traffic", trafficNames, trafficLabels, commands.setTraffic);
  const modes = addChips(byId("modes"), "mode", modeNames, modeLabels, commands.setMode);
  const speed = byId<HTMLSelectElement>("speed");
  speed.append(...playSpeeds.map((value) => new Option(`${value}×`, String(value))));
  speed.addEventListener("change", () => commands.setSpeed(Number(speed.value)));
  const seed = byId<HTMLInputElement>("seed");
  let seedShown = seed.value;
  seed.addEventListener("change", () => {
    if (seed.checkValidity() && seed.value !== "") commands.setSeed(Number(seed.value));
    else seed.value = seedShown;
  });
  const timeline = byId<HTMLInputElement>("timeline");
  timeline.addEventListener("input", () => commands.seek(Number(timeline.value)));
  const play = byId("play");
  play.addEventListener("click", commands.togglePause);
  // Keys and the button do the same for those who do not point.
  byId("road").addEventListener("click", commands.togglePause);
  byId("restart").addEventListener("click", commands.restart);
  byId("next").addEventListener("click", () => commands.moveStart(1));
  byId("previous").addEventListener("click", () => commands.moveStart(-1));
  byId("help-open").addEventListener("click", commands.showHelp);
  const clock = byId("clock");
  const goal = byId("goal");

  return {
    show(state) {
      drivers.get(state.driver)!.checked = true;
      traffics.get(state.traffic)!.checked = true;
      modes.get(state.mode)!.checked = true;
      goal.textContent =
        `${trafficLabels[state.traffic].hint} The driver ${driverLabels[state.driver].hint}. ` +
        modeLabels[state.mode].hint;
      speed.value = String(state.speed);
      seed.value = seedShown = String(state.seed);
      play.setAttribute("aria-label", state.paused ? "Play" : "Pause");
      byId("stage").dataset["playing"] = String(!state.paused);
      document.body.dataset["playing"] = String(!state.paused);
    },
    setMissing(missing) {
      for (const [name, input] of drivers) {
        const reason = missing[name];
        input.disabled = reason !== undefined;
        input.parentElement!.title = reason ?? driverLabels[name].hint;
      }
    },
    showTime(frame, lastFrame, seconds) {
      timeline.max = String(lastFrame);
      timeline.value = String(frame);
      timeline.style.setProperty("--played", `${(100 * frame) / Math.max(1, lastFrame)}%`);
      timeline.setAttribute("aria-valuetext", `${seconds.toFixed(1)} seconds`);
      clock.textContent = `${seconds < 0 ? "−" : ""}${Math.abs(seconds).toFixed(1)} s`;
    },
  };
}
