import { createRng } from "../../../core/index.ts";
import {
  advance,
  createIdmDriver,
  createTraffic,
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
      advance(ego, action, dt);
      for (let i = 0; i < traffic.count; i++) {
        const travelled = traffic.speed[i] * dt;
        traffic.x[i] += travelled * Math.cos(traffic.heading[i]);
        traffic.y[i] += travelled * Math.sin(traffic.heading[i]);
      }
    },
  };
}
