import {
  egoStateSize,
  stepSeconds,
  toFractions,
  type ForwardModelConfig,
  type ImaginationStart,
} from "../../forward-model/index.ts";
import {
  channelCount,
  createTraffic,
  pixelSpecs,
  type Road,
  type Scene,
  type Traffic,
  type VehicleShape,
  type VehicleState,
} from "../../sim/index.ts";
import { createRenderers } from "../renderers.ts";
import type { EgoSizes } from "../replicas.ts";

/** What egos know at "now", as every family and every policy wants it. */
export interface PlanStart extends ImaginationStart, EgoSizes {
  /** The ego's own rectangle, [B, H, W] in [0, 1]. */
  readonly egoChannel: Float32Array;
}

/** The last instants that egos have seen. */
export interface LookBack {
  /** Takes note of the scenes; a null changes nothing. To be called once per step of the model. */
  see(scenes: readonly (Scene | null)[]): void;
  /** What the egos with these numbers know; each must have seen a scene. */
  startOf(egos: readonly number[]): PlanStart;
}

/** One instant: where the ego was, and who was near. */
interface Glimpse {
  readonly ego: VehicleState;
  readonly traffic: Traffic;
}

interface Memory {
  readonly road: Road;
  readonly shape: VehicleShape;
  /** Tc of them, oldest first. */
  glimpses: readonly Glimpse[];
}

/** Vehicles so far beyond the grid's end are remembered too: past pictures are taken from where "now" lies [m]. */
const margin = 30;

export function createLookBack(config: ForwardModelConfig, count: number): LookBack {
  const spec = pixelSpecs[config.pixels];
  const dt = stepSeconds(config);
  const cells = spec.height * spec.width;
  const bytes = cells * channelCount;
  const reach = (spec.height * spec.metersPerRow) / 2 + margin;
  const instants = Array.from({ length: config.contextFrames }, (_, k) => config.contextFrames - 1 - k);
  const rendererOf = createRenderers(spec);
  const memories: (Memory | undefined)[] = Array.from({ length: count });

  return {
    see(scenes) {
      scenes.forEach((scene, ego) => {
        if (scene === null) return;
        const memory = memories[ego];
        if (memory !== undefined) {
          memory.glimpses = [...memory.glimpses.slice(1), glimpse(scene, reach, 0)];
          return;
        }
        // Nothing is known of the past: everyone is taken to have come at constant velocity.
        const glimpses = instants.map((ago) => glimpse(scene, reach, ago * dt));
        memories[ego] = { road: scene.road, shape: scene.shape, glimpses };
      });
    },
    startOf(egos) {
      const B = egos.length;
      const views = instants.map(() => new Uint8Array(B * bytes));
      const context = instants.map(() => new Uint8Array(B * bytes));
      const states = instants.map(() => new Float32Array(B * egoStateSize));
      const picture = new Uint8Array(B * cells);
      const known = egos.map((ego) => memories[ego]!);
      const frames = known.map(({ glimpses }) => ({ ...glimpses.at(-1)!.ego }));
      known.forEach(({ road, shape, glimpses }, b) => {
        const renderer = rendererOf(road);
        const now = frames[b]!;
        renderer.renderEgo(shape, picture, b * cells);
        glimpses.forEach(({ ego, traffic }, k) => {
          const back = { x: now.x - now.speed * instants[k]! * dt, y: now.y, heading: 0 };
          renderer.render(ego, traffic, -1, views[k]!, b * bytes);
          renderer.render(back, traffic, -1, context[k]!, b * bytes);
          states[k]!.set([ego.x - now.x, ego.y - now.y, ego.heading, ego.speed], b * egoStateSize);
        });
      });
      return {
        count: B,
        views: views.map(toFractions),
        states,
        world: {
          context,
          ego: { picture, offset: new Float32Array(2 * B), velocity: new Float32Array(B) },
        },
        frames,
        egoChannel: toFractions(picture),
        length: Float32Array.from(known, ({ shape }) => shape.length),
        width: Float32Array.from(known, ({ shape }) => shape.width),
      };
    },
  };
}

/** A copy of what is near in a scene, taken back by `ago` seconds at constant velocity. */
function glimpse({ ego, traffic }: Scene, reach: number, ago: number): Glimpse {
  const near: number[] = [];
  for (let i = 0; i < traffic.count; i++) {
    if (Math.abs(traffic.x[i]! - ego.x) <= reach) near.push(i);
  }
  const copy = createTraffic(near.length);
  near.forEach((i, n) => {
    copy.id[n] = traffic.id[i]!;
    copy.heading[n] = traffic.heading[i]!;
    copy.speed[n] = traffic.speed[i]!;
    copy.length[n] = traffic.length[i]!;
    copy.width[n] = traffic.width[i]!;
    copy.x[n] = traffic.x[i]! - ago * traffic.speed[i]! * Math.cos(traffic.heading[i]!);
    copy.y[n] = traffic.y[i]! - ago * traffic.speed[i]! * Math.sin(traffic.heading[i]!);
  });
  copy.count = near.length;
  const { x, y, heading, speed } = ego;
  const travelled = ago * speed;
  return {
    ego: { x: x - travelled * Math.cos(heading), y: y - travelled * Math.sin(heading), heading, speed },
    traffic: copy,
  };
}
