import { channelCount, channels, type PixelSpec } from "../sim/index.ts";
import type { Picture } from "./png.ts";
import type { Strip } from "./strips.ts";

type Color = readonly [red: number, green: number, blue: number];

const asphalt: Color = [35, 40, 46];
const verge: Color = [74, 84, 66];
const line: Color = [150, 160, 170];
const traffic: Color = [245, 190, 70];
const ego: Color = [77, 166, 255];

/** Empty rows between two pictures of a column. */
export const gapRows = 2;

/** A column of a strip as one picture: below each other, the road ahead to the right, one pixel per cell. */
export function columnPicture(spec: PixelSpec, strip: Strip, column: number): Picture {
  const { pictures } = strip.columns[column]!;
  const width = spec.height;
  const height = pictures.length * (spec.width + gapRows) - gapRows;
  const pixels = new Uint8Array(4 * width * height);
  pictures.forEach((picture, k) => {
    for (let i = 0; i < spec.height; i++) {
      for (let j = 0; j < spec.width; j++) {
        const p = (i * spec.width + j) * channelCount;
        let color = mix(asphalt, verge, picture[p + channels.offroad]!);
        color = mix(color, line, picture[p + channels.lane]!);
        color = mix(color, traffic, picture[p + channels.traffic]!);
        color = mix(color, ego, egoShare(spec, strip.ego, i, j));
        const o = 4 * ((k * (spec.width + gapRows) + j) * width + spec.height - 1 - i);
        pixels.set([...color.map(Math.round), 255], o);
      }
    }
  });
  return { width, height, pixels };
}

const mix = (a: Color, b: Color, share: number): Color => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** The part of a cell that the ego in the center of the picture covers. */
function egoShare(
  { height, width, metersPerRow, metersPerColumn }: PixelSpec,
  size: Strip["ego"],
  i: number,
  j: number,
): number {
  const part = (index: number, count: number, cell: number, extent: number): number => {
    const low = (index - count / 2) * cell;
    return Math.max(0, Math.min(low + cell, extent / 2) - Math.max(low, -extent / 2)) / cell;
  };
  return part(i, height, metersPerRow, size.length) * part(j, width, metersPerColumn, size.width);
}
