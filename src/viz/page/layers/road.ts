import { Container, Graphics, Text } from "pixi.js";
import type { Lane, Road } from "../../../sim/index.ts";
import { roadEdges, type Camera } from "../camera.ts";
import type { Palette } from "../palette.ts";

/** Drawing units per meter: curves are cut into segments in drawing units, and a meter would be too coarse. */
export const unit = 20;

const dash = 3;
const dashPeriod = 12;
const lineWidth = 0.16;

/** Where a side of a lane is a line: dashed between lanes, solid where the road ends. */
interface Marking {
  readonly y: number;
  readonly start: number;
  readonly end: number;
  readonly dashed: boolean;
}

/** The stretches of `lane` along which no lane of `others` runs beside it. */
function alone(lane: Lane, others: readonly Lane[]): [number, number][] {
  let free: [number, number][] = [[lane.start, lane.end]];
  for (const other of others) {
    free = free.flatMap(([start, end]): [number, number][] => {
      const before: [number, number] = [start, Math.min(end, other.start)];
      const after: [number, number] = [Math.max(start, other.end), end];
      return [before, after].filter(([from, to]) => to > from);
    });
  }
  return free;
}

/** The lane markings of a road. */
export function markingsOf(road: Road): Marking[] {
  const markings: Marking[] = [];
  for (const lane of road.lanes) {
    const beside = (side: 1 | -1): Lane[] =>
      road.lanes.filter((other) => {
        const offset = (other.center - lane.center) * side;
        return offset > 0 && offset < 0.75 * (lane.width + other.width);
      });
    for (const side of [1, -1] as const) {
      const y = lane.center + (side * lane.width) / 2;
      for (const [start, end] of alone(lane, beside(side))) markings.push({ y, start, end, dashed: false });
    }
    for (const right of beside(-1)) {
      const start = Math.max(lane.start, right.start);
      const end = Math.min(lane.end, right.end);
      const y = (lane.center - lane.width / 2 + right.center + right.width / 2) / 2;
      if (end > start) markings.push({ y, start, end, dashed: true });
    }
  }
  return markings;
}

function paint(road: Road, palette: Palette): Graphics {
  const graphics = new Graphics();
  const shoulder = 1.1;
  const box = (start: number, end: number, top: number, bottom: number): Graphics =>
    graphics.rect(start * unit, -top * unit, (end - start) * unit, (top - bottom) * unit);
  for (const lane of road.lanes) {
    const half = lane.width / 2 + shoulder;
    box(lane.start, lane.end, lane.center + half, lane.center - half);
  }
  graphics.fill(palette.seam);
  for (const lane of road.lanes) {
    const half = lane.width / 2 + 0.25;
    box(lane.start, lane.end, lane.center + half, lane.center - half);
  }
  graphics.fill(palette.asphalt);
  for (const { y, start, end, dashed } of markingsOf(road)) {
    const step = dashed ? dashPeriod : end - start;
    for (let x = dashed ? Math.ceil(start / step) * step : start; x < end; x += step) {
      box(x, Math.min(end, dashed ? x + dash : end), y + lineWidth / 2, y - lineWidth / 2);
    }
  }
  return graphics.fill({ color: palette.line, alpha: 0.62 });
}

/** Draws a road once: asphalt, lane lines, and a distance written beside it every 50 m. */
export function createRoadLayer(road: Road, palette: Palette, direction: Camera["direction"]): Container {
  const layer = new Container();
  layer.addChild(paint(road, palette));
  const { left } = roadEdges(road);
  const start = Math.min(...road.lanes.map((lane) => lane.start));
  const end = Math.max(...road.lanes.map((lane) => lane.end));
  const posts = new Graphics();
  for (let x = Math.ceil(start / 50) * 50; x <= end; x += 50) {
    posts.rect((x - 0.08) * unit, -(left + 2.2) * unit, 0.16 * unit, 0.9 * unit);
    const label = new Text({
      text: `${x} m`,
      style: { fontFamily: "system-ui, sans-serif", fontSize: 26, fill: palette.label },
    });
    label.scale.set((1.35 * unit) / 26);
    label.anchor.set(direction === "right" ? 0 : 0.5, direction === "right" ? 0.5 : 0);
    label.rotation = direction === "right" ? 0 : Math.PI / 2;
    label.position.set((x + 0.7) * unit, -(left + (direction === "right" ? 1.75 : 2.6)) * unit);
    layer.addChild(label);
  }
  layer.addChild(posts.fill(palette.label));
  layer.scale.set(1 / unit);
  return layer;
}
