import type { Pose } from "../../core/index.ts";
import type { Road } from "../road.ts";
import type { Traffic } from "../traffic.ts";
import type { VehicleShape } from "../vehicle.ts";
import { createBentRenderer } from "./bent-render.ts";
import { createBoxFiller } from "./boxes.ts";
import { canvasOf } from "./canvas.ts";
import { createGroundFiller } from "./ground-filler.ts";
import { mostVehicles } from "./see-vehicles.ts";
import { channelCount, channels, type PixelSpec } from "./spec.ts";

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
  const canvas = canvasOf(spec, channelCount);
  const boxes = createBoxFiller(canvas);
  const ground = createGroundFiller(spec, road, canvas, boxes);
  const egoCanvas = canvasOf(spec, 1);
  const egoBoxes = createBoxFiller(egoCanvas);

  function fillTurned(view: Pose, { x, y, heading, length, width: breadth }: Traffic, i: number): void {
    const cos = Math.cos(view.heading);
    const sin = Math.sin(view.heading);
    const dx = x[i] - view.x;
    const dy = y[i] - view.y;
    boxes.fill(
      dx * cos + dy * sin,
      dy * cos - dx * sin,
      heading[i] - view.heading,
      length[i],
      breadth[i],
      1,
      channels.traffic,
    );
  }

  return {
    spec,
    render(view, traffic, skip, out, offset) {
      ground.fill(view);
      for (let first = 0; first < traffic.count; first += mostVehicles) {
        const { boxes: aligned, turned, numbers } = canvas.see(view, traffic, first, skip);
        canvas.fillBoxes(aligned, channels.traffic, 1);
        for (let i = 0; i < turned; i++) fillTurned(view, traffic, numbers[i]);
      }
      out.set(canvas.pixels(), offset);
    },
    renderEgo(shape, out, offset) {
      egoCanvas.clear();
      egoBoxes.fill(0, 0, 0, shape.length, shape.width, 1, 0);
      out.set(egoCanvas.pixels(), offset);
    },
  };
}
