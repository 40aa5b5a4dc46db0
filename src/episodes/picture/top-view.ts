import type { Road } from "../../sim/index.ts";
import type { Recording } from "../recording.ts";
import type { Frame } from "./frame.ts";
import { palette } from "./palette.ts";
import { createSpeedPaths } from "./speed-paths.ts";
import { coordinate, element, label } from "./svg.ts";

/** Roads are long and narrow: across is drawn larger, but one meter with no more than this [px]. */
const largestMeter = 9;
const mostHeight = 300;
/** Shown beside the road [m]. */
const margin = 3;

/** How tall the road is drawn [px]. */
export function topViewHeight(road: Road): number {
  const { top, bottom } = edges(road);
  return Math.min(mostHeight, (top - bottom) * largestMeter);
}

/** How many times larger across is drawn than along, when the road is `width` px long. */
export function stretchAcross(road: Road, width: number): number {
  const { top, bottom } = edges(road);
  return topViewHeight(road) / (top - bottom) / (width / road.length);
}

/** All tracks from above, over the lane lines; traffic drives to the right. */
export function drawTopView(recording: Recording, frame: Frame, topSpeed: number, stride: number): string {
  const { road, tracks } = recording;
  const { top, bottom } = edges(road);
  const toX = (x: number): number => frame.x + (x / road.length) * frame.width;
  const toY = (y: number): number => frame.y + ((top - y) / (top - bottom)) * frame.height;
  const lanes = road.lanes.map((lane) =>
    element("rect", {
      x: toX(lane.start),
      y: toY(lane.center + lane.width / 2),
      width: toX(lane.end) - toX(lane.start),
      height: toY(lane.center - lane.width / 2) - toY(lane.center + lane.width / 2),
      fill: palette.asphalt,
    }),
  );
  const lines = road.lanes.map((lane) => {
    const [left, right] = [lane.center + lane.width / 2, lane.center - lane.width / 2].map((y) =>
      coordinate(toY(y)),
    );
    const [from, to] = [lane.start, lane.end].map((x) => coordinate(toX(x)));
    return `M${from} ${left}L${to} ${left}M${from} ${right}L${to} ${right}`;
  });
  const paths = createSpeedPaths(topSpeed);
  for (const track of tracks) {
    paths.lift();
    const last = track.x.length - 1;
    for (let t = 0; t <= last; t += t === last ? 1 : Math.min(stride, last - t)) {
      paths.to(toX(track.x[t]), toY(track.y[t]), track.speed[t]);
    }
  }
  const names = road.lanes.map((lane, i) =>
    label(toX(lane.start) - 8, toY(lane.center) + 4, String(i), {
      "text-anchor": "end",
      fill: palette.quiet,
    }),
  );
  return [
    ...lanes,
    element("path", { d: lines.join(""), stroke: palette.line, "stroke-width": 0.8, fill: "none" }),
    paths.draw(0.6, 0.45),
    ...names,
  ].join("\n");
}

function edges(road: Road): { top: number; bottom: number } {
  const top = Math.max(...road.lanes.map((lane) => lane.center + lane.width / 2)) + margin;
  const bottom = Math.min(...road.lanes.map((lane) => lane.center - lane.width / 2)) - margin;
  return { top, bottom };
}
