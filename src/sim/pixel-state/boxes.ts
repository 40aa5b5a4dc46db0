import { boxFields, boxStride } from "./fill-boxes.ts";
import type { Canvas } from "./canvas.ts";
import { createCoverageFiller } from "./coverage.ts";

/** Fills oriented boxes into one channel of a canvas. */
export interface BoxFiller {
  /**
   * Adds a box at `gain` times its coverage, clamping at full; `gain` is 1 at least.
   * @param ahead center in the ego frame [m], as is `left`.
   * @param turned heading of the box against the ego's [rad].
   */
  fill(
    ahead: number,
    left: number,
    turned: number,
    length: number,
    breadth: number,
    gain: number,
    channel: number,
  ): void;
}

/**
 * Up to this turn [rad] an edge moves by less than 0.13 pixels per row, so that its mean position in a row is as
 * good as its slope (coverage off by at most 0.02); beyond it the exact but slower filler takes over.
 */
export const nearlyAligned = 0.1;

/** Describes box number `index` to `Canvas.fillBoxes`; see `BoxFiller.fill`. */
export function setBox(
  boxes: Float64Array,
  index: number,
  ahead: number,
  left: number,
  turned: number,
  length: number,
  breadth: number,
  gain: number,
  channel: number,
): void {
  const at = index * boxStride;
  boxes[at + boxFields.left] = left;
  boxes[at + boxFields.ahead] = ahead;
  boxes[at + boxFields.breadth] = breadth;
  boxes[at + boxFields.length] = length;
  boxes[at + boxFields.turned] = turned;
  boxes[at + boxFields.full] = 255 * gain;
  boxes[at + boxFields.channel] = channel;
}

export function createBoxFiller(canvas: Canvas): BoxFiller {
  const { height, width, metersPerRow, metersPerColumn } = canvas.spec;
  const exact = createCoverageFiller(canvas.spec, canvas.channelsPerPixel);
  const corners = new Float64Array(8);
  const rowsPerMeter = 1 / metersPerRow;
  const columnsPerMeter = 1 / metersPerColumn;

  function setCorners(column: number, row: number, turned: number, length: number, breadth: number): void {
    const cos = Math.cos(turned);
    const sin = Math.sin(turned);
    for (let i = 0; i < 4; i++) {
      const forward = i === 0 || i === 3 ? length / 2 : -length / 2;
      const aside = i < 2 ? breadth / 2 : -breadth / 2;
      corners[2 * i] = column - (forward * sin + aside * cos) * columnsPerMeter;
      corners[2 * i + 1] = row - (forward * cos - aside * sin) * rowsPerMeter;
    }
  }

  return {
    fill(ahead, left, turned, length, breadth, gain, channel) {
      if (turned < nearlyAligned && turned > -nearlyAligned) {
        setBox(canvas.boxes(), 0, ahead, left, turned, length, breadth, gain, channel);
        canvas.fillBoxes(1);
        return;
      }
      const column = width / 2 - left * columnsPerMeter;
      const row = height / 2 - ahead * rowsPerMeter;
      setCorners(column, row, turned, length, breadth);
      exact.fillQuad(corners, gain, channel, canvas.pixels());
    },
  };
}
