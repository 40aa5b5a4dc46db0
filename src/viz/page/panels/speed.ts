import type { EpisodeInfo, Imagined, Snapshot } from "../../protocol.ts";
import { aheadOf } from "../imaginings.ts";
import { createStripChart } from "./strip-chart.ts";

/** The ego's speed over time, the one it imagines to have, and the recorded human's. */
export interface SpeedPanel {
  begin(info: EpisodeInfo): void;
  show(frames: readonly Snapshot[], frame: number, imagined: Imagined | null): void;
}

export function createSpeedPanel(host: HTMLElement): SpeedPanel {
  const chart = createStripChart(host, 10);
  let info: EpisodeInfo | null = null;
  return {
    begin(next) {
      info = next;
      chart.begin(
        [
          { label: "human", color: "--ghost", dash: [3, 4] },
          { label: "ego", color: "--ego", fill: true },
          { label: "imagined", color: "--imagined", dash: [2, 3] },
        ],
        (next.humanFrames - next.leadIn) * next.dt,
      );
    },
    show(frames, frame, imagined) {
      if (info === null) return;
      const { leadIn, dt, human } = info;
      const [ahead = []] = aheadOf(imagined, dt, frame);
      const speedAhead = new Map(ahead.map((state) => [state.frame, state.speed]));
      const count = Math.max(frame + 1, human.length / 3, (ahead.at(-1)?.frame ?? 0) + 1) - leadIn;
      const indices = Array.from({ length: count }, (_, i) => i + leadIn);
      chart.show(
        indices.map((i) => (i - leadIn) * dt),
        [
          indices.map((i) => human[3 * i + 2] ?? null),
          indices.map((i) => (i <= frame ? frames[i].ego.speed : null)),
          // Between the states of two steps lies a frame without one.
          indices.map((i) => speedAhead.get(i)),
        ],
      );
    },
  };
}
