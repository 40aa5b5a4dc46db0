import { Application, Container } from "pixi.js";
import type { EpisodeInfo, Imagined, Snapshot } from "../protocol.ts";
import { aimAt, frameRoad, type Camera } from "./camera.ts";
import { groundPlanOf, type GroundPlan } from "./ground-plan.ts";
import { egoAt, vehiclesAt, type DrawnVehicle } from "./interpolate.ts";
import { createEgoLayer, type EgoLayer } from "./layers/ego.ts";
import { createImaginedLayer, type ImaginedLayer } from "./layers/imagined.ts";
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
  show(info: EpisodeInfo, frames: readonly Snapshot[], moment: Moment, imagined: Imagined | null): void;
}

const rendererNames: { readonly [type: number]: string } = { 1: "webgl", 2: "webgpu", 4: "canvas" };

interface Layers {
  readonly plan: GroundPlan;
  readonly world: Container;
  readonly traffic: TrafficLayer;
  readonly ego: EgoLayer;
  readonly imagined: ImaginedLayer;
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
    resolution: resolution(),
    background: currentPalette().verge,
  });
  app.canvas.setAttribute("aria-hidden", "true");
  host.append(app.canvas);
  // Undrawn, a canvas is black until the first episode has come.
  app.render();

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
    const plan = groundPlanOf(info.road);
    const traffic = createTrafficLayer(plan, palette, info.copyIds);
    const ego = createEgoLayer(info, palette);
    const imagined = createImaginedLayer(info, palette);
    const road = createRoadLayer(info.road, palette, camera.direction);
    world.addChild(road, ego.ground, traffic.node, imagined.node, ego.top);
    app.stage.addChild(world);
    layers = { plan, world, traffic, ego, imagined };
  };
  new ResizeObserver(() => {
    const { clientWidth, clientHeight } = host;
    if (clientWidth === app.screen.width && clientHeight === app.screen.height) return;
    // Who zooms the page has another resolution from then on.
    app.renderer.resize(Math.max(1, clientWidth), Math.max(1, clientHeight), resolution());
    if (info === null) app.render();
    else rebuild();
  }).observe(host);
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", rebuild);

  return {
    renderer: rendererNames[app.renderer.type] ?? "unknown",
    begin(next) {
      info = next;
      rebuild();
    },
    show(shown, frames, moment, imagined) {
      if (layers === null || camera === null) return;
      const wanted = `${moment.from.frame} ${moment.to.frame} ${moment.fraction} ${imagined?.frame}`;
      if (wanted === onScreenNow) return;
      onScreenNow = wanted;
      const ego = egoAt(moment);
      layers.traffic.show(onScreen(vehiclesAt(moment, shown.dt), ego.x, camera));
      layers.ego.show(ego, frames, moment);
      layers.imagined.show(imagined, ego, moment.from.frame + moment.fraction);
      aim(layers.world, camera, layers.plan, ego.x);
      app.render();
    },
  };
}

/** Pixels of the canvas per pixel of the page; more than two of them nobody sees. */
const resolution = (): number => Math.min(2, devicePixelRatio || 1);

/** How much more of the road a slanted edge of the screen may show [m]. */
const slant = 12;

function* onScreen(vehicles: Iterable<DrawnVehicle>, egoX: number, camera: Camera): Generator<DrawnVehicle> {
  for (const vehicle of vehicles) {
    const ahead = vehicle.x - egoX;
    // In a bend the screen's edge cuts the road at a slant.
    const reach = vehicle.length + slant;
    if (ahead > -camera.behind - reach && ahead < camera.ahead + reach) yield vehicle;
  }
}

/** Turns meters of the plane into screen pixels, so that the driving direction is the camera's. */
function aim(world: Container, camera: Camera, plan: GroundPlan, egoX: number): void {
  const { x, y, rotation } = aimAt(camera, plan, egoX);
  world.scale.set(camera.pixelsPerMeter);
  world.rotation = rotation;
  world.position.set(x, y);
}
