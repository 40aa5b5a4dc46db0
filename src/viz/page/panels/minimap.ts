import { vehicleStride, type EpisodeInfo, type Snapshot } from "../../protocol.ts";
import { roadEdges } from "../camera.ts";
import { css, currentPalette } from "../palette.ts";

/** The whole road at a glance. */
export interface Minimap {
  show(info: EpisodeInfo, snapshot: Snapshot): void;
}

export function createMinimap(canvas: HTMLCanvasElement): Minimap {
  const context = canvas.getContext("2d")!;
  let shown: readonly [EpisodeInfo, Snapshot] | null = null;
  // A paused picture is not stretched when the window changes its size.
  new ResizeObserver(() => shown && minimap.show(...shown)).observe(canvas);
  const minimap: Minimap = {
    show(info, snapshot) {
      shown = [info, snapshot];
      const { ego, vehicles, ids } = snapshot;
      const ratio = Math.min(2, devicePixelRatio || 1);
      const width = Math.round(canvas.clientWidth * ratio);
      const height = Math.round(canvas.clientHeight * ratio);
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      context.clearRect(0, 0, width, height);

      const palette = currentPalette();
      const { left, right } = roadEdges(info.road);
      const atX = (x: number): number => (x / info.road.length) * width;
      const atY = (y: number): number => (0.15 + (0.7 * (left - y)) / (left - right)) * height;
      context.fillStyle = "rgb(128 140 152 / 22%)";
      for (const lane of info.road.lanes) {
        const top = atY(lane.center + 0.42 * lane.width);
        context.fillRect(
          atX(lane.start),
          top,
          atX(lane.end - lane.start),
          atY(lane.center - 0.42 * lane.width) - top,
        );
      }
      context.fillStyle = css(palette.goal);
      context.fillRect(atX(info.goalX) - ratio, 0, 2 * ratio, height);
      context.fillStyle = css(palette.car);
      const mark = 2.4 * ratio;
      for (let i = 0; i < ids.length; i++) {
        const at = i * vehicleStride;
        context.fillRect(atX(vehicles[at]) - mark / 2, atY(vehicles[at + 1]) - mark / 2, 1.4 * mark, mark);
      }
      context.fillStyle = css(palette.ego);
      context.beginPath();
      context.arc(atX(ego.x), atY(ego.y), 3.6 * ratio, 0, 2 * Math.PI);
      context.fill();
    },
  };
  return minimap;
}
