import type { Pose } from "../../core/index.ts";
import type { Road } from "../road.ts";
import type { Traffic } from "../traffic.ts";
import type { VehicleShape } from "../vehicle.ts";
import { createBentRenderer } from "./bent-render.ts";
import { createBoxFiller, nearlyAligned, setBox } from "./boxes.ts";
import { canvasOf, mostBoxes } from "./canvas.ts";
import { createGroundFiller } from "./ground-filler.ts";
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

/** Who is farther away than a vehicle of this length [m] can show is passed over without another look. */
const longestVehicle = 50;

/** A renderer for one grid on one road. It owns scratch memory: use one per thread. */
export function createRenderer(spec: PixelSpec, road: Road): Renderer {
  if (road.bend !== undefined) return createBentRenderer(spec, road, road.bend);
  const { height, width, metersPerRow, metersPerColumn } = spec;
  const canvas = canvasOf(spec, channelCount);
  const boxes = createBoxFiller(canvas);
  const ground = createGroundFiller(spec, road, canvas, boxes);
  const egoCanvas = canvasOf(spec, 1);
  const egoBoxes = createBoxFiller(egoCanvas);
  const halfAhead = (height * metersPerRow) / 2;
  const halfAside = (width * metersPerColumn) / 2;
  const reach = Math.hypot(halfAhead, halfAside);
  const far = reach + longestVehicle / 2 + 1;

  return {
    spec,
    render(view, traffic, skip, out, offset) {
      ground.fill(view);
      const { x: viewX, y: viewY, heading: viewHeading } = view;
      const cos = Math.cos(viewHeading);
      const sin = Math.sin(viewHeading);
      const { count, x, y, heading, length, width: breadth } = traffic;
      const waiting = canvas.boxes();
      let drawn = 0;
      for (let i = 0; i < count; i++) {
        const dx = x[i] - viewX;
        if (dx > far || dx < -far || i === skip) continue;
        const radius = (length[i] + breadth[i]) / 2;
        const dy = y[i] - viewY;
        const ahead = dx * cos + dy * sin;
        const left = dy * cos - dx * sin;
        if (Math.max(Math.abs(ahead) - halfAhead, Math.abs(left) - halfAside) > radius) continue;
        const turned = heading[i] - viewHeading;
        if (Math.abs(turned) < nearlyAligned) {
          setBox(waiting, drawn++, ahead, left, turned, length[i], breadth[i], 1, channels.traffic);
          if (drawn === mostBoxes) {
            canvas.fillBoxes(drawn);
            drawn = 0;
          }
        } else {
          boxes.fill(ahead, left, turned, length[i], breadth[i], 1, channels.traffic);
        }
      }
      canvas.fillBoxes(drawn);
      out.set(canvas.pixels(), offset);
    },
    renderEgo(shape, out, offset) {
      egoCanvas.clear();
      egoBoxes.fill(0, 0, 0, shape.length, shape.width, 1, 0);
      out.set(egoCanvas.pixels(), offset);
    },
  };
}
