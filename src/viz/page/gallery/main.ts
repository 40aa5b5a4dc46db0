import { element } from "../dom.ts";
import { scenes, type StillScene } from "../../../../test/scenes/index.ts";
import { frameSeconds as dt } from "../../../core/index.ts";
import { channelCount, createRenderer, pixelSpecs, scenarios } from "../../../sim/index.ts";
import { trafficNames } from "../../protocol.ts";
import { byId } from "../dom.ts";
import { trafficLabels } from "../labels.ts";
import { createPixelStatePanel } from "../panels/pixel-state.ts";
import { defaultViewState, writeHash } from "../view-state.ts";
import { drawScene } from "./draw-scene.ts";
import { playScene } from "./play-scene.ts";

/** A scene begins anew after this many steps, and stands still for some before it does. */
const stepsPerRound = 30;
const pauseSteps = 8;
const view = pixelSpecs.paper;

/** Shows one scene and returns what takes it a step further. */
function showScene(scene: StillScene, host: HTMLElement): () => void {
  const figure = element("figure", "scene");
  const caption = element("figcaption", "", scene.about);
  caption.prepend(element("b", "", scene.name));
  const road = element("canvas", "road");
  const seen = element("canvas", "view");
  for (const canvas of [road, seen]) canvas.setAttribute("aria-hidden", "true");
  figure.append(caption, road, seen);
  host.append(figure);

  const played = playScene(scene);
  const renderer = createRenderer(view, scene.road);
  const panel = createPixelStatePanel(seen, null);
  const pixels = new Uint8Array(view.height * view.width * channelCount);
  panel.begin({ view, ego: scene.ego });
  let steps = 0;
  const draw = (): void => {
    drawScene(road, played);
    renderer.render(played.ego, played.traffic, -1, pixels, 0);
    panel.show({ pixels });
    figure.dataset["egoX"] = played.ego.x.toFixed(2);
  };
  draw();
  return () => {
    if (steps === stepsPerRound + pauseSteps) {
      played.restart();
      steps = 0;
    } else if (steps++ < stepsPerRound) played.step(dt);
    draw();
  };
}

/** The picture of each scenario, by the path of its file. */
const pictures = import.meta.glob<string>("../../../../docs/scenarios/*.svg", {
  eager: true,
  query: "?url",
  import: "default",
});

for (const name of trafficNames) {
  const link = element("a", "", trafficLabels[name].hint);
  link.prepend(element("b", "", trafficLabels[name].name));
  const picture = pictures[`../../../../docs/scenarios/${name}.svg`];
  if (picture !== undefined) {
    // A straight stretch fills the frame; a bend is only one as a whole.
    const frame = element("div", scenarios[name]?.road.bend === undefined ? "picture" : "picture whole");
    const image = element("img", "");
    Object.assign(image, { src: picture, alt: "", loading: "lazy" });
    frame.append(image);
    link.prepend(frame);
  }
  link.href = `./index.html${writeHash({ ...defaultViewState, traffic: name })}`;
  const item = element("li", "");
  item.append(link);
  byId("traffics").append(item);
}

const host = byId("scenes");
const steps = scenes.map((scene) => showScene(scene, host));
const play = byId("play");
let playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
const showPlaying = (): void => {
  play.setAttribute("aria-pressed", String(playing));
  play.textContent = playing ? "Pause" : "Play";
};
showPlaying();
play.addEventListener("click", () => {
  playing = !playing;
  showPlaying();
});
setInterval(() => {
  if (playing && !document.hidden) for (const step of steps) step();
}, 1000 * dt);
