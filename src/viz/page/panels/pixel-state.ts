import { channelCount, channels } from "../../../sim/index.ts";
import type { EpisodeInfo, Snapshot } from "../../protocol.ts";

type Color = readonly [number, number, number];
const ground: Color = [34, 39, 45];
const laneColor: Color = [214, 221, 228];
const trafficColor: Color = [240, 190, 72];
const offroadColor: Color = [92, 58, 56];

type Viewed = Pick<EpisodeInfo, "view" | "ego">;

/** A panel that shows the pixel state driving to the right, as the road above does. */
export interface PixelStatePanel {
  begin(info: Viewed): void;
  show(snapshot: Pick<Snapshot, "pixels">): void;
  /** Shows nothing. */
  clear(): void;
}

export function createPixelStatePanel(
  canvas: HTMLCanvasElement,
  caption: HTMLElement | null,
  pixelsPerMeter = 14,
): PixelStatePanel {
  const context = canvas.getContext("2d")!;
  const small = document.createElement("canvas");
  const smallContext = small.getContext("2d")!;
  let info: Viewed | null = null;
  let image: ImageData | null = null;
  return {
    clear: () => context.clearRect(0, 0, canvas.width, canvas.height),
    begin(next) {
      info = next;
      const { height, width, metersPerRow, metersPerColumn } = next.view;
      small.width = height;
      small.height = width;
      image = smallContext.createImageData(height, width);
      canvas.width = Math.round(height * metersPerRow * pixelsPerMeter);
      canvas.height = Math.round(width * metersPerColumn * pixelsPerMeter);
      if (caption === null) return;
      caption.textContent =
        `${height} × ${width} cells: ${(height * metersPerRow).toFixed(0)} m of road, ` +
        `${(width * metersPerColumn).toFixed(1)} m across`;
    },
    show({ pixels }) {
      if (info === null || image === null) return;
      paint(pixels, info.view.height, info.view.width, image);
      smallContext.putImageData(image, 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(small, 0, 0, canvas.width, canvas.height);
      drawEgo(context, canvas, info);
    },
  };
}

/** Blends the three channels; row 0 of the pixel state, farthest ahead, becomes the right edge. */
function paint(pixels: Uint8Array, height: number, width: number, image: ImageData): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * channelCount;
      const to = 4 * (column * height + (height - 1 - row));
      const offroad = pixels[from + channels.offroad] / 255;
      const lane = (pixels[from + channels.lane] / 255) * 0.8;
      const traffic = pixels[from + channels.traffic] / 255;
      for (let c = 0; c < 3; c++) {
        let value = ground[c] + (offroadColor[c] - ground[c]) * offroad;
        value += (laneColor[c] - value) * lane;
        value += (trafficColor[c] - value) * traffic;
        image.data[to + c] = value;
      }
      image.data[to + 3] = 255;
    }
  }
}

function drawEgo(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, info: Viewed): void {
  const { height, width, metersPerRow, metersPerColumn } = info.view;
  const l = (info.ego.length / (height * metersPerRow)) * canvas.width;
  const w = (info.ego.width / (width * metersPerColumn)) * canvas.height;
  context.fillStyle = "#4da6ff";
  context.beginPath();
  context.roundRect((canvas.width - l) / 2, (canvas.height - w) / 2, l, w, 0.25 * w);
  context.fill();
}
