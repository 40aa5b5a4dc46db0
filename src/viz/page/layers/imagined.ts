import { Graphics } from "pixi.js";
import { imaginedSeconds, type EpisodeInfo, type Imagined, type Snapshot } from "../../protocol.ts";
import { groundPlanOf } from "../ground-plan.ts";
import { aheadOf, type ImaginedState } from "../imaginings.ts";
import type { Palette } from "../palette.ts";
import { unit } from "./road.ts";

/** Where the ego imagines to go: a way per future that fades out, with a mark at each second. */
export interface ImaginedLayer {
  readonly node: Graphics;
  /** @param time in frames; what lies before it is past */
  show(imagined: Imagined | null, ego: Snapshot["ego"], time: number): void;
}

/** From the ego to the end of what is imagined. */
const widths = { first: 0.34, last: 0.12 };
const alphas = { first: 0.85, last: 0.3 };
const markRadius = 0.42;

export function createImaginedLayer({ road, dt }: EpisodeInfo, palette: Palette): ImaginedLayer {
  const plan = groundPlanOf(road);
  const node = new Graphics();
  node.scale.set(1 / unit);
  const horizon = Math.max(...imaginedSeconds);
  const fade = ({ first, last }: typeof widths, seconds: number): number =>
    first + (last - first) * Math.min(1, seconds / horizon);
  const draw = (ahead: readonly ImaginedState[], ego: Snapshot["ego"], step: number): void => {
    let from = plan(ego);
    for (const { x, y, seconds } of ahead) {
      const to = plan({ x, y, heading: 0 });
      node
        .moveTo(from.x * unit, -from.y * unit)
        .lineTo(to.x * unit, -to.y * unit)
        .stroke({
          color: palette.imagined,
          width: fade(widths, seconds) * unit,
          alpha: fade(alphas, seconds),
          cap: "round",
        });
      from = to;
    }
    for (const { x, y, seconds } of ahead) {
      if (!imaginedSeconds.some((mark) => Math.abs(mark - seconds) < step / 2)) continue;
      const at = plan({ x, y, heading: 0 });
      node
        .circle(at.x * unit, -at.y * unit, markRadius * unit)
        .fill({ color: palette.imagined, alpha: fade(alphas, seconds) });
    }
  };
  return {
    node,
    show(imagined, ego, time) {
      node.clear();
      if (imagined === null) return;
      for (const ahead of aheadOf(imagined, dt, time)) draw(ahead, ego, imagined.dt);
    },
  };
}
