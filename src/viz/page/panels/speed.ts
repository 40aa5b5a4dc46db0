import type { EpisodeInfo, Snapshot } from "../../protocol.ts";
import { createStripChart } from "./strip-chart.ts";

/** The ego's speed over time, and the recorded human's. */
export interface SpeedPanel {
  begin(info: EpisodeInfo): void;
  show(frames: readonly Snapshot[], frame: number): void;
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
        ],
        (next.humanFrames - next.leadIn) * next.dt,
      );
    },
    show(frames, frame) {
      if (info === null) return;
      const { leadIn, dt, human } = info;
      const count = Math.max(frame + 1, human.length / 3) - leadIn;
      const indices = Array.from({ length: count }, (_, i) => i + leadIn);
      chart.show(
        indices.map((i) => (i - leadIn) * dt),
        [
          indices.map((i) => human[3 * i + 2] ?? null),
          indices.map((i) => (i <= frame ? frames[i].ego.speed : null)),
        ],
      );
    },
  };
}
