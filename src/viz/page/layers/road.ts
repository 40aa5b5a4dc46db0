import { Container, Graphics, Text } from "pixi.js";
import { markingsOf, type Road } from "../../../sim/index.ts";
import { roadEdges, type Camera } from "../camera.ts";
import { groundPlanOf, lineAlong } from "../ground-plan.ts";
import type { Palette } from "../palette.ts";

/** Drawing units per meter: curves are cut into segments in drawing units, and a meter would be too coarse. */
export const unit = 20;

const dash = 3;
const dashPeriod = 12;
const lineWidth = 0.16;

/** Beyond its ends the road goes on for the eye, so that it does not break off in mid-air [m]. */
const beyond = 160;

/** The road with lanes that reach its ends drawn on beyond them. */
function drawnOn(road: Road): Road {
  return {
    ...road,
    lanes: road.lanes.map((lane) => ({
      ...lane,
      start: lane.start <= 0 ? lane.start - beyond : lane.start,
      end: lane.end >= road.length ? lane.end + beyond : lane.end,
    })),
  };
}

function paint(road: Road, palette: Palette): Graphics {
  const graphics = new Graphics();
  const shoulder = 1.1;
  const plan = groundPlanOf(road);
  const box = (start: number, end: number, top: number, bottom: number): Graphics =>
    graphics.poly(
      [
        ...lineAlong(road, plan, top, start, end),
        ...lineAlong(road, plan, bottom, start, end).reverse(),
      ].flatMap(({ x, y }) => [x * unit, -y * unit]),
    );
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
  layer.addChild(paint(drawnOn(road), palette));
  const { left } = roadEdges(road);
  const start = Math.min(...road.lanes.map((lane) => lane.start));
  const end = Math.max(...road.lanes.map((lane) => lane.end));
  const plan = groundPlanOf(road);
  for (let x = Math.ceil(start / 50) * 50; x <= end; x += 50) {
    const post = new Graphics().rect(-0.08 * unit, -2.6 * unit, 0.16 * unit, 0.9 * unit).fill(palette.label);
    const label = new Text({
      text: `${x} m`,
      style: { fontFamily: "system-ui, sans-serif", fontSize: 26, fill: palette.label },
    });
    label.scale.set((1.2 * unit) / 26);
    label.anchor.set(0, direction === "right" ? 0.5 : 1);
    label.rotation = direction === "right" ? 0 : Math.PI / 2;
    label.position.set(0.6 * unit, (direction === "right" ? -2.1 : -3) * unit);
    const mark = new Container({ children: [post, label] });
    const edge = plan({ x, y: left, heading: 0 });
    mark.position.set(edge.x * unit, -edge.y * unit);
    mark.rotation = -edge.heading;
    layer.addChild(mark);
  }
  layer.scale.set(1 / unit);
  return layer;
}
