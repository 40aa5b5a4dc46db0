import { createRng } from "../../../core/index.ts";
import {
  advance,
  createIdmDriver,
  createTraffic,
  curvatureAt,
  type Action,
  type DriverSession,
  type Road,
  type Scene,
  type Traffic,
  type VehicleShape,
  type VehicleState,
} from "../../../sim/index.ts";

/** A situation as a literal. */
export interface Situation {
  readonly road: Road;
  readonly ego: Readonly<VehicleState> & VehicleShape;
  readonly others: readonly (Readonly<VehicleState> & VehicleShape)[];
}

/** A situation that goes on: the ego follows IDM and MOBIL, the others keep speed and heading. */
export interface PlayedScene {
  readonly road: Road;
  readonly ego: VehicleState & VehicleShape;
  readonly traffic: Traffic;
  readonly action: Action;
  step(dt: number): void;
  restart(): void;
}

const decisionSteps = 2;

export function playScene({ road, ego: start, others }: Situation): PlayedScene {
  const driver = createIdmDriver();
  const ego = { ...start };
  const traffic = createTraffic(others.length);
  const action: Action = { acceleration: 0, steering: 0 };
  const scene: Scene = { road, traffic, ego, shape: start, recordedAction: null };
  let session: DriverSession | null = null;
  let steps = 0;

  const restart = (): void => {
    session?.dispose();
    session = driver.begin(1, createRng(1));
    steps = 0;
    Object.assign(ego, start);
    Object.assign(action, { acceleration: 0, steering: 0 });
    traffic.count = others.length;
    others.forEach((other, i) => {
      traffic.id[i] = i + 1;
      traffic.x[i] = other.x;
      traffic.y[i] = other.y;
      traffic.heading[i] = other.heading;
      traffic.speed[i] = other.speed;
      traffic.length[i] = other.length;
      traffic.width[i] = other.width;
    });
  };
  restart();

  return {
    road,
    ego,
    traffic,
    action,
    restart,
    step(dt) {
      if (steps++ % decisionSteps === 0) session!.act([scene], [action]);
      advance(ego, action, dt, road.bend);
      for (let i = 0; i < traffic.count; i++) {
        const other = {
          x: traffic.x[i],
          y: traffic.y[i],
          heading: traffic.heading[i],
          speed: traffic.speed[i],
        };
        const steering = road.bend === undefined ? 0 : curvatureAt(road.bend, other.x);
        advance(other, { acceleration: 0, steering }, dt, road.bend);
        traffic.x[i] = other.x;
        traffic.y[i] = other.y;
        traffic.heading[i] = other.heading;
      }
    },
  };
}
