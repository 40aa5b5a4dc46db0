import { Container, Graphics } from "pixi.js";
import type { Pose } from "../../../core/index.ts";
import type { Palette } from "../palette.ts";
import { unit } from "./road.ts";

/** A vehicle as pixi draws it. */
export interface CarView {
  readonly node: Container;
  readonly brakes: Graphics;
}

/** Vehicles longer than this are drawn as trucks [m]. */
const truckLength = 7.5;

/** Draws a vehicle of `length` by `width` meters that points to +x. */
export function createCarView(length: number, width: number, body: number, palette: Palette): CarView {
  const node = new Container();
  const l = length * unit;
  const w = width * unit;
  const long = length > truckLength;
  const radius = (long ? 0.16 : 0.3) * w;

  const shadow = new Graphics()
    .roundRect(-l / 2 - 0.1 * unit, -w / 2 + 0.12 * unit, l + 0.25 * unit, w + 0.16 * unit, radius)
    .fill({ color: 0x000000, alpha: 0.28 });
  const shell = new Graphics().roundRect(-l / 2, -w / 2, l, w, radius).fill(body);
  const detail = new Graphics();
  if (long) {
    // Cab and box, with the gap between them.
    const cab = Math.min(2.4 * unit, 0.25 * l);
    detail
      .rect(l / 2 - cab - 0.22 * unit, -w / 2, 0.22 * unit, w)
      .fill({ color: palette.glass, alpha: 0.55 });
    detail
      .roundRect(l / 2 - 0.55 * cab, -0.41 * w, 0.34 * cab, 0.82 * w, 3)
      .fill({ color: palette.glass, alpha: 0.8 });
    detail
      .rect(-l / 2 + 0.3 * unit, -0.36 * w, l - cab - 0.9 * unit, 0.72 * w)
      .fill({ color: 0xffffff, alpha: 0.1 });
  } else {
    detail
      .poly([0.2 * l, -0.4 * w, 0.05 * l, -0.33 * w, 0.05 * l, 0.33 * w, 0.2 * l, 0.4 * w])
      .fill({ color: palette.glass, alpha: 0.78 });
    detail
      .poly([-0.36 * l, -0.36 * w, -0.25 * l, -0.31 * w, -0.25 * l, 0.31 * w, -0.36 * l, 0.36 * w])
      .fill({ color: palette.glass, alpha: 0.7 });
    detail.roundRect(-0.24 * l, -0.34 * w, 0.28 * l, 0.68 * w, 5).fill({ color: 0xffffff, alpha: 0.16 });
  }
  const lamp = 0.24 * w;
  detail
    .rect(l / 2 - 0.14 * unit, -w / 2 + 0.1 * w, 0.14 * unit, lamp)
    .rect(l / 2 - 0.14 * unit, w / 2 - 0.1 * w - lamp, 0.14 * unit, lamp)
    .fill({ color: 0xfff6df, alpha: 0.75 });
  const brakes = new Graphics()
    .roundRect(-l / 2 - 0.12 * unit, -w / 2 + 0.06 * w, 0.34 * unit, lamp, 2)
    .roundRect(-l / 2 - 0.12 * unit, w / 2 - 0.06 * w - lamp, 0.34 * unit, lamp, 2)
    .fill(palette.brake);
  brakes.alpha = 0;
  node.addChild(shadow, shell, detail, brakes);
  node.scale.set(1 / unit);
  return { node, brakes };
}

/** Color of a vehicle that is not the ego. */
export function bodyColor(length: number, palette: Palette): number {
  return length > truckLength ? palette.truck : palette.car;
}

/** Puts a view where its vehicle is, in the plane; brake lights show decelerations beyond coasting. */
export function placeCar(view: CarView, { x, y, heading }: Pose, acceleration: number): void {
  view.node.position.set(x, -y);
  view.node.rotation = -heading;
  view.brakes.alpha = Math.max(0, Math.min(1, (-acceleration - 0.4) / 1.2));
}
