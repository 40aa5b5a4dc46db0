import { curvatureAt } from "../bend.ts";
import type { Driver, DriverSession, Scene } from "../driver.ts";
import type { Road } from "../road.ts";
import type { Action } from "../vehicle.ts";

/**
 * Lets a driver that knows straight roads only take a bend: it is shown the road unrolled, in road coordinates, and
 * the steering that follows the road is added to its own. What it sees of others is off by as much as lanes differ in
 * length; on a straight road nothing changes.
 */
export function createUnbentDriver(driver: Driver): Driver {
  return {
    ...driver,
    name: `unbent:${driver.name}`,
    begin(count, rng): DriverSession {
      const session = driver.begin(count, rng);
      const unbend = (scene: Scene | null): Scene | null => scene && unbentScene(scene);
      return {
        observe: (scenes) => session.observe(scenes.map(unbend)),
        act(scenes, actions) {
          session.act(scenes.map(unbend), actions);
          scenes.forEach((scene, i) => {
            if (scene !== null) actions[i].steering += roadSteering(scene);
          });
        },
        dispose: () => session.dispose(),
      };
    },
  };
}

const unbentRoads = new WeakMap<Road, Road>();

/** A scene with its road unrolled, the same straight road for the same bent one; a scene on a straight road as it is. */
export function unbentScene(scene: Scene): Scene {
  if (scene.road.bend === undefined) return scene;
  let road = unbentRoads.get(scene.road);
  if (road === undefined) {
    const { bend: _, ...straight } = scene.road;
    unbentRoads.set(scene.road, (road = straight));
  }
  return { ...scene, road, recordedAction: unbentAction(scene) };
}

/** Steering [1/m] that keeps an ego's distance to the road's reference line and its heading along the road. */
export function roadSteering({ road: { bend }, ego }: Scene): number {
  if (bend === undefined) return 0;
  const curvature = curvatureAt(bend, ego.x);
  return (curvature * Math.cos(ego.heading)) / (1 - curvature * ego.y);
}

/** What the recorded human did beside following the road. */
function unbentAction(scene: Scene): Readonly<Action> | null {
  const { recordedAction } = scene;
  return recordedAction && { ...recordedAction, steering: recordedAction.steering - roadSteering(scene) };
}
