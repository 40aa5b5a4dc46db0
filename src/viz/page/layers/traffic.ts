import { Container } from "pixi.js";
import type { GroundPlan } from "../ground-plan.ts";
import type { DrawnVehicle } from "../interpolate.ts";
import type { Palette } from "../palette.ts";
import { createReconciler } from "../reconciler.ts";
import { bodyColor, createCarView, placeCar, type CarView } from "./car.ts";

/** The other vehicles. */
export interface TrafficLayer {
  readonly node: Container;
  show(vehicles: Iterable<DrawnVehicle>): void;
}

/** A layer that keeps one view per vehicle on screen, by id; copies of the ego's driver have its color, paler. */
export function createTrafficLayer(
  plan: GroundPlan,
  palette: Palette,
  copyIds: readonly number[],
): TrafficLayer {
  const copies = new Set(copyIds);
  const node = new Container();
  const show = createReconciler<DrawnVehicle, CarView>({
    key: (vehicle) => vehicle.id,
    enter(vehicle) {
      const body = copies.has(vehicle.id) ? palette.copy : bodyColor(vehicle.length, palette);
      const view = createCarView(vehicle.length, vehicle.width, body, palette);
      node.addChild(view.node);
      return view;
    },
    update(view, vehicle) {
      placeCar(view, plan(vehicle), vehicle.acceleration);
      view.node.alpha = vehicle.presence;
    },
    exit: (view) => view.node.destroy({ children: true }),
  });
  return { node, show };
}
