import type { Rng } from "../../core/index.ts";
import { stepSeconds, type ForwardModel, type ForwardModelConfig } from "../../forward-model/index.ts";
import { createLookBack, expectSameSight, imagineProspect, type Intent } from "../../policy/index.ts";
import { pixelSpecs, type Scene } from "../../sim/index.ts";
import { imaginedFutures, imaginedSeconds, type Imagined } from "../protocol.ts";
import type { Mind } from "./minds.ts";

/** What is to be remembered of a frame. */
export interface Note {
  /** From 0, the first frame of the episode. */
  readonly frame: number;
  readonly sinceTakeOver: number;
  /** As the driver saw it; on a road that is unrolled, since models know straight ones. */
  readonly scene: Scene;
  /** How the driver goes on; null before it has taken over. */
  readonly intent: Intent | null;
}

/** Imagines how an episode goes on. */
export interface Imaginer {
  /**
   * Sees the frames of an episode one by one, and gives what there is to imagine from each, to be done at once or later: its
   * result is the same. Null between the steps of the model, before the take-over, and as long as less of the past is
   * known than the model looks back.
   */
  see(note: Note): (() => Imagined) | null;
}

/** After how many steps of a model the ego is asked what it sees; the last is how far is imagined. */
export const imaginedSteps = (config: Pick<ForwardModelConfig, "stepFrames">): number[] =>
  imaginedSeconds.map((seconds) => Math.round(seconds / stepSeconds(config)));

/**
 * @param rng forks by frame: what is imagined in one does not depend on what was in others
 * @throws InputError when the driver needs other pictures than the model imagines
 */
export function createImaginer(model: ForwardModel, { driver, sees }: Mind, rng: Rng): Imaginer {
  const { config } = model;
  if (sees !== null) expectSameSight(driver.name, sees, config);
  const dt = stepSeconds(config);
  const shown = imaginedSteps(config);
  const steps = Math.max(...shown);
  const lookBack = createLookBack(config, 1);
  let seen = 0;
  return {
    see({ frame, sinceTakeOver, scene, intent }) {
      if (sinceTakeOver % config.stepFrames !== 0) return null;
      lookBack.see([scene]);
      seen++;
      if (intent === null || seen < config.contextFrames) return null;
      const start = lookBack.startOf([0]);
      return () => {
        const own = rng.fork(`frame ${frame}`);
        const futures = Array.from({ length: imaginedFutures }, (_, i) => {
          const drawn = own.fork(`future ${i}`);
          const { states, views, costs } = imagineProspect(model, start, intent, { steps, shown }, drawn);
          return { states, pixels: views, costs };
        });
        return { frame, dt, view: pixelSpecs[config.pixels], futures };
      };
    },
  };
}
