import * as wasm from "../../assembler/index.ts";
import type { AssembledFunction, Constants, Locals } from "../../assembler/index.ts";
import { boxFields, boxStride } from "./box-fields.ts";
import type { PixelSpec } from "./spec.ts";

const { bytes, i32, pair } = wasm;

/**
 * Up to this turn [rad] an edge moves by less than 0.13 pixels per row, so that its mean position in a row is as
 * good as its slope (coverage off by at most 0.02, at corners by 0.05 on the laptop's grid and 0.12 on the paper's); beyond
 * it the exact but slower filler takes over.
 */
export const nearlyAligned = 0.1;
/** Who is farther away than a vehicle of this length [m] can show is passed over without another look. */
const longestVehicle = 50;
/** Vehicles that are looked at in one call. */
export const mostVehicles = 512;
/** Columns of numbers about vehicles, one behind the other, as they lie in memory. */
export const vehicleColumns = { x: 0, y: 1, heading: 2, length: 3, width: 4 } as const;
/** Numbers set aside for a column: one more is read where the count is odd. */
export const columnStride = mostVehicles + 2;

/** Places of the numbers that say where the eye is: position [m], heading [rad], its cosine and sine. */
export const eyeFields = { x: 0, y: 1, heading: 2, cos: 3, sin: 4 } as const;

/** Where `seeVehicles` finds its numbers and leaves what it found [addresses]. */
export interface SightPlaces {
  /** `eyeFields`, as doubles. */
  readonly eye: number;
  /** `vehicleColumns`, `columnStride` doubles each. */
  readonly vehicles: number;
  /** Room for `mostVehicles` integers. */
  readonly near: number;
  /** Boxes of who is in sight and nearly aligned: ready for `fillBoxes`. */
  readonly boxes: number;
  /** Numbers of those in sight who are turned more, times eight, as integers. */
  readonly turned: number;
  /** How many of either there are, as integers. */
  readonly counts: number;
}

/**
 * Looks at the first `count` vehicles, of which the last is followed by one that is infinitely far away, and makes
 * boxes of those in sight. It takes no branches on what it sees: most of them would be guessed wrong.
 */
export function seeVehicles(
  { height, width, metersPerRow, metersPerColumn }: PixelSpec,
  constants: Constants,
  { eye, vehicles, near, boxes, turned, counts }: SightPlaces,
): AssembledFunction<"seeVehicles"> {
  const halfAhead = (height * metersPerRow) / 2;
  const halfAside = (width * metersPerColumn) / 2;
  const far = Math.hypot(halfAhead, halfAside) + longestVehicle / 2 + 1;
  const both = (value: number): wasm.Code => constants.pair(value, value);
  const ofEye = (field: keyof typeof eyeFields): wasm.Code => pair.loadSplat(i32(eye), 8 * eyeFields[field]);
  const column = (name: keyof typeof vehicleColumns): number =>
    vehicles + 8 * columnStride * vehicleColumns[name];

  return wasm.assembleFunction("seeVehicles", wasm.i32s(1), (builder, parameters) => {
    const [count] = parameters as Locals<1>;
    const [vehicle, last, bits, candidate, nearEnd, box, other] = builder.locals("i32", 7);
    const [eyeX, eyeY, eyeHeading, alongRoad, acrossRoad] = builder.locals("v128", 5);
    const [center, size, turn] = builder.locals("v128", 3);
    const ofVehicle = (name: keyof typeof vehicleColumns): wasm.Code =>
      pair.loadSplat(vehicle.get, column(name));

    const areNear = pair.areAtLeast(
      both(far),
      pair.magnitude(pair.subtract(pair.load(vehicle.get, column("x")), eyeX.get)),
    );
    const findNear = wasm.countUp(vehicle, i32(0), last.get, 16, [
      ...bits.set(pair.inWhich(areNear)),
      ...wasm.storeI32(nearEnd.get, vehicle.get),
      ...nearEnd.advance(wasm.shiftLeft(wasm.and(bits.get, i32(1)), 2)),
      ...wasm.storeI32(nearEnd.get, wasm.add(vehicle.get, i32(8))),
      ...nearEnd.advance(wasm.shiftLeft(wasm.and(bits.get, i32(2)), 1)),
    ]);

    const inSight = pair.inBoth(
      pair.areAtLeast(
        pair.multiply(pair.add(pair.lows(size.get), pair.highs(size.get)), both(0.5)),
        pair.subtract(pair.magnitude(center.get), constants.pair(halfAside, halfAhead)),
      ),
    );
    const isTurned = pair.inBoth(pair.areAtLeast(pair.magnitude(turn.get), both(nearlyAligned)));
    const findInSight = wasm.countUp(candidate, i32(near), nearEnd.get, 4, [
      ...vehicle.set(wasm.loadI32(candidate.get)),
      ...center.set(
        pair.add(
          pair.multiply(pair.subtract(ofVehicle("x"), eyeX.get), alongRoad.get),
          pair.multiply(pair.subtract(ofVehicle("y"), eyeY.get), acrossRoad.get),
        ),
      ),
      ...size.set(pair.lowAndHigh(ofVehicle("width"), ofVehicle("length"))),
      ...turn.set(pair.subtract(ofVehicle("heading"), eyeHeading.get)),
      ...bytes.store(box.get, center.get, 8 * boxFields.left),
      ...bytes.store(box.get, size.get, 8 * boxFields.breadth),
      ...bytes.store(box.get, turn.get, 8 * boxFields.turned),
      ...wasm.storeI32(other.get, vehicle.get),
      // Of those in sight (bit 0) who are turned (bit 1).
      ...bits.set(inSight),
      ...vehicle.set(wasm.and(bits.get, isTurned)),
      ...other.advance(wasm.shiftLeft(vehicle.get, 2)),
      ...box.advance(wasm.multiply(wasm.subtract(bits.get, vehicle.get), i32(8 * boxStride))),
    ]);
    return [
      ...eyeX.set(ofEye("x")),
      ...eyeY.set(ofEye("y")),
      ...eyeHeading.set(ofEye("heading")),
      ...alongRoad.set(pair.multiply(constants.pair(-1, 1), pair.lowAndHigh(ofEye("sin"), ofEye("cos")))),
      ...acrossRoad.set(pair.lowAndHigh(ofEye("cos"), ofEye("sin"))),
      ...last.set(wasm.shiftLeft(count.get, 3)),
      ...nearEnd.set(i32(near)),
      ...box.set(i32(boxes)),
      ...other.set(i32(turned)),
      ...findNear,
      ...findInSight,
      ...wasm.storeI32(i32(counts), box.get),
      ...wasm.storeI32(i32(counts + 4), other.get),
    ];
  });
}
