import { channelCount, channels, type PixelSpec } from "./spec.ts";

/**
 * A pixel state as text, one character per pixel and one line per row, farthest ahead first: vehicles `@ o .` by
 * falling coverage, offroad `# +`, lane lines `| :`. What is drawn later in that list hides under what is earlier.
 * @param ego the ego channel [H, W], drawn as `E e` where given.
 */
export function pixelStateToAscii(
  { height, width }: PixelSpec,
  pixelState: Uint8Array,
  offset = 0,
  ego?: Uint8Array,
): string {
  const lines: string[] = [];
  for (let row = 0; row < height; row++) {
    let line = "";
    for (let column = 0; column < width; column++) {
      const pixel = row * width + column;
      const at = (channel: number): number => pixelState[offset + pixel * channelCount + channel];
      line +=
        shade(ego?.[pixel] ?? 0, [128, "E"], [26, "e"]) ??
        shade(at(channels.traffic), [170, "@"], [85, "o"], [26, "."]) ??
        shade(at(channels.offroad), [128, "#"], [26, "+"]) ??
        shade(at(channels.lane), [128, "|"], [26, ":"]) ??
        " ";
    }
    lines.push(line.trimEnd());
  }
  return lines.join("\n");
}

function shade(value: number, ...levels: [number, string][]): string | undefined {
  return levels.find(([least]) => value >= least)?.[1];
}
