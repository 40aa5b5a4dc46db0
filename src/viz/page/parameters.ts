import { parameterNames, parameterRanges, type TrafficParameters } from "../../sim/index.ts";
import type { TrafficChange } from "../protocol.ts";
import { byId } from "./dom.ts";
import { parameterLabels } from "./labels.ts";

/** Sliders for the parameters of generated traffic. */
export interface ParameterSliders {
  /**
   * Shows the parameters in force; hides the sliders for traffic that has none.
   * @param changed whether there is anything to reset.
   */
  show(parameters: TrafficParameters | null, changed: boolean): void;
}

type Name = keyof TrafficParameters;

/** A slider that came to rest for so long means it [ms]. */
const settledMs = 250;

/**
 * @param onChange is told what a slider was set to, once it rests.
 * @param onReset is told that all should be as the scenario has it.
 */
export function createParameterSliders(
  onChange: (name: Name, value: number) => void,
  onReset: () => void,
): ParameterSliders {
  const host = byId("parameters");
  const reset = byId<HTMLButtonElement>("parameters-reset");
  let shown: TrafficParameters | null = null;
  let unsettled: Name | null = null;
  let timer = 0;

  const sliders = parameterNames.map((name) => {
    const { least, most, step } = parameterRanges[name];
    const { label, hint } = parameterLabels[name];
    const field = document.createElement("label");
    field.className = "slider";
    field.title = hint;
    const caption = document.createElement("span");
    caption.textContent = label;
    const value = document.createElement("b");
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: String(least), max: String(most), step: String(step) });
    input.name = name;
    field.append(caption, value, input);
    host.insertBefore(field, reset);

    const print = (): void => {
      const text = parameterLabels[name].print(Number(input.value));
      value.textContent = text;
      input.setAttribute("aria-valuetext", text);
      input.style.setProperty("--played", `${(100 * (Number(input.value) - least)) / (most - least)}%`);
    };
    const settle = (): void => {
      clearTimeout(timer);
      unsettled = null;
      if (shown !== null && Number(input.value) !== shown[name]) onChange(name, Number(input.value));
    };
    input.addEventListener("input", () => {
      print();
      unsettled = name;
      clearTimeout(timer);
      timer = window.setTimeout(settle, settledMs);
    });
    return { name, input, print };
  });
  reset.addEventListener("click", onReset);

  return {
    show(parameters, changed) {
      shown = parameters;
      host.hidden = parameters === null;
      reset.disabled = !changed;
      if (parameters === null) return;
      for (const { name, input, print } of sliders) {
        // A slider in someone's hand is left alone.
        if (name === unsettled) continue;
        input.value = String(parameters[name]);
        print();
      }
    },
  };
}

/** The parameters in force at a frame of the traffic. */
export function parametersAt(
  initial: TrafficParameters | null,
  changes: readonly TrafficChange[],
  frame: number,
): TrafficParameters | null {
  if (initial === null) return null;
  const met = changes.filter((change) => change.frame <= frame);
  return met.reduce((sum, { parameters }) => ({ ...sum, ...definedIn(parameters) }), initial);
}

const definedIn = (parameters: TrafficChange["parameters"]): Partial<TrafficParameters> =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
