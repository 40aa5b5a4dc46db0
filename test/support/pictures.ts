import { crc32 } from "../../src/core/index.ts";
import {
  channelCount,
  createRenderer,
  createTraffic,
  pixelSpecs,
  type PixelSpec,
  type Traffic,
} from "../../src/sim/index.ts";
import { scenes, type StillScene } from "../scenes/index.ts";

/** Vehicles as traffic, numbered from 1. */
export function trafficOf(others: StillScene["others"]): Traffic {
  const traffic = createTraffic(others.length);
  for (const other of others) {
    const i = traffic.count++;
    traffic.id[i] = i + 1;
    for (const field of ["x", "y", "heading", "speed", "length", "width"] as const)
      traffic[field][i] = other[field];
  }
  return traffic;
}

/** What is seen of a scene from its ego; drawn over a picture that was there before. */
export function picture(
  spec: PixelSpec,
  { road, ego, others }: Pick<StillScene, "road" | "ego" | "others">,
): Uint8Array {
  const out = new Uint8Array(spec.height * spec.width * channelCount).fill(77);
  createRenderer(spec, road).render(ego, trafficOf(others), -1, out, 0);
  return out;
}

/** One channel of a picture. */
export const channelOf = (pixels: Uint8Array, channel: number): number[] =>
  Array.from({ length: pixels.length / channelCount }, (_, i) => pixels[i * channelCount + channel]);

/** How far each view is off the scene's own: ahead, to the left [m], turned [rad]. Every way of drawing takes its turn. */
const views = [
  [0, 0, 0],
  [0.313, 0.207, 0.013],
  [-3.71, -0.9, -0.031],
  [1.9, 0.4, 0.07],
  [0.2, -0.1, -0.4],
] as const;

/** The checksum of what is seen in a scene on a grid, from all `views`, and of the ego's own rectangle. */
function checksumOf(spec: PixelSpec, { road, ego, others }: StillScene): string {
  const renderer = createRenderer(spec, road);
  const traffic = trafficOf(others);
  const cells = spec.height * spec.width;
  const pixels = new Uint8Array(cells * (views.length * channelCount + 1));
  views.forEach(([ahead, left, turned], i) => {
    const view = { x: ego.x + ahead, y: ego.y + left, heading: ego.heading + turned };
    renderer.render(view, traffic, -1, pixels, i * cells * channelCount);
  });
  renderer.renderEgo(ego, pixels, views.length * cells * channelCount);
  return crc32(pixels).toString(16);
}

/** Checksums of all scenes on all grids: equal wherever pixel states are drawn to the bit as here. */
export function checksums(): { readonly [scene: string]: string } {
  return Object.fromEntries(
    Object.entries(pixelSpecs).flatMap(([grid, spec]) =>
      scenes.map((scene) => [`${grid}: ${scene.name}`, checksumOf(spec, scene)]),
    ),
  );
}
