import { frameSeconds as dt, type Rng } from "../core/index.ts";
import type { WindowSampler, WindowStart } from "../episodes/index.ts";
import { stateOnWay, type EgoWay, type ForwardModelConfig } from "../forward-model/index.ts";
import {
  advance,
  findCollision,
  isOnRoad,
  type Action,
  type Driver,
  type Scene,
  type VehicleState,
} from "../sim/index.ts";
import type { PolicyConfig } from "./config.ts";

/** An ego that has come along `way` to `start.frame` and is to drive on by itself for so many steps. */
export interface Departure extends Arrival {
  readonly steps: number;
  readonly rng: Rng;
}

/** An ego at "now", `start.frame`, and its way there: the frames of the context. */
export interface Arrival {
  readonly start: WindowStart;
  readonly way: EgoWay;
}

/** For how many steps before "now" the ego drives by itself: none for a part of the windows, and within the record. */
export function drawOwnSteps(
  sampler: WindowSampler,
  model: ForwardModelConfig,
  policy: PolicyConfig["training"],
  start: WindowStart,
  rng: Rng,
): number {
  if (rng.uniform() >= policy.ownShare) return 0;
  const recorded = Math.floor(sampler.framesBefore(start) / model.stepFrames) - (model.contextFrames - 1);
  return Math.min(1 + rng.integer(policy.ownSteps), Math.max(0, recorded));
}

/**
 * Lets `driver` drive the egos to their "now" through the recorded traffic, which is blind to them. A policy that learns
 * from recorded starts alone never sees where its own driving leads, and drifts there from one small error to the next
 * (Ross, Gordon & Bagnell, AISTATS 2011). An ego that touches somebody or leaves the road arrives at a random step before.
 */
export function driveOn(
  sampler: WindowSampler,
  model: ForwardModelConfig,
  departures: readonly Departure[],
  driver: Driver,
): Arrival[] {
  const egos = departures.filter(({ steps }) => steps > 0).map((departure) => departing(sampler, departure));
  if (egos.length === 0) return [...departures];
  const session = driver.begin(egos.length, departures[0]!.rng.fork("driver"));
  const actions: Action[] = egos.map(() => ({ acceleration: 0, steering: 0 }));
  const context = model.contextFrames - 1;
  // All arrive in the same round: who drives for longer departs earlier, after having looked back.
  for (let left = Math.max(...egos.map(({ steps }) => steps)) + context; left > 0; left--) {
    const scenes = egos.map((ego) => see(sampler, model, ego, ego.steps - left));
    session.act(scenes, actions);
    egos.forEach((ego, i) => {
      if (scenes[i] !== null && left <= ego.steps) move(sampler, model, ego, actions[i]!);
    });
  }
  session.dispose();
  const arrivals = new Map(egos.map((ego) => [ego.departure, arrival(model, ego)]));
  return departures.map((departure) => arrivals.get(departure) ?? departure);
}

/** An ego under way: every state from its first context frame on, and the scene that its driver is shown. */
interface Ego {
  readonly departure: Departure;
  readonly steps: number;
  readonly states: VehicleState[];
  readonly scene: Scene & { readonly ego: VehicleState };
  /** The frame that the scene's traffic shows; null before the first look. */
  shown: number | null;
  harmed: boolean;
}

function departing(sampler: WindowSampler, departure: Departure): Ego {
  const { start, way, steps } = departure;
  const states = Array.from(way.x, (_, t) => stateOnWay(way, t));
  const scene = {
    road: sampler.roadOf(start),
    traffic: sampler.createTraffic(start),
    ego: { ...states[0]! },
    shape: start.track,
    recordedAction: null,
  };
  return { departure, steps, states, scene, shown: null, harmed: false };
}

/** What the ego sees `step` steps after its departure, null when it has not departed or was harmed. */
function see(sampler: WindowSampler, model: ForwardModelConfig, ego: Ego, step: number): Scene | null {
  const t = (step + model.contextFrames - 1) * model.stepFrames;
  if (t < 0 || ego.harmed) return null;
  const { start } = ego.departure;
  Object.assign(ego.scene.ego, ego.states[t]!);
  look(sampler, ego, start.frame + step * model.stepFrames);
  return ego.scene;
}

/** Shows the ego who is near it in a frame, where its last move has not done so already. */
function look(sampler: WindowSampler, ego: Ego, frame: number): void {
  if (ego.shown === frame) return;
  ego.shown = frame;
  sampler.look(ego.departure.start, frame, ego.scene.ego.x, ego.scene.traffic);
}

function move(sampler: WindowSampler, model: ForwardModelConfig, ego: Ego, action: Readonly<Action>): void {
  const { scene, states, departure } = ego;
  const { start, way } = departure;
  for (let k = 0; k < model.stepFrames && !ego.harmed; k++) {
    advance(scene.ego, action, dt);
    states.push({ ...scene.ego });
    const frame = start.frame + states.length - way.x.length;
    look(sampler, ego, frame);
    ego.harmed =
      findCollision(scene.ego, scene.shape, scene.traffic) !== null ||
      !isOnRoad(scene.road, { ...scene.ego, length: scene.shape.length, width: scene.shape.width });
  }
}

function arrival(model: ForwardModelConfig, { departure, steps, states, harmed }: Ego): Arrival {
  const { start, way, rng } = departure;
  const unharmed = Math.floor((states.length - way.x.length - 1) / model.stepFrames);
  const first = (harmed ? rng.integer(unharmed + 1) : steps) * model.stepFrames;
  const part = states.slice(first, first + way.x.length);
  const column = (name: keyof VehicleState): Float64Array => Float64Array.from(part, (state) => state[name]);
  return {
    start: { ...start, frame: start.frame + first },
    way: { x: column("x"), y: column("y"), heading: column("heading"), speed: column("speed") },
  };
}
