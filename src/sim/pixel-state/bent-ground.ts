import type { Pose } from "../../core/index.ts";
import { curvatureAt, planeOf, type Bend } from "../bend.ts";
import type { Road } from "../road.ts";
import type { Canvas } from "./canvas.ts";
import { createCoverageFiller } from "./coverage.ts";
import { lineGain, lineWidth } from "./cuts.ts";
import { groundOf } from "./ground.ts";
import type { GroundFiller } from "./ground-filler.ts";
import { channelCount, channels, type PixelSpec } from "./spec.ts";

/** Curved edges are drawn as chords that miss the curve by no more than this [m]: a sixtieth of the smallest pixel. */
const chordError = 0.01;
/** A chord is never longer than this [m], so that clothoids are followed where they begin to bend. */
const longestChord = 12;

/** Draws lanes and offroad of a bent road by the exact area that its strips, cut into short pieces, cover. */
export function createBentGround(spec: PixelSpec, road: Road, bend: Bend, canvas: Canvas): GroundFiller {
  const { height, width, metersPerRow, metersPerColumn } = spec;
  const coverage = createCoverageFiller(spec, channelCount);
  const plane = planeOf(bend);
  const reach = Math.hypot(height * metersPerRow, width * metersPerColumn) / 2 + 1;
  const sections = groundOf(road);
  const sharpest = Math.max(...bend.map(({ curvature }) => Math.abs(curvature)));
  const chord = Math.min(longestChord, Math.sqrt((8 * chordError) / Math.max(1e-9, sharpest)));
  const corners = new Float64Array(8);

  return {
    fill(view) {
      canvas.clear();
      const eye = plane.place(view);
      const cos = Math.cos(eye.heading);
      const sin = Math.sin(eye.heading);

      /** Puts the point of the road that stands at `pose`, `y` to its left, into corner `c`. */
      const setCorner = (c: number, pose: Pose, y: number): void => {
        const dx = pose.x - y * Math.sin(pose.heading) - eye.x;
        const dy = pose.y + y * Math.cos(pose.heading) - eye.y;
        corners[2 * c] = width / 2 - (dy * cos - dx * sin) / metersPerColumn;
        corners[2 * c + 1] = height / 2 - (dx * cos + dy * sin) / metersPerRow;
      };
      const strip = (from: Pose, to: Pose, left: number, right: number, gain: number, channel: number) => {
        const top = Math.min(left, view.y + reach);
        const bottom = Math.max(right, view.y - reach);
        if (bottom >= top) return;
        setCorner(0, from, top);
        setCorner(1, to, top);
        setCorner(2, to, bottom);
        setCorner(3, from, bottom);
        coverage.fillQuad(corners, gain, channel, canvas.pixels());
      };

      // Where lanes bend away from the view, more of the reference line than `reach` is in sight.
      const stretch = 1 / Math.max(0.2, 1 - Math.abs(curvatureAt(bend, view.x) * (Math.abs(view.y) + reach)));
      for (const section of sections) {
        const start = Math.max(section.start, view.x - reach * stretch);
        const end = Math.min(section.end, view.x + reach * stretch);
        if (start >= end) continue;
        const pieces = Math.ceil((end - start) / chord);
        let from = plane.place({ x: start, y: 0, heading: 0 });
        for (let piece = 1; piece <= pieces; piece++) {
          const to = plane.place({ x: start + ((end - start) * piece) / pieces, y: 0, heading: 0 });
          for (const { left, right } of section.offroad) strip(from, to, left, right, 1, channels.offroad);
          for (const y of section.lines) {
            strip(from, to, y + lineWidth / 2, y - lineWidth / 2, lineGain, channels.lane);
          }
          from = to;
        }
      }
    },
  };
}
