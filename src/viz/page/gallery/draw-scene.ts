import type { OrientedBox } from "../../../core/index.ts";
import { markingsOf, type Road } from "../../../sim/index.ts";
import { roadEdges } from "../camera.ts";
import { groundPlanOf, lineAlong, type GroundPlan } from "../ground-plan.ts";
import { css, currentPalette, type Palette } from "../palette.ts";
import type { PlayedScene } from "./play-scene.ts";

/** Road drawn behind and ahead of the ego [m]: as much as the pixel state below it shows. */
const behind = 36;
const ahead = 36;

/** Draws a scene on a plain canvas; a page of scenes needs more canvases than a browser gives WebGL contexts. */
export function drawScene(canvas: HTMLCanvasElement, { road, ego, traffic }: PlayedScene): void {
  const context = canvas.getContext("2d")!;
  const ratio = Math.min(2, devicePixelRatio || 1);
  const { left, right } = roadEdges(road);
  const scale = (canvas.clientWidth * ratio) / (behind + ahead);
  const width = Math.round(canvas.clientWidth * ratio);
  // In a bend the road's ends swing to one side.
  const sharpest = Math.max(0, ...(road.bend ?? []).map(({ curvature }) => Math.abs(curvature)));
  const swing = (sharpest * ahead * ahead) / 2;
  const height = Math.round((left - right + 3 + 2 * swing) * scale);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const palette = currentPalette();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = css(palette.verge);
  context.fillRect(0, 0, width, height);
  // From here on in meters of the plane, y to the left, turned so that the ego's road leads to the right.
  const plan = groundPlanOf(road);
  const here = plan({ x: ego.x, y: 0, heading: 0 });
  context.setTransform(scale, 0, 0, -scale, behind * scale, (left + 1.5 + swing) * scale);
  context.rotate(-here.heading);
  context.translate(-here.x, -here.y);
  drawRoad(context, road, plan, palette);
  for (let i = 0; i < traffic.count; i++) {
    const pose = plan({ x: traffic.x[i], y: traffic.y[i], heading: traffic.heading[i] });
    const other = { ...pose, length: traffic.length[i], width: traffic.width[i] };
    drawCar(context, other, css(other.length > 7.5 ? palette.truck : palette.car), palette);
  }
  drawCar(context, { ...plan(ego), length: ego.length, width: ego.width }, css(palette.ego), palette);
}

function drawRoad(context: CanvasRenderingContext2D, road: Road, plan: GroundPlan, palette: Palette): void {
  const stroke = (y: number, start: number, end: number): void => {
    context.beginPath();
    for (const point of lineAlong(road, plan, y, start, end)) context.lineTo(point.x, point.y);
    context.stroke();
  };
  context.strokeStyle = css(palette.asphalt);
  for (const { start, end, center, width } of road.lanes) {
    context.lineWidth = width + 0.6;
    stroke(center, start, end);
  }
  context.strokeStyle = css(palette.line);
  context.globalAlpha = 0.6;
  context.lineWidth = 0.16;
  for (const { y, start, end, dashed } of markingsOf(road)) {
    context.setLineDash(dashed ? [3, 9] : []);
    stroke(y, start, end);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawCar(
  context: CanvasRenderingContext2D,
  { x, y, heading, length, width }: OrientedBox,
  color: string,
  palette: Palette,
): void {
  context.save();
  context.translate(x, y);
  context.rotate(heading);
  context.fillStyle = color;
  context.beginPath();
  context.roundRect(-length / 2, -width / 2, length, width, 0.25 * width);
  context.fill();
  context.fillStyle = css(palette.glass);
  context.globalAlpha = 0.75;
  context.fillRect(0.08 * length, -0.36 * width, 0.12 * length, 0.72 * width);
  context.restore();
}
