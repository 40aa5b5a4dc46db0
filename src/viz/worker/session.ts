import { createRng } from "../../core/index.ts";
import type { EpisodeRequest, Reply } from "../protocol.ts";
import { createDriverShelf } from "./drivers.ts";
import { openEpisode, type LiveEpisode } from "./episode.ts";
import { createTrafficShelf, type ReadyTraffic } from "./traffic.ts";

/** Owns traffic, drivers and the episode that runs, and disposes of them. */
export interface Session {
  open(episode: number, request: EpisodeRequest): Promise<void>;
  advance(episode: number, frames: number): void;
  refresh(): void;
}

/** @throws Error in one sentence when no start has that vehicle and frame */
function startIndex({ starts, place }: ReadyTraffic, { start, at }: EpisodeRequest): number {
  if (at === null) return start % starts.length;
  const found = starts.findIndex(({ track, frame }) => track === at.track && frame === at.frame);
  if (found >= 0) return found;
  throw new Error(`${place}: no start replaces vehicle ${at.track} in frame ${at.frame}.`);
}

/**
 * @param base address of the folder that the page was served from.
 * @param send delivers a reply to the page.
 */
export function createSession(base: string, send: (reply: Reply) => void): Session {
  const traffics = createTrafficShelf(base);
  const drivers = createDriverShelf(base);
  let current: { readonly number: number; readonly live: LiveEpisode } | null = null;
  let newest = 0;

  void drivers.inspect().then(({ missing, notes }) => send({ kind: "ready", missing, notes }));

  return {
    async open(episode, request) {
      newest = episode;
      current?.live.dispose();
      current = null;
      const busy = (doing: string): void => send({ kind: "busy", episode, doing });
      try {
        const [traffic, driver] = await Promise.all([
          traffics.get(request, busy),
          drivers.get(request.driver),
        ]);
        // Another choice was made while this one loaded.
        if (newest !== episode) return;
        const start = startIndex(traffic, request);
        const rng = createRng(request.seed).fork(`${request.traffic} ${start}`);
        const live = openEpisode(traffic, start, driver, rng, request);
        current = { number: episode, live };
        send({ kind: "opened", episode, info: live.info });
      } catch (error) {
        send({ kind: "failed", episode, reason: error instanceof Error ? error.message : String(error) });
      }
    },
    refresh: () => drivers.refresh(),
    advance(episode, frames) {
      if (current?.number !== episode) return;
      try {
        for (let i = 0; i < frames; i++) {
          const snapshot = current.live.next();
          if (snapshot === null) return;
          send({ kind: "frame", episode, snapshot });
        }
      } catch (error) {
        send({ kind: "failed", episode, reason: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}
