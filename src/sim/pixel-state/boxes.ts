import { boxFields } from "./box-fields.ts";
import type { Canvas } from "./canvas.ts";
import { createCoverageFiller } from "./coverage.ts";
import { nearlyAligned } from "./see-vehicles.ts";

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
        const box = canvas.boxes();
        box[boxFields.left] = left;
        box[boxFields.ahead] = ahead;
        box[boxFields.breadth] = breadth;
        box[boxFields.length] = length;
        box[boxFields.turned] = turned;
        canvas.fillBoxes(1, channel, gain);
        return;
      }
      const column = width / 2 - left * columnsPerMeter;
      const row = height / 2 - ahead * rowsPerMeter;
      setCorners(column, row, turned, length, breadth);
      exact.fillQuad(corners, gain, channel, canvas.pixels());
    },
  };
}
