import { byId } from "./dom.ts";
import { fetchTrainings } from "./training/run-source.ts";

/** Between two looks at the run [ms]. */
const pollMs = 5000;

/**
 * Where the address says that a run is served beside the page (`?run`), shows the way to its trainings and watches for new checkpoints.
 * @param onCheckpoint called when one has been written since the last look
 */
export function followRun(onCheckpoint: () => void): void {
  if (!new URLSearchParams(location.search).has("run")) return;
  byId("training-link").hidden = false;
  byId<HTMLAnchorElement>("outcomes-link").href = "./outcomes.html?run";
  let newest: number | null = null;
  const look = async (): Promise<void> => {
    const trainings = await fetchTrainings();
    const written = Math.max(0, ...(trainings ?? []).map(({ writtenAt }) => writtenAt ?? 0));
    if (newest !== null && written > newest) onCheckpoint();
    newest = Math.max(newest ?? 0, written);
    setTimeout(() => void look(), pollMs);
  };
  void look();
}
