import { laneAt } from "../../sim/index.ts";
import type { Recording } from "../recording.ts";
import { type Frame, ticks } from "./frame.ts";
import { palette } from "./palette.ts";
import { createSpeedPaths } from "./speed-paths.ts";
import { coordinate, element, label } from "./svg.ts";

/** Who was where when, in one lane: time to the right, the road upwards. The lane's stretch alone is white, and of it what was seen. */
export function drawTimeSpace(
  recording: Recording,
  laneIndex: number,
  frame: Frame,
  topSpeed: number,
  stride: number,
): string {
  const { road, tracks, coverage, frames } = recording;
  const lane = road.lanes[laneIndex];
  const toX = (at: number): number => frame.x + (at / frames) * frame.width;
  const toY = (x: number): number => frame.y + (1 - x / road.length) * frame.height;
  const seen = coverage
    .map(({ firstFrame, endFrame, start, end }) => ({
      firstFrame,
      endFrame,
      start: Math.max(start, lane.start),
      end: Math.min(end, lane.end),
    }))
    .filter(({ start, end }) => end > start)
    .map(({ firstFrame, endFrame, start, end }) => {
      const [left, right, low, high] = [toX(firstFrame), toX(endFrame), toY(start), toY(end)].map(coordinate);
      return `M${left} ${low}H${right}V${high}H${left}Z`;
    });
  const paths = createSpeedPaths(topSpeed);
  for (const track of tracks) {
    paths.lift();
    const last = track.x.length - 1;
    for (let t = 0; t <= last; t += t === last ? 1 : Math.min(stride, last - t)) {
      if (laneAt(road, track.x[t], track.y[t]) !== laneIndex) paths.lift();
      else paths.to(toX(track.firstFrame + t), toY(track.x[t]), track.speed[t]);
    }
  }
  const places = ticks(road.length, 2).map((x) =>
    label(frame.x - 8, toY(x) + 4, String(x), { "text-anchor": "end", fill: palette.quiet }),
  );
  return [
    element("rect", { ...frame, fill: palette.unseen }),
    element("path", { d: seen.join(""), fill: palette.panel }),
    paths.draw(0.8, 0.85),
    element("rect", { ...frame, fill: "none", stroke: palette.frame }),
    ...places,
    label(frame.x + frame.width + 10, frame.y + frame.height / 2 + 4, `lane ${laneIndex}`, {
      fill: palette.words,
    }),
  ].join("\n");
}
