import type { Pose } from "../../core/index.ts";
import type { Road } from "../road.ts";
import type { Traffic } from "../traffic.ts";
import type { VehicleShape } from "../vehicle.ts";
import { createBoxFiller } from "./boxes.ts";
import { createBentRenderer } from "./bent-render.ts";
import { createGroundFiller } from "./ground-filler.ts";
import { channels, type PixelSpec } from "./spec.ts";

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
  if (road.bend !== undefined) return createBentRenderer(spec, road, road.bend);
  const { height, width, metersPerRow, metersPerColumn } = spec;
  const ground = createGroundFiller(spec, road);
  const boxes = createBoxFiller(spec);
  const egoBoxes = createBoxFiller(spec, 1);
  const halfAhead = (height * metersPerRow) / 2;
  const halfAside = (width * metersPerColumn) / 2;
  const reach = Math.hypot(halfAhead, halfAside);

  return {
    spec,
    render(view, traffic, skip, out, offset) {
      ground.fill(view, out, offset);
      const cos = Math.cos(view.heading);
      const sin = Math.sin(view.heading);
      const { count, x, y, heading, length, width: breadth } = traffic;
      for (let i = 0; i < count; i++) {
        const dx = x[i] - view.x;
        const radius = (length[i] + breadth[i]) / 2;
        if (dx > reach + radius || dx < -reach - radius || i === skip) continue;
        const dy = y[i] - view.y;
        const ahead = dx * cos + dy * sin;
        const left = dy * cos - dx * sin;
        if (ahead > halfAhead + radius || ahead < -halfAhead - radius) continue;
        if (left > halfAside + radius || left < -halfAside - radius) continue;
        const turned = heading[i] - view.heading;
        boxes.fill(ahead, left, turned, length[i], breadth[i], 1, channels.traffic, out, offset);
      }
    },
    renderEgo(shape, out, offset) {
      out.fill(0, offset, offset + height * width);
      egoBoxes.fill(0, 0, 0, shape.length, shape.width, 1, 0, out, offset);
    },
  };
}
