import { Container, Graphics } from "pixi.js";
import type { EpisodeInfo, Snapshot } from "../../protocol.ts";
import { roadEdges } from "../camera.ts";
import { groundPlanOf, type GroundPlan } from "../ground-plan.ts";
import type { Palette } from "../palette.ts";
import type { Moment } from "../playback.ts";
import { createCarView, placeCar } from "./car.ts";
import { unit } from "./road.ts";

/** The ego and all that belongs to it: what it sees, where it went, where the human went, where it should get. */
export interface EgoLayer {
  /** Lies under the traffic. */
  readonly ground: Container;
  /** Lies over the traffic. */
  readonly top: Container;
  show(ego: Snapshot["ego"], frames: readonly Snapshot[], moment: Moment): void;
}

export function createEgoLayer(info: EpisodeInfo, palette: Palette): EgoLayer {
  const plan = groundPlanOf(info.road);
  const ground = new Container();
  const top = new Container();
  const car = createCarView(info.ego.length, info.ego.width, palette.ego, palette);
  const ghost = createGhost(info, palette);
  const trail = new Graphics();
  const halo = createHalo(info, palette);
  const alarm = createAlarm(info, palette);
  const seen = createSeenFrame(info, palette);
  ground.addChild(createGoal(info, plan, palette), createHumanPath(info, plan, palette), trail, halo, seen);
  top.addChild(ghost, car.node, alarm);

  return {
    ground,
    top,
    show(ego, frames, moment) {
      const pose = plan(ego);
      placeCar(car, pose, ego.acceleration);
      for (const node of [halo, alarm, seen]) {
        node.position.set(pose.x, -pose.y);
        node.rotation = -pose.heading;
      }
      placeGhost(ghost, info, plan, moment);
      drawTrail(trail, frames, moment.from.frame, ego, plan, palette);
      const verdict = moment.to.verdict;
      const crashed = verdict !== null && verdict.cause !== "finished" && verdict.cause !== "timeout";
      alarm.visible = crashed && moment.to === moment.from;
    },
  };
}

function createHalo(info: EpisodeInfo, palette: Palette): Graphics {
  const halo = new Graphics();
  around(halo, info, 1.3).fill({ color: palette.ego, alpha: 0.1 });
  around(halo, info, 0.7).fill({ color: palette.ego, alpha: 0.16 });
  halo.scale.set(1 / unit);
  return halo;
}

function createAlarm(info: EpisodeInfo, palette: Palette): Graphics {
  const ring = around(new Graphics(), info, 0.9).stroke({ color: palette.alarm, width: 0.28 * unit });
  ring.scale.set(1 / unit);
  return ring;
}

/** A rounded outline `distance` meters around the ego. */
function around(graphics: Graphics, { ego }: EpisodeInfo, distance: number): Graphics {
  const l = (ego.length + 2 * distance) * unit;
  const w = (ego.width + 2 * distance) * unit;
  return graphics.roundRect(-l / 2, -w / 2, l, w, 0.4 * w);
}

/** The stretch of road that the pixel state shows, as four corners. */
function createSeenFrame(info: EpisodeInfo, palette: Palette): Graphics {
  const { height, width, metersPerRow, metersPerColumn } = info.view;
  const l = (height * metersPerRow * unit) / 2;
  const w = (width * metersPerColumn * unit) / 2;
  const arm = 1.6 * unit;
  const frame = new Graphics();
  for (const [sx, sy] of [
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
  ] as const) {
    frame
      .moveTo(sx * (l - arm), sy * w)
      .lineTo(sx * l, sy * w)
      .lineTo(sx * l, sy * (w - arm));
  }
  frame.stroke({ color: palette.ego, alpha: 0.6, width: 0.14 * unit });
  frame.scale.set(1 / unit);
  return frame;
}

function createGoal(info: EpisodeInfo, plan: GroundPlan, palette: Palette): Graphics {
  const lanes = info.road.lanes.filter((lane) => lane.start <= info.goalX && info.goalX <= lane.end);
  const { left, right } = roadEdges({ ...info.road, lanes });
  const goal = new Graphics();
  const cell = 0.7;
  const rows = Math.ceil((left - right) / cell);
  for (let row = 0; row < rows; row++) {
    for (const column of [0, 1]) {
      if ((row + column) % 2 === 1) continue;
      goal.rect(column * cell * unit, row * cell * unit, cell * unit, cell * unit);
    }
  }
  goal.fill({ color: palette.goal, alpha: 0.5 });
  goal.scale.set(1 / unit);
  const corner = plan({ x: info.goalX, y: left, heading: 0 });
  goal.position.set(corner.x, -corner.y);
  goal.rotation = -corner.heading;
  return goal;
}

function createHumanPath({ human }: EpisodeInfo, plan: GroundPlan, palette: Palette): Graphics {
  const path = new Graphics();
  let drawn = 0;
  let travelled = 0;
  for (let i = 3; i + 2 < human.length; i += 3) {
    const [x0, y0, x1, y1] = [human[i - 3], human[i - 2], human[i], human[i + 1]];
    travelled += Math.hypot(x1 - x0, y1 - y0);
    // Dots at equal distances rather than equal times: standing still leaves one dot, not a pile.
    if (travelled < drawn) continue;
    const dot = plan({ x: x1, y: y1, heading: 0 });
    path.circle(dot.x * unit, -dot.y * unit, 0.13 * unit);
    drawn = travelled + 2.5;
  }
  path.fill({ color: palette.ghost, alpha: 0.34 });
  path.scale.set(1 / unit);
  return path;
}

function createGhost(info: EpisodeInfo, palette: Palette): Graphics {
  const l = info.ego.length * unit;
  const w = info.ego.width * unit;
  const ghost = new Graphics()
    .roundRect(-l / 2, -w / 2, l, w, 0.3 * w)
    .fill({ color: palette.ghost, alpha: 0.1 })
    .stroke({ color: palette.ghost, alpha: 0.7, width: 0.12 * unit });
  ghost.scale.set(1 / unit);
  return ghost;
}

function placeGhost(
  ghost: Graphics,
  { human, leadIn }: EpisodeInfo,
  plan: GroundPlan,
  { from, fraction }: Moment,
): void {
  const frames = human.length / 3;
  const time = from.frame + fraction;
  ghost.visible = from.frame >= leadIn && time < frames - 1;
  if (!ghost.visible) return;
  const i = 3 * Math.floor(time);
  const part = time - Math.floor(time);
  const dx = human[i + 3] - human[i];
  const dy = human[i + 4] - human[i + 1];
  const heading = Math.atan2(dy, dx);
  const pose = plan({ x: human[i] + part * dx, y: human[i + 1] + part * dy, heading });
  ghost.position.set(pose.x, -pose.y);
  // Where it hardly moves its direction is noise.
  if (Math.hypot(dx, dy) > 0.05) ghost.rotation = -pose.heading;
}

function drawTrail(
  trail: Graphics,
  frames: readonly Snapshot[],
  upTo: number,
  ego: Snapshot["ego"],
  plan: GroundPlan,
  palette: Palette,
): void {
  trail.clear();
  const first = Math.max(0, upTo - 60);
  const start = frames[first];
  if (start === undefined) return;
  const from = plan(start.ego);
  trail.moveTo(from.x, -from.y);
  for (let i = first + 1; i <= upTo; i++) {
    const { x, y } = plan(frames[i].ego);
    trail.lineTo(x, -y);
  }
  const to = plan(ego);
  trail.lineTo(to.x, -to.y).stroke({ color: palette.ego, alpha: 0.4, width: 0.35 });
}
