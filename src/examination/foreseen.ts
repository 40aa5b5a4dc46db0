import { frameSeconds, type Rng } from "../core/index.ts";
import {
  rollOut,
  selectRows,
  selectStart,
  stateOnWay,
  toFractions,
  wayShape,
  type Act,
  type Imagination,
} from "../forward-model/index.ts";
import {
  actsOf,
  actsOfPlans,
  createPlanSearch,
  expectSameSight,
  type PlannerOptions,
  type PlanStart,
  type Policy,
} from "../policy/index.ts";
import { advance, type Action, type Driver } from "../sim/index.ts";
import { numbersOf } from "../tensor/index.ts";
import { numbers } from "./futures.ts";
import { actionsFromNow, type ExaminedWindows, type WindowSource } from "./windows.ts";

/** A batch of windows from which drivers look ahead. */
export interface Outlook {
  readonly source: WindowSource;
  readonly windows: ExaminedWindows;
  /** The windows at "now", without dropout; drives begin in what its `again` gives. */
  readonly imagination: Imagination;
  readonly steps: number;
  readonly rng: Rng;
}

/** A driver whose actions are to be foreseen. */
export interface Foreseen {
  readonly name: string;
  /**
   * What its actions are chosen by: what the model imagines step by step, a plan made at "now", the recorded others as they
   * really go on, or the record of what the human did.
   */
  readonly decidesBy: "imagination" | "plan" | "replay" | "record";
  /** T × [B, 2] */
  actions(outlook: Outlook): readonly Float32Array[];
}

/** The recorded human. */
export const foreseenHuman: Foreseen = {
  name: "human",
  decidesBy: "record",
  actions: ({ windows, steps }) => actionsFromNow(windows).slice(0, steps),
};

/**
 * A policy, which looks at what the model imagines.
 * @throws InputError when it sees other pictures than the model gives
 */
export function foreseenPolicy(
  name: string,
  { network, view }: Policy,
  { config }: Pick<WindowSource, "config">,
): Foreseen {
  expectSameSight(name, view, config);
  return {
    name,
    decidesBy: "imagination",
    actions: (outlook) => actionsOf(outlook, actsOf(network, egoChannelOf(outlook.windows), view)),
  };
}

/** A planner: one plan, made at "now", to its end. */
export function foreseenPlan(name: string, options: PlannerOptions): Foreseen {
  const search = createPlanSearch(options);
  return {
    name,
    decidesBy: "plan",
    actions(outlook) {
      const { windows, rng } = outlook;
      const plans = Array.from({ length: windows.count }, search.fresh);
      for (let first = 0; first < plans.length; first += search.egosAtOnce) {
        const chosen = plans.slice(first, first + search.egosAtOnce);
        const egos = chosen.map((_, i) => first + i);
        search.improve(
          planStartOf(windows, egos),
          chosen,
          egos.map((ego) => rng.fork(`ego ${ego}`)),
        );
      }
      return actionsOf(outlook, actsOfPlans(plans, options.policy));
    },
  };
}

/** A driver that needs scenes, which no model gives: it drives among the recorded others as they really go on. */
export function foreseenDriver(name: string, driver: Driver): Foreseen {
  return {
    name,
    decidesBy: "replay",
    actions({ source: { sampler, config }, windows, steps, rng }) {
      const { starts, ways } = windows.egos;
      const { pastFrames: now } = wayShape(config, 0);
      const session = driver.begin(windows.count, rng);
      const scenes = starts.map((start, b) => ({
        road: sampler.roadOf(start),
        traffic: sampler.createTraffic(start),
        ego: stateOnWay(ways[b]!, now),
        shape: start.track,
        recordedAction: null,
      }));
      const chosen: Action[] = scenes.map(() => ({ acceleration: 0, steering: 0 }));
      const actions = Array.from({ length: steps }, (_, t) => {
        scenes.forEach(({ ego, traffic }, b) => {
          sampler.look(starts[b]!, starts[b]!.frame + t * config.stepFrames, ego.x, traffic);
        });
        session.act(scenes, chosen);
        scenes.forEach(({ ego }, b) => {
          for (let k = 0; k < config.stepFrames; k++) advance(ego, chosen[b]!, frameSeconds);
        });
        return Float32Array.from(chosen.flatMap(({ acceleration, steering }) => [acceleration, steering]));
      });
      session.dispose();
      return actions;
    },
  };
}

function planStartOf(windows: ExaminedWindows, egos: readonly number[]): PlanStart {
  const chosen = (values: Float32Array): Float32Array => selectRows(values, windows.count, egos);
  return {
    ...selectStart(windows, egos),
    egoChannel: chosen(egoChannelOf(windows)),
    length: chosen(windows.length),
    width: chosen(windows.width),
  };
}

const egoChannelOf = ({ egos }: ExaminedWindows): Float32Array => toFractions(egos.egoPicture);

/** What somebody does who looks at what is imagined. */
function actionsOf({ imagination, steps }: Outlook, act: Act): Float32Array[] {
  return numbersOf(() => rollOut(imagination.again(), steps, act).actions.map(numbers));
}
