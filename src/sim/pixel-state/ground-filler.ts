import type { Pose } from "../../core/index.ts";
import type { Road } from "../road.ts";
import type { BoxFiller } from "./boxes.ts";
import type { Canvas } from "./canvas.ts";
import { createCuts, lineGain, lineWidth, stepsPerColumn, type Cuts } from "./cuts.ts";
import { groundOf, type GroundSection } from "./ground.ts";
import { channels, type PixelSpec } from "./spec.ts";

/**
 * Up to this heading [rad] a row seen from the ego differs from a straight cut through the road by less than a
 * hundredth of a column (1 − cos times half the window), and kept rows serve.
 */
const straightCut = 0.04;

/** Draws lanes and offroad, overwriting all channels of a canvas (traffic becomes empty). */
export interface GroundFiller {
  fill(view: Pose): void;
}

/**
 * On a straight road every row of the picture is a cut through one cross-section, which only depends on where the
 * cut lies laterally. These cuts are drawn once, at sub-pixel steps, and copied from then on.
 */
export function createGroundFiller(
  spec: PixelSpec,
  road: Road,
  canvas: Canvas,
  boxes: BoxFiller,
): GroundFiller {
  const { height, width, metersPerRow, metersPerColumn } = spec;
  const reach = Math.hypot(height * metersPerRow, width * metersPerColumn);
  const sections = groundOf(road);
  const cuts = new Map<GroundSection, Cuts>();

  function cutsOf(section: GroundSection): Cuts {
    let known = cuts.get(section);
    if (known === undefined) cuts.set(section, (known = createCuts(spec, section)));
    return known;
  }

  /** Draws everything with boxes: any heading, any change of cross-section. */
  function draw(view: Pose): void {
    canvas.clear();
    const cos = Math.cos(view.heading);
    const sin = Math.sin(view.heading);
    const strip = (
      section: GroundSection,
      left: number,
      right: number,
      gain: number,
      channel: number,
    ): void => {
      // Far ends are pulled in, still outside the window, to keep the arithmetic well conditioned.
      const x0 = Math.max(section.start - view.x, -reach);
      const x1 = Math.min(section.end - view.x, reach);
      const y0 = Math.max(right - view.y, -reach);
      const y1 = Math.min(left - view.y, reach);
      if (x0 >= x1 || y0 >= y1) return;
      const dx = (x0 + x1) / 2;
      const dy = (y0 + y1) / 2;
      const ahead = dx * cos + dy * sin;
      const aside = dy * cos - dx * sin;
      boxes.fill(ahead, aside, -view.heading, x1 - x0, y1 - y0, gain, channel);
    };
    for (const section of sections) {
      for (const { left, right } of section.offroad) strip(section, left, right, 1, channels.offroad);
      for (const y of section.lines) {
        strip(section, y + lineWidth / 2, y - lineWidth / 2, lineGain, channels.lane);
      }
    }
  }

  return {
    fill(view) {
      const section = sections.find(({ end }) => view.x + reach / 2 <= end);
      const uniform = section !== undefined && view.x - reach / 2 >= section.start;
      if (!uniform || Math.abs(view.heading) > straightCut) {
        draw(view);
        return;
      }
      const cuts = cutsOf(section);
      // Where the cut of row 0 lies, in steps; the rows below follow at equal distances.
      const perMeter = stepsPerColumn / metersPerColumn;
      const slope = Math.tan(view.heading) * metersPerRow * perMeter;
      canvas.copyCuts(cuts, view.y * perMeter - cuts.first + 0.5 + ((height - 1) / 2) * slope, slope);
    },
  };
}
