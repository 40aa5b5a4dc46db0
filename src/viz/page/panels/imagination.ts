import {
  imaginedFutures,
  imaginedSeconds,
  type EpisodeInfo,
  type Imagined,
  type Snapshot,
} from "../../protocol.ts";
import { byId, element } from "../dom.ts";
import { imaginationLabels } from "../labels.ts";
import { createPixelStatePanel } from "./pixel-state.ts";

/** A card of what the ego imagines to see in a while, in each future that was drawn, above what it really saw then. */
export interface ImaginationPanel {
  begin(info: EpisodeInfo): void;
  show(imagined: Imagined | null, frames: readonly Snapshot[], frame: number): void;
  /** Nothing can be imagined here. */
  setMissing(reason: string): void;
}

export function createImaginationPanel(): ImaginationPanel {
  const caption = byId("imagination-caption");
  const table = byId("imagination");
  const addRow = (name: string, story: string) => {
    const label = element("span", "row-name", name);
    const cells = imaginedSeconds.map((seconds) => {
      const canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${story}, ${seconds} s later`);
      return { canvas, picture: createPixelStatePanel(canvas, null, pixelsPerMeter) };
    });
    table.append(label, ...cells.map(({ canvas }) => canvas));
    return cells;
  };
  table.append(
    element("span", "corner"),
    ...imaginedSeconds.map((seconds) => element("span", "column-name", `in ${seconds} s`)),
  );
  const futureRows = Array.from({ length: imaginedFutures }, (_, i) =>
    addRow(i === 0 ? "imagined" : "or else", `What it imagines to see, future ${i + 1}`),
  );
  const cameRow = addRow("what came", "What it saw");
  let info: EpisodeInfo | null = null;
  let shown = "";

  return {
    begin(next) {
      info = next;
      shown = "";
      for (const { picture } of [...futureRows.flat(), ...cameRow]) picture.begin(next);
    },
    setMissing(reason) {
      info = null;
      table.hidden = true;
      caption.textContent = reason;
    },
    show(imagined, frames, frame) {
      if (info === null) return;
      const { dt, ego, leadIn, request, road } = info;
      const later = imaginedSeconds.map(
        (seconds) => imagined && frames[imagined.frame + Math.round(seconds / dt)],
      );
      const wanted = `${frame < leadIn} ${imagined?.frame} ${later.map((came) => came?.frame)}`;
      if (wanted === shown) return;
      shown = wanted;
      table.hidden = false;
      table.dataset["frame"] = String(imagined?.frame ?? "");
      caption.textContent =
        frame < leadIn
          ? "Begins when the driver takes over."
          : imaginationLabels[request.driver] +
            (road.bend === undefined ? "" : " Bends are unrolled for it.");
      futureRows.forEach((row, future) => {
        row.forEach(({ picture }, i) => {
          if (imagined === null) return picture.clear();
          picture.begin({ view: imagined.view, ego });
          picture.show({ pixels: imagined.futures[future].pixels[i] });
        });
      });
      cameRow.forEach(({ picture }, i) => {
        const came = later[i];
        if (came) picture.show(came);
        else picture.clear();
      });
    },
  };
}

/** Of the small pictures. */
const pixelsPerMeter = 6;
