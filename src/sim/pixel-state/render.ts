import type { Pose } from "../../core/index.ts";
import type { Road } from "../road.ts";
import type { Traffic } from "../traffic.ts";
import type { VehicleShape } from "../vehicle.ts";
import { createCoverageFiller } from "./coverage.ts";
import { groundOf } from "./ground.ts";
import { channelCount, channels, type PixelSpec } from "./spec.ts";
import { createStripFiller } from "./strips.ts";

export interface Renderer {
  readonly spec: PixelSpec;
  /**
   * Renders lane, traffic and offroad channels as seen from `view` into `out` at `offset`, layout [H, W, 3].
   * @param skip index of the vehicle in `traffic` that is not drawn (the ego itself), or -1.
   */
  render(view: Pose, traffic: Traffic, skip: number, out: Uint8Array, offset: number): void;
  /** Renders the ego's own rectangle into `out` at `offset`, layout [H, W]. */
  renderEgo(shape: VehicleShape, out: Uint8Array, offset: number): void;
}

/** A renderer for one grid on one road. It owns scratch memory: use one per thread. */
export function createRenderer(spec: PixelSpec, road: Road): Renderer {
  const { height, width, metersPerRow, metersPerColumn } = spec;
  const ground = groundOf(road);
  const filler = createCoverageFiller(spec);
  const egoFiller = createCoverageFiller(spec, 1);
  const strips = createStripFiller(spec);
  const corners = new Float64Array(8);
  const halfAhead = (height * metersPerRow) / 2;
  const halfAside = (width * metersPerColumn) / 2;
  const reach = Math.hypot(halfAhead, halfAside);
  const rowsPerMeter = 1 / metersPerRow;
  const columnsPerMeter = 1 / metersPerColumn;

  /** Corners of a box whose center [m] and direction are given in the ego frame. */
  function setCorners(
    ahead: number,
    left: number,
    cos: number,
    sin: number,
    length: number,
    breadth: number,
  ): void {
    const column = width / 2 - left * columnsPerMeter;
    const row = height / 2 - ahead * rowsPerMeter;
    const lengthRows = (length / 2) * cos * rowsPerMeter;
    const lengthColumns = (length / 2) * sin * columnsPerMeter;
    const breadthRows = (breadth / 2) * sin * rowsPerMeter;
    const breadthColumns = (breadth / 2) * cos * columnsPerMeter;
    corners[0] = column - lengthColumns - breadthColumns;
    corners[1] = row - lengthRows + breadthRows;
    corners[2] = column + lengthColumns - breadthColumns;
    corners[3] = row + lengthRows + breadthRows;
    corners[4] = column + lengthColumns + breadthColumns;
    corners[5] = row + lengthRows - breadthRows;
    corners[6] = column - lengthColumns + breadthColumns;
    corners[7] = row - lengthRows - breadthRows;
  }

  return {
    spec,
    render(view, traffic, skip, out, offset) {
      const cos = Math.cos(view.heading);
      const sin = Math.sin(view.heading);
      out.fill(0, offset, offset + height * width * channelCount);

      strips.begin(view, cos, sin);
      for (const area of ground.offroad) {
        strips.fill(area.start, area.end, area.right, area.left, 1, channels.offroad, out, offset);
      }
      for (const { y, start, end } of ground.lines) {
        strips.fill(start, end, y - lineWidth / 2, y + lineWidth / 2, lineGain, channels.lane, out, offset);
      }

      const { count, x, y, heading, length, width: breadth } = traffic;
      for (let i = 0; i < count; i++) {
        const dx = x[i]! - view.x;
        const radius = (length[i]! + breadth[i]!) / 2;
        if (dx > reach + radius || dx < -reach - radius || i === skip) continue;
        const dy = y[i]! - view.y;
        const ahead = dx * cos + dy * sin;
        const left = dy * cos - dx * sin;
        if (Math.abs(ahead) > halfAhead + radius || Math.abs(left) > halfAside + radius) continue;
        const turned = heading[i]! - view.heading;
        setCorners(ahead, left, Math.cos(turned), Math.sin(turned), length[i]!, breadth[i]!);
        filler.fillQuad(corners, 1, channels.traffic, out, offset);
      }
    },
    renderEgo(shape, out, offset) {
      out.fill(0, offset, offset + height * width);
      setCorners(0, 0, 1, 0, shape.length, shape.width);
      egoFiller.fillQuad(corners, 1, 0, out, offset);
    },
  };
}

/** A lane line is 0.2 m wide but drawn three times its coverage, so that it is seen on pixels of 0.6 to 0.9 m. */
const lineWidth = 0.2;
const lineGain = 3;
