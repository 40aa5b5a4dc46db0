import * as tf from "@tensorflow/tfjs";
import { channelCount, pixelSpecs, type Driver, type DriverSession, type Scene } from "../sim/index.ts";
import { packViews } from "./acts.ts";
import type { Policy } from "./checkpoint.ts";
import { createRenderers } from "./renderers.ts";

/** A trained policy as a driver. It decides every `view.stepFrames` frames. */
export function createPolicyDriver(policy: Policy): Driver {
  return {
    name: policy.name,
    decisionFrames: policy.view.stepFrames,
    begin: (count) => beginSession(policy, count),
  };
}

function beginSession(policy: Policy, count: number): DriverSession {
  const { view, network } = policy;
  const spec = pixelSpecs[view.pixels];
  const pixels = spec.height * spec.width;
  const size = pixels * channelCount;
  const context = view.contextFrames;
  const rendererOf = createRenderers(spec);
  const bytes = new Uint8Array(size);
  const egoBytes = new Uint8Array(pixels);
  // Oldest first; one block per context frame, [count, H, W, C].
  let views = Array.from({ length: context }, () => new Float32Array(count * size));
  const egoChannel = new Float32Array(count * pixels);
  const motion = new Float32Array(count * context * 2);
  const seen = new Int32Array(count);

  const look = (scene: Scene, ego: number): void => {
    const renderer = rendererOf(scene.road);
    renderer.render(scene.ego, scene.traffic, -1, bytes, 0);
    const newest = views[context - 1]!;
    for (let i = 0; i < size; i++) newest[ego * size + i] = bytes[i]! / 255;
    const o = ego * context * 2;
    motion.copyWithin(o, o + 2, o + 2 * context);
    motion[o + 2 * (context - 1)] = scene.ego.speed;
    motion[o + 2 * (context - 1) + 1] = scene.ego.heading;
    if (seen[ego]!++ > 0) return;
    // A first look fills the whole context: nothing is known of the past.
    renderer.renderEgo(scene.shape, egoBytes, 0);
    for (let i = 0; i < pixels; i++) egoChannel[ego * pixels + i] = egoBytes[i]! / 255;
    for (let k = 0; k < context - 1; k++) {
      views[k]!.set(newest.subarray(ego * size, (ego + 1) * size), ego * size);
      motion.copyWithin(o + 2 * k, o + 2 * (context - 1), o + 2 * context);
    }
  };

  const observe = (scenes: readonly (Scene | null)[]): void => {
    views = [...views.slice(1), views[0]!];
    scenes.forEach((scene, ego) => scene !== null && look(scene, ego));
  };

  return {
    observe,
    act(scenes, actions) {
      observe(scenes);
      const live = scenes.flatMap((scene, ego) => (scene === null ? [] : [ego]));
      if (live.length === 0) return;
      const gather = (from: Float32Array, stride: number): Float32Array => {
        const to = new Float32Array(live.length * stride);
        live.forEach((ego, i) => to.set(from.subarray(ego * stride, (ego + 1) * stride), i * stride));
        return to;
      };
      const values = tf.tidy(() =>
        network
          .act({
            views: packViews(
              views.map((frame) =>
                tf.tensor4d(gather(frame, size), [live.length, spec.height, spec.width, channelCount]),
              ),
              gather(egoChannel, pixels),
              view,
            ),
            motion: tf.tensor2d(gather(motion, 2 * context), [live.length, 2 * context]),
          })
          .dataSync(),
      );
      live.forEach((ego, i) => {
        actions[ego]!.acceleration = values[2 * i]!;
        actions[ego]!.steering = values[2 * i + 1]!;
      });
    },
    dispose() {
      views = [];
    },
  };
}
