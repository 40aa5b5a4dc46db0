import { createConstants, instantiate, pageBytes } from "../../assembler/index.ts";
import { copyRows } from "./copy-rows.ts";
import { boxStride, fillBoxes } from "./fill-boxes.ts";
import type { Cuts } from "./cuts.ts";
import type { PixelSpec } from "./spec.ts";

/** A picture in the memory of the kernels that draw on it. One per thread and grid: who draws first overwrites it. */
export interface Canvas {
  readonly spec: PixelSpec;
  readonly channelsPerPixel: number;
  clear(): void;
  /** Overwrites the picture with one cut per row, from place `step`, each row `slope` places before the last. */
  copyCuts(cuts: Cuts, step: number, slope: number): void;
  /** Where `fillBoxes` finds what it is to draw: `boxStride` numbers each, as `boxFields` says. Not to be kept. */
  boxes(): Float64Array;
  /** Adds the first `count` nearly aligned boxes of `boxes`, which are `mostBoxes` at most. */
  fillBoxes(count: number): void;
  /** The bytes of the picture, [H, W, C]. Not to be kept. */
  pixels(): Uint8Array;
}

/** Boxes that can be drawn at a time. */
export const mostBoxes = 128;
/** Memory holds the boxes, the constants of the kernels, the picture and the cuts, one behind the other [bytes]. */
const constantsAt = 8 * boxStride * mostBoxes;
const constantBytes = 1024;
const pictureAt = constantsAt + constantBytes;
/** What kernels touch behind the end of picture and cuts [bytes]. */
const slack = 32;
/** Cuts held at a time; when they are more, all are forgotten and copied again as needed [bytes]. */
const mostHeld = 1 << 25;

const canvases = new Map<string, Canvas>();

/** The canvas of this thread for that grid. */
export function canvasOf(spec: PixelSpec, channelsPerPixel: number): Canvas {
  const { height, width, metersPerRow, metersPerColumn } = spec;
  const key = [height, width, metersPerRow, metersPerColumn, channelsPerPixel].join();
  let canvas = canvases.get(key);
  if (canvas === undefined) canvases.set(key, (canvas = createCanvas(spec, channelsPerPixel)));
  return canvas;
}

function createCanvas(spec: PixelSpec, channelsPerPixel: number): Canvas {
  const rowBytes = spec.width * channelsPerPixel;
  const size = spec.height * rowBytes;
  const end = pictureAt + size + slack;
  const constants = createConstants(constantsAt);
  const { memory, run } = instantiate<"fillBoxes" | "copyRows">(
    [
      fillBoxes(spec, channelsPerPixel, constants, pictureAt),
      copyRows(spec.height, rowBytes, constants, pictureAt),
    ],
    Math.ceil(end / pageBytes),
  );
  const image = constants.image();
  if (image.length > constantBytes)
    throw new Error(`expected ${constantBytes} bytes at most, got ${image.length}`);
  new Uint8Array(memory.buffer).set(image, constantsAt);
  let boxes = new Float64Array(memory.buffer, 0, boxStride * mostBoxes);
  let pixels = new Uint8Array(memory.buffer, pictureAt, size);
  let addresses = new WeakMap<Cuts, number>();
  let free = end;

  function load(cuts: Cuts): number {
    if (free > mostHeld) {
      addresses = new WeakMap();
      free = end;
    }
    const address = free;
    free += cuts.bytes.length + slack;
    const missing = free - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / pageBytes));
      boxes = new Float64Array(memory.buffer, 0, boxStride * mostBoxes);
      pixels = new Uint8Array(memory.buffer, pictureAt, size);
    }
    new Uint8Array(memory.buffer).set(cuts.bytes, address);
    addresses.set(cuts, address);
    return address;
  }

  return {
    spec,
    channelsPerPixel,
    clear() {
      pixels.fill(0);
    },
    copyCuts(cuts, step, slope) {
      run.copyRows(addresses.get(cuts) ?? load(cuts), cuts.count, step, slope);
    },
    boxes: () => boxes,
    fillBoxes(count) {
      if (count > 0) run.fillBoxes(0, count);
    },
    pixels: () => pixels,
  };
}
