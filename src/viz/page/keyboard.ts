import { driverNames, modeNames, trafficNames, type ModeName, type TrafficName } from "../protocol.ts";
import type { Commands } from "./controls.ts";

interface Shown {
  readonly traffic: TrafficName;
  readonly mode: ModeName;
}

/**
 * Makes keys do what the controls do.
 * @param shown tells traffic and mode on show, so that T and M can take the ones after them.
 */
export function listenToKeys(commands: Commands, shown: () => Shown): void {
  addEventListener("click", releaseAfterClick);
  // So does a list that was pointed at, once an entry is chosen.
  let pointed = false;
  addEventListener("pointerdown", () => (pointed = true));
  addEventListener("change", ({ target }) => {
    if (pointed && target instanceof HTMLSelectElement) target.blur();
  });
  addEventListener("keydown", (event) => {
    pointed = false;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const target = event.target as HTMLElement;
    if (ownsKey(target, event.key)) return;
    const act = actionOf(event.key, commands, shown());
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

/** Whether the focused element has its own use for the key. */
function ownsKey(target: HTMLElement, key: string): boolean {
  if (target instanceof HTMLInputElement && target.type === "number") return true;
  // A list opens with the space bar, and takes what is typed for the beginning of an entry.
  if (target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return key.startsWith("Arrow");
  const pressable = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return pressable && (key === " " || key === "Enter");
}

/** What was only clicked lets the keyboard go, or the next key would press it again. */
function releaseAfterClick(event: MouseEvent): void {
  const focused = document.activeElement;
  // A click made by key has no count.
  if (event.detail === 0 || document.querySelector("dialog[open]") !== null) return;
  if (focused instanceof HTMLInputElement && focused.type === "number") return;
  if (focused instanceof HTMLInputElement || focused instanceof HTMLButtonElement) focused.blur();
}

function actionOf(key: string, commands: Commands, { traffic, mode }: Shown): (() => void) | undefined {
  const driver = driverNames[Number(key) - 1];
  if (driver !== undefined) return () => commands.setDriver(driver);
  switch (key) {
    case " ":
      return commands.togglePause;
    case "r":
    case "R":
      return commands.restart;
    case "n":
    case "N":
      return () => commands.moveStart(1);
    case "p":
    case "P":
      return () => commands.moveStart(-1);
    case "ArrowRight":
      return () => commands.moveFrame(1);
    case "ArrowLeft":
      return () => commands.moveFrame(-1);
    case "ArrowUp":
      return () => commands.changeSpeed(1);
    case "ArrowDown":
      return () => commands.changeSpeed(-1);
    case "t":
    case "T":
      return () =>
        commands.setTraffic(trafficNames[(trafficNames.indexOf(traffic) + 1) % trafficNames.length]);
    case "m":
    case "M":
      return () => commands.setMode(modeNames[(modeNames.indexOf(mode) + 1) % modeNames.length]);
    case "?":
      return commands.showHelp;
    default:
      return undefined;
  }
}
