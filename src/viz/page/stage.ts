import { Application, Container } from "pixi.js";
import type { EpisodeInfo, Snapshot } from "../protocol.ts";
import { frameRoad, type Camera } from "./camera.ts";
import { egoAt, vehiclesAt, type DrawnVehicle } from "./interpolate.ts";
import { createEgoLayer, type EgoLayer } from "./layers/ego.ts";
import { createRoadLayer } from "./layers/road.ts";
import { createTrafficLayer, type TrafficLayer } from "./layers/traffic.ts";
import { currentPalette } from "./palette.ts";
import type { Moment } from "./playback.ts";

/** The drawn road. */
export interface Stage {
  /** What draws: "webgl", "webgpu" or the slower "canvas". */
  readonly renderer: string;
  begin(info: EpisodeInfo): void;
  /** Draws a moment, unless it is the one on screen already. */
  show(info: EpisodeInfo, frames: readonly Snapshot[], moment: Moment): void;
}

const rendererNames: { readonly [type: number]: string } = { 1: "webgl", 2: "webgpu", 4: "canvas" };

interface Layers {
  readonly world: Container;
  readonly traffic: TrafficLayer;
  readonly ego: EgoLayer;
}

/** Creates the canvas inside `host`, as large as it and following its size. */
export async function createStage(host: HTMLElement): Promise<Stage> {
  const app = new Application();
  await app.init({
    preference: ["webgl", "canvas"],
    width: host.clientWidth,
    height: host.clientHeight,
    autoStart: false,
    antialias: true,
    autoDensity: true,
    resolution: Math.min(2, devicePixelRatio || 1),
    background: currentPalette().verge,
  });
  app.canvas.setAttribute("aria-hidden", "true");
  host.append(app.canvas);

  let info: EpisodeInfo | null = null;
  let camera: Camera | null = null;
  let layers: Layers | null = null;
  let onScreenNow = "";

  const rebuild = (): void => {
    if (info === null) return;
    onScreenNow = "";
    layers?.world.destroy({ children: true });
    const palette = currentPalette();
    app.renderer.background.color = palette.verge;
    camera = frameRoad(info.road, app.screen.width, app.screen.height);
    const world = new Container();
    const traffic = createTrafficLayer(palette);
    const ego = createEgoLayer(info, palette);
    world.addChild(createRoadLayer(info.road, palette, camera.direction), ego.ground, traffic.node, ego.top);
    app.stage.addChild(world);
    layers = { world, traffic, ego };
  };
  new ResizeObserver(() => {
    const { clientWidth, clientHeight } = host;
    if (clientWidth === app.screen.width && clientHeight === app.screen.height) return;
    app.renderer.resize(Math.max(1, clientWidth), Math.max(1, clientHeight));
    rebuild();
  }).observe(host);
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", rebuild);

  return {
    renderer: rendererNames[app.renderer.type] ?? "unknown",
    begin(next) {
      info = next;
      rebuild();
    },
    show(shown, frames, moment) {
      if (layers === null || camera === null) return;
      const wanted = `${moment.from.frame} ${moment.to.frame} ${moment.fraction}`;
      if (wanted === onScreenNow) return;
      onScreenNow = wanted;
      const ego = egoAt(moment);
      layers.traffic.show(onScreen(vehiclesAt(moment, shown.dt), ego.x, camera));
      layers.ego.show(ego, frames, moment);
      aim(layers.world, camera, ego.x);
      app.render();
    },
  };
}

function* onScreen(vehicles: Iterable<DrawnVehicle>, egoX: number, camera: Camera): Generator<DrawnVehicle> {
  for (const vehicle of vehicles) {
    const ahead = vehicle.x - egoX;
    const reach = vehicle.length;
    if (ahead > -camera.behind - reach && ahead < camera.ahead + reach) yield vehicle;
  }
}

/** Turns road meters into screen pixels: x along the driving direction, y to its left. */
function aim(world: Container, camera: Camera, egoX: number): void {
  const scale = camera.pixelsPerMeter;
  world.scale.set(scale);
  if (camera.direction === "right") {
    world.rotation = 0;
    world.position.set(camera.egoAt - egoX * scale, camera.middleAt + camera.middle * scale);
  } else {
    world.rotation = -Math.PI / 2;
    world.position.set(camera.middleAt + camera.middle * scale, camera.egoAt + egoX * scale);
  }
}
