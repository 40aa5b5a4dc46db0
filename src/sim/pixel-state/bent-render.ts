import { planeOf, isStraight, type Bend } from "../bend.ts";
import type { Road } from "../road.ts";
import { createBentGround } from "./bent-ground.ts";
import { createBoxFiller } from "./boxes.ts";
import { canvasOf } from "./canvas.ts";
import { createRenderer, type Renderer } from "./render.ts";
import { channelCount, channels, type PixelSpec } from "./spec.ts";

/**
 * A renderer for a bent road: lanes and vehicles are taken to the plane and drawn there as the ego sees them. As long
 * as only straight road is in sight, the picture is the straight road's to the bit.
 */
export function createBentRenderer(spec: PixelSpec, road: Road, bend: Bend): Renderer {
  const { bend: _, ...lanes } = road;
  const straight = createRenderer(spec, lanes);
  const canvas = canvasOf(spec, channelCount);
  const ground = createBentGround(spec, road, bend, canvas);
  const boxes = createBoxFiller(canvas);
  const plane = planeOf(bend);
  const halfAhead = (spec.height * spec.metersPerRow) / 2;
  const halfAside = (spec.width * spec.metersPerColumn) / 2;
  /** As far as a vehicle can be that shows, with room for what lies beyond the window's corners [m]. */
  const reach = Math.hypot(halfAhead, halfAside) + 30;

  return {
    spec,
    render(view, traffic, skip, out, offset) {
      if (isStraight(bend, view.x - reach, view.x + reach)) {
        straight.render(view, traffic, skip, out, offset);
        return;
      }
      ground.fill(view);
      const eye = plane.place(view);
      const cos = Math.cos(eye.heading);
      const sin = Math.sin(eye.heading);
      const { count, x, y, heading, length, width } = traffic;
      for (let i = 0; i < count; i++) {
        if (i === skip || Math.abs(x[i] - view.x) > reach) continue;
        const pose = plane.place({ x: x[i], y: y[i], heading: heading[i] });
        const dx = pose.x - eye.x;
        const dy = pose.y - eye.y;
        const turned = pose.heading - eye.heading;
        const ahead = dx * cos + dy * sin;
        const left = dy * cos - dx * sin;
        boxes.fill(ahead, left, turned, length[i], width[i], 1, channels.traffic);
      }
      out.set(canvas.pixels(), offset);
    },
    renderEgo: straight.renderEgo,
  };
}
