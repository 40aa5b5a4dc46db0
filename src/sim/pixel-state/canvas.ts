import { createConstants, instantiate, pageBytes } from "../../assembler/index.ts";
import type { Pose } from "../../core/index.ts";
import type { Traffic } from "../traffic.ts";
import { boxStride } from "./box-fields.ts";
import { copyRows } from "./copy-rows.ts";
import type { Cuts } from "./cuts.ts";
import { fillBoxes } from "./fill-boxes.ts";
import { placedBytes } from "./place-boxes.ts";
import { columnStride, eyeFields, mostVehicles, seeVehicles, vehicleColumns } from "./see-vehicles.ts";
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
  /**
   * Adds the first `count` nearly aligned boxes of `boxes`, which are `mostVehicles` at most, to one channel at `gain`
   * times their coverage, clamping at full; `gain` is 1 at least.
   */
  fillBoxes(count: number, channel: number, gain: number): void;
  /**
   * Makes boxes of those in sight among `mostVehicles` vehicles from number `first` on who are nearly aligned, and says
   * who else is in sight.
   * @param skip number of a vehicle that is passed over, or -1.
   */
  see(view: Pose, traffic: Traffic, first: number, skip: number): Sight;
  /** The bytes of the picture, [H, W, C]. Not to be kept. */
  pixels(): Uint8Array;
}

/** What was seen last. */
export interface Sight {
  /** How many `boxes` are ready for `fillBoxes`. */
  boxes: number;
  /** Vehicles that are turned too much for it: the numbers of the first `turned` of them. */
  turned: number;
  numbers: Int32Array;
}

const columnCount = Object.keys(vehicleColumns).length;
/** Parts of the memory, one behind the other, and their sizes [bytes]; picture and cuts follow. */
const sizes = {
  eye: 48,
  counts: 16,
  vehicles: 8 * columnStride * columnCount,
  near: 4 * columnStride,
  turned: 4 * columnStride,
  boxes: 8 * boxStride * (mostVehicles + 2),
  steady: placedBytes * (mostVehicles + 2),
  others: placedBytes * (mostVehicles + 2),
  constants: 1024,
};
type Part = keyof typeof sizes | "picture";
const places = {} as Record<Part, number>;
places.picture = Object.entries(sizes).reduce((address, [part, size]) => {
  places[part as Part] = address;
  return address + size;
}, 0);
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
  const end = places.picture + size + slack;
  const constants = createConstants(places.constants);
  const { memory, run } = instantiate<"seeVehicles" | "fillBoxes" | "copyRows">(
    [
      seeVehicles(spec, constants, places),
      fillBoxes(spec, channelsPerPixel, constants, places),
      copyRows(spec.height, rowBytes, constants, places.picture),
    ],
    Math.ceil(end / pageBytes),
  );
  const image = constants.image();
  if (image.length > sizes.constants)
    throw new Error(`expected ${sizes.constants} bytes at most, got ${image.length}`);
  new Uint8Array(memory.buffer).set(image, places.constants);
  let views = viewsOf(memory.buffer, size);
  const sight: Sight = { boxes: 0, turned: 0, numbers: new Int32Array(mostVehicles) };
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
      views = viewsOf(memory.buffer, size);
    }
    new Uint8Array(memory.buffer).set(cuts.bytes, address);
    addresses.set(cuts, address);
    return address;
  }

  return {
    spec,
    channelsPerPixel,
    clear() {
      views.pixels.fill(0);
    },
    copyCuts(cuts, step, slope) {
      run.copyRows(addresses.get(cuts) ?? load(cuts), cuts.count, step, slope);
    },
    boxes: () => views.boxes,
    fillBoxes(count, channel, gain) {
      run.fillBoxes(count, channel, 255 * gain);
    },
    see(view, traffic, first, skip) {
      const { eye, vehicles, counts, turned } = views;
      const end = Math.min(traffic.count, first + mostVehicles);
      eye[eyeFields.x] = view.x;
      eye[eyeFields.y] = view.y;
      eye[eyeFields.heading] = view.heading;
      eye[eyeFields.cos] = Math.cos(view.heading);
      eye[eyeFields.sin] = Math.sin(view.heading);
      copyColumn(vehicles, vehicleColumns.x, traffic.x, first, end);
      copyColumn(vehicles, vehicleColumns.y, traffic.y, first, end);
      copyColumn(vehicles, vehicleColumns.heading, traffic.heading, first, end);
      copyColumn(vehicles, vehicleColumns.length, traffic.length, first, end);
      copyColumn(vehicles, vehicleColumns.width, traffic.width, first, end);
      vehicles[end - first] = Infinity;
      if (skip >= first && skip < end) vehicles[skip - first] = Infinity;
      run.seeVehicles(end - first);
      sight.boxes = (counts[0] - places.boxes) / (8 * boxStride);
      sight.turned = (counts[1] - places.turned) / 4;
      for (let i = 0; i < sight.turned; i++) sight.numbers[i] = first + turned[i] / 8;
      return sight;
    },
    pixels: () => views.pixels,
  };
}

/** Copies numbers `first` to `end`, or all where there is room for them, which saves describing a part of them. */
function copyColumn(
  vehicles: Float64Array,
  column: number,
  values: Float64Array,
  first: number,
  end: number,
): void {
  const part = values.length <= mostVehicles ? values : values.subarray(first, end);
  vehicles.set(part, column * columnStride);
}

/** What of the memory is read and written from outside; to be made again when it has grown. */
const viewsOf = (buffer: ArrayBuffer, size: number) => ({
  eye: new Float64Array(buffer, places.eye, 5),
  vehicles: new Float64Array(buffer, places.vehicles, columnStride * columnCount),
  counts: new Int32Array(buffer, places.counts, 2),
  turned: new Int32Array(buffer, places.turned, mostVehicles),
  boxes: new Float64Array(buffer, places.boxes, boxStride * mostVehicles),
  pixels: new Uint8Array(buffer, places.picture, size),
});
