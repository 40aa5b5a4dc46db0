import type { Pose } from "../../core/index.ts";
import type { Road } from "../road.ts";
import type { Traffic } from "../traffic.ts";
import type { VehicleShape } from "../vehicle.ts";
import type { PixelSpec } from "./spec.ts";

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

export declare function createRenderer(spec: PixelSpec, road: Road): Renderer;
