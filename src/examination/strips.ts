import type { Rng } from "../core/index.ts";
import { stepSeconds, toFractions, type ForwardModel } from "../forward-model/index.ts";
import { exactViews, driveExactly } from "./exact.ts";
import { deterministicFuture, sampledFuture, see } from "./futures.ts";
import { actionsFromNow, type ExaminedWindows, type WindowSource } from "./windows.ts";

/** Pictures of one window side by side: what came, what the model expects, and futures that it draws. */
export interface Strip {
  readonly title: string;
  /** Of every picture [s]; up to zero the model is shown the truth, then it takes over. */
  readonly seconds: readonly number[];
  readonly columns: readonly StripColumn[];
  /** The ego's own size [m], to be drawn in the center. */
  readonly ego: { readonly length: number; readonly width: number };
}

export interface StripColumn {
  readonly title: string;
  /** As the ego sees it, [H, W, C] in [0, 1], one per entry of `seconds`. */
  readonly pictures: readonly Float32Array[];
}

const sampledColumns = 2;

/** The strips of the windows number `chosen` of a batch; every `stride`-th step is shown. */
export function drawStrips(
  source: WindowSource,
  model: ForwardModel,
  windows: ExaminedWindows,
  chosen: readonly { readonly window: number; readonly title: string }[],
  stride: number,
  rng: Rng,
): Strip[] {
  const { config } = model;
  const actions = actionsFromNow(windows);
  const actual = exactViews(driveExactly(source, windows, actions));
  const futures = [
    { title: "actual", views: actual },
    { title: "deterministic", views: see(deterministicFuture(model), windows, config, actions).views },
    ...Array.from({ length: sampledColumns }, (_, k) => ({
      title: `sample ${k + 1}`,
      views: see(sampledFuture(model, true, rng.fork(`strip ${k}`), 0), windows, config, actions).views,
    })),
  ];
  const past = windows.egos.pictures.slice(0, config.contextFrames).map(toFractions);
  const shown = Array.from({ length: Math.floor(windows.steps / stride) }, (_, i) => (i + 1) * stride);
  const seconds = [
    ...past.map((_, k) => (k - past.length + 1) * stepSeconds(config)),
    ...shown.map((step) => step * stepSeconds(config)),
  ];
  return chosen.map(({ window, title }) => {
    const cut = (view: Float32Array): Float32Array => {
      const size = view.length / windows.count;
      return view.slice(window * size, (window + 1) * size);
    };
    return {
      title,
      seconds,
      ego: { length: windows.length[window]!, width: windows.width[window]! },
      columns: futures.map(({ title, views }) => ({
        title,
        pictures: [...past.map(cut), ...shown.map((step) => cut(views[step - 1]!))],
      })),
    };
  });
}
