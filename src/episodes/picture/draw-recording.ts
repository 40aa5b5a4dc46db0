import type { Recording } from "../recording.ts";
import { type Frame, ticks, timeTicks } from "./frame.ts";
import { palette, speedColors } from "./palette.ts";
import { element, label } from "./svg.ts";
import { drawTimeSpace } from "./time-space.ts";
import { drawTopView, stretchAcross, topViewHeight } from "./top-view.ts";

const width = 1280;
const side = { left: 64, right: 76 };
const plotWidth = width - side.left - side.right;
/** All lanes together, and one at least and at most [px]. */
const lanesHeight = 600;
const laneHeights = { least: 90, most: 180 };
const laneGap = 12;
/** So many points draw well and load fast; a long recording is drawn at fewer instants. */
const mostPoints = 120_000;
const finestStride = 3;

/**
 * A picture of a recording as SVG text: all tracks from above over the lane lines, then for each lane who was where
 * when. Color is speed; what is gray was not seen. Light on any background, no scripts, no fonts of its own.
 */
export function drawRecording(recording: Recording): string {
  const { road, tracks, clips, dt } = recording;
  const points = tracks.reduce((sum, track) => sum + track.x.length, 0);
  const stride = Math.max(finestStride, Math.ceil(points / mostPoints));
  const topSpeed = roundedTopSpeed(recording);
  const seconds = clips.reduce((sum, clip) => sum + clip.endFrame - clip.firstFrame, 0) * dt;
  const view: Frame = { x: side.left, y: 104, width: plotWidth, height: topViewHeight(road) };
  const laneHeight = Math.min(Math.max(lanesHeight / road.lanes.length, laneHeights.least), laneHeights.most);
  const viewEnd = view.y + view.height;
  const firstLane = viewEnd + 86;
  const lanes = road.lanes.map((_, i) =>
    drawTimeSpace(
      recording,
      i,
      { x: side.left, y: firstLane + i * (laneHeight + laneGap), width: plotWidth, height: laneHeight },
      topSpeed,
      stride,
    ),
  );
  const lanesEnd = firstLane + road.lanes.length * (laneHeight + laneGap) - laneGap;
  const toTime = (frame: number): number => side.left + (frame / recording.frames) * plotWidth;
  const meters = ticks(road.length, 8).map((x) =>
    label(side.left + (x / road.length) * plotWidth, viewEnd + 18, `${x} m`, {
      "text-anchor": "middle",
      fill: palette.quiet,
    }),
  );
  const times = timeTicks(recording.frames * dt, 10).map((time) =>
    label(toTime(time / dt), lanesEnd + 20, describeTime(time), {
      "text-anchor": "middle",
      fill: palette.quiet,
    }),
  );
  const clipNames =
    clips.length < 2
      ? []
      : clips.map((clip) =>
          label(toTime((clip.firstFrame + clip.endFrame) / 2), firstLane - 8, clip.name, {
            "text-anchor": "middle",
            fill: palette.quiet,
          }),
        );
  const heading = { fill: palette.words, "font-weight": "600" };
  const height = lanesEnd + 44;
  const content = [
    element("rect", { width, height, fill: palette.paper }),
    label(side.left, 40, recording.name, { fill: palette.words, "font-size": "22", "font-weight": "600" }),
    label(
      side.left,
      62,
      `${count(tracks.length, "vehicle")}, ${describeTime(seconds)}, ${count(road.lanes.length, "lane")}`,
      {
        fill: palette.quiet,
      },
    ),
    drawLegend(topSpeed),
    label(
      side.left,
      94,
      `Tracks from above, across drawn ${stretchAcross(road, plotWidth).toFixed(0)} times larger than along`,
      heading,
    ),
    drawTopView(recording, view, topSpeed, stride),
    ...meters,
    label(side.left, firstLane - 30, "Place along the road [m] over time, lane by lane", heading),
    ...clipNames,
    ...lanes,
    ...times,
  ];
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height: Math.ceil(height),
    viewBox: `0 0 ${width} ${Math.ceil(height)}`,
    "font-family": "system-ui, sans-serif",
    "font-size": "12",
    "stroke-linejoin": "round",
  };
  return element("svg", attributes, `\n${content.join("\n")}\n`) + "\n";
}

/** The speed that all but the fastest twentieth stay below, up to the next multiple of 3 m/s. */
function roundedTopSpeed({ tracks }: Recording): number {
  const speeds = tracks
    .flatMap(({ speed }) => [...speed.filter((_, t) => t % 10 === 0)])
    .sort((a, b) => a - b);
  return Math.max(3, Math.ceil((speeds[Math.floor(speeds.length * 0.95)] ?? 0) / 3) * 3);
}

function drawLegend(topSpeed: number): string {
  const each = 46;
  const left = width - side.right - each * speedColors.length;
  const swatches = speedColors.map((fill, i) =>
    element("rect", { x: left + i * each, y: 34, width: each, height: 8, fill }),
  );
  const bounds = Array.from({ length: speedColors.length + 1 }, (_, i) =>
    label(left + i * each, 58, String(Math.round((topSpeed * i * 10) / speedColors.length) / 10), {
      "text-anchor": "middle",
      fill: palette.quiet,
    }),
  );
  return [
    ...swatches,
    ...bounds,
    label(left - 14, 42, "speed [m/s]", { "text-anchor": "end", fill: palette.words }),
  ].join("\n");
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

function describeTime(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`;
  const rest = Math.round(seconds % 60);
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
