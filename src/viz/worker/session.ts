import { createRng, type Rng } from "../../core/index.ts";
import type { EpisodeRequest, Reply } from "../protocol.ts";
import { createDriverShelf, type BorrowedDrivers, type ReadyDriver } from "./drivers.ts";
import { openEpisode, type LiveEpisode } from "./episode.ts";
import type { Imaginer } from "./imaginer.ts";
import { createLeisure } from "./leisure.ts";
import { loadTensors } from "./tensors.ts";
import { createTrafficShelf, type ReadyTraffic } from "./traffic.ts";

/** Owns traffic, drivers and the episode that runs, and disposes of them. */
export interface Session {
  open(episode: number, request: EpisodeRequest): Promise<void>;
  advance(episode: number, frames: number): void;
  refresh(): void;
}

interface Current {
  readonly number: number;
  readonly live: LiveEpisode;
  /** Who drives in it and what they imagine in, until it ends. */
  readonly lent: BorrowedDrivers;
  /** null: not yet, or never. */
  imaginer: Imaginer | null;
}

/** So many decisions wait at most to be imagined from; four seconds of driving. */
const mostThoughts = 20;

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
  const drivers = createDriverShelf(base, loadTensors(base));
  const leisure = createLeisure(mostThoughts);
  let current: Current | null = null;
  let newest = 0;

  const giveUp = (episode: number, reason: string): void => {
    if (current?.number !== episode) return;
    leisure.clear();
    current.imaginer = { see: () => null };
    send({ kind: "unimaginable", episode, reason });
  };
  /** Has what was noted imagined, when there is time. */
  const ponder = ({ number, live, imaginer }: Current): void => {
    for (const note of imaginer === null ? [] : live.takeNotes()) {
      const imagine = imaginer!.see(note);
      if (imagine === null) continue;
      leisure.add(() => {
        try {
          send({ kind: "imagined", episode: number, imagined: imagine() });
        } catch (error) {
          giveUp(number, sentenceOf(error));
        }
      });
    }
  };
  const beginToImagine = async (episode: Current, { tensors, mind }: ReadyDriver, rng: Rng) => {
    if (tensors === null || mind === null) return giveUp(episode.number, "Nothing can be imagined here.");
    try {
      const model = await episode.lent.getModel();
      if (current !== episode) return;
      episode.imaginer = tensors.createImaginer(model, mind, rng);
      ponder(episode);
    } catch (error) {
      giveUp(episode.number, sentenceOf(error));
    }
  };

  const close = (): void => {
    leisure.clear();
    current?.live.dispose();
    current?.lent.giveBack();
    current = null;
  };

  void drivers.inspect().then(({ missing, notes }) => send({ kind: "ready", missing, notes }));

  return {
    async open(episode, request) {
      newest = episode;
      close();
      const lent = drivers.borrow();
      const busy = (doing: string): void => send({ kind: "busy", episode, doing });
      try {
        const [traffic, driver] = await Promise.all([traffics.get(request, busy), lent.get(request.driver)]);
        // Another choice was made while this one loaded.
        if (newest !== episode) return;
        const start = startIndex(traffic, request);
        const rng = createRng(request.seed).fork(`${request.traffic} ${start}`);
        const live = openEpisode(traffic, start, driver, rng, request);
        current = { number: episode, live, lent, imaginer: null };
        send({ kind: "opened", episode, info: live.info });
        void beginToImagine(current, driver, rng.fork("imagination"));
      } catch (error) {
        send({ kind: "failed", episode, reason: sentenceOf(error) });
      } finally {
        if (current?.lent !== lent) lent.giveBack();
      }
    },
    refresh() {
      drivers.refresh();
      void drivers.inspect().then(({ missing }) => send({ kind: "ready", missing, notes: [] }));
    },
    advance(episode, frames) {
      if (current?.number !== episode) return;
      try {
        for (let i = 0; i < frames; i++) {
          const snapshot = current.live.next();
          if (snapshot === null) return;
          send({ kind: "frame", episode, snapshot });
          ponder(current);
        }
      } catch (error) {
        send({ kind: "failed", episode, reason: sentenceOf(error) });
      }
    },
  };
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
