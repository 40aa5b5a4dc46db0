import { z } from "zod";
import { InputError, type Overrides, resolveConfig } from "../core/index.ts";
import { ForwardModelConfig } from "../forward-model/index.ts";
import { PlannerConfig, PolicyConfig } from "../policy/index.ts";
import { parameterRanges, type ParameterRange, type TrafficParameters } from "../sim/index.ts";
import { type CommonOptions, userOverrides } from "./options.ts";

const parameter = ({ about, unit, least, most }: ParameterRange) =>
  z
    .number()
    .min(least)
    .max(most)
    .optional()
    .describe(`${about}${unit && ` [${unit}]`}, from ${least} to ${most} (default: the scenario's)`);

/** Each named parameter of generated traffic; what is absent stays as the scenario has it. */
const parameters = {
  inflowRate: parameter(parameterRanges.inflowRate),
  truckFraction: parameter(parameterRanges.truckFraction),
  desiredSpeed: parameter(parameterRanges.desiredSpeed),
  timeGap: parameter(parameterRanges.timeGap),
  politeness: parameter(parameterRanges.politeness),
} satisfies Record<keyof TrafficParameters, z.ZodType>;

const TrafficConfig = z.strictObject({
  ...parameters,
  scenarios: z.array(z.string()).default(["dense", "mixed"]).describe("generated traffic to learn from"),
  minutes: z.number().positive().default(30).describe("recorded per scenario [min]"),
  warmUpSeconds: z
    .number()
    .min(0)
    .default(120)
    .describe("driven before recording starts, to fill the road [s]"),
  recordings: z
    .array(z.string())
    .default(["us101"])
    .describe("recorded traffic to learn from beside it: shipped names or files"),
  recordingWeight: z
    .number()
    .positive()
    .default(0.5)
    .describe("how often a window of recorded traffic is drawn, relative to one scenario's"),
});

const EvaluationConfig = z.strictObject({
  episodes: z
    .int()
    .positive()
    .default(300)
    .describe("starts per driver and traffic, where there are as many"),
  traffic: z.array(z.string()).min(1).default(["dense", "us101"]).describe("where drivers are judged"),
});

/** Everything that can be set, as one tree; each room brings its own branch. */
export const Config = z.strictObject({
  seed: z.int().min(0).default(1).describe("root of all randomness"),
  traffic: TrafficConfig.prefault({}),
  forwardModel: ForwardModelConfig.prefault({}),
  policy: PolicyConfig.prefault({}),
  planner: PlannerConfig.prefault({}),
  evaluation: EvaluationConfig.prefault({}),
});
export type Config = z.infer<typeof Config>;

/** What each preset says differently from the defaults above, and why. */
export const presets: { readonly [name: string]: Overrides } = {
  /** Two cores and a coffee: the defaults. */
  laptop: {},
  /** The whole line in seconds, for tests: it learns nothing. */
  debug: {
    traffic: { scenarios: ["free-flow"], minutes: 10, recordings: [] },
    forwardModel: {
      stemChannels: 4,
      hiddenChannels: 8,
      training: {
        updates: 12,
        batchSize: 4,
        warmUpUpdates: 2,
        firstHorizonSteps: 1,
        horizonSteps: 3,
        validationWindows: 4,
        checkpointUpdates: 4,
      },
    },
    policy: {
      channels: [4, 4, 8],
      hidden: 8,
      horizonSteps: 4,
      uncertainty: { masks: 2, everyWindow: 2, calibrationWindows: 4 },
      training: { updates: 6, batchSize: 4, warmUpUpdates: 2, validationStarts: 2, checkpointUpdates: 3 },
    },
    planner: {
      horizonSteps: 4,
      samples: 1,
      gradient: { iterations: 2 },
      cem: { iterations: 1, candidates: 4, elites: 2 },
    },
    evaluation: { episodes: 4, traffic: ["free-flow"] },
  },
  /** The published model and policy with their settings, for a GPU; here it trains some updates. */
  paper: {
    forwardModel: {
      family: "coupled", // picture and ego state from one network that gets the action
      network: "published", // 11.8 million parameters, 15.6 with the latent
      pixels: "paper", // 117 × 24: what the network's layers fit
      stepFrames: 1, // decisions at 10 Hz
      contextFrames: 20, // two seconds
      latentPer: "view",
      latentSize: 32,
      latentDropoutOf: "step", // half of them, as published
      klWeight: 1e-5, // 1e-6 of a sum over 20 steps, half of which hear their latent; here it is the mean over these
      klWarmUpUpdates: 0,
      training: {
        updates: 200_000, // of each stage: first --latent none, then --latent vae --from that
        batchSize: 8, // of the released scripts' first stage; the text says 64, which needs a GPU's memory
        learningRate: 1e-4,
        warmUpUpdates: 0, // a constant rate, as published
        finalFraction: 1,
        gradientClip: 5,
        firstHorizonSteps: 20, // two seconds from the first update on
        horizonSteps: 20,
        counterfactual: { share: 0 }, // recorded windows only, as published
      },
    },
    policy: {
      channels: [64, 128, 256],
      hidden: 256,
      horizonSteps: 30, // three seconds at 10 Hz
      discount: 0.99,
      proximity: "max",
      weights: { proximity: 1, lane: 0.2, offroad: 1, action: 0, jerk: 0, human: 0 },
      uncertainty: { of: ["image", "state", "cost"], masks: 10, everyWindow: 1, calibrationWindows: 400 },
      training: {
        updates: 120_000,
        batchSize: 6,
        windowsAtOnce: 1, // with its replicas 2 GB of memory; all six would need 11
        perturbedShare: 0, // recorded starts only, as published
        ownShare: 0,
        learningRate: 1e-4,
        warmUpUpdates: 0, // a constant rate, as published
        finalFraction: 1,
        gradientClip: 50,
        averaging: 0,
      },
    },
    planner: {
      proximity: "max",
      weights: { proximity: 1, lane: 0.2, offroad: 1, action: 0, jerk: 0 },
      horizonSteps: 30,
      samples: 10,
      // The rate is for actions in other units than here.
      gradient: { iterations: 5, learningRate: 0.1, momentum: 0.9, smoothness: 0, keepMoments: true },
    },
  },
};

/**
 * The configuration of a command: defaults, then the preset, then --config, --set and --seed, then what a
 * command's own flags say.
 * @throws InputError for an unknown preset or key, listing the known ones.
 */
export function configurationOf(options: CommonOptions, flags: Overrides = {}): Config {
  const preset = presets[options.preset];
  if (preset === undefined) {
    throw new InputError(
      `--preset: expected one of ${Object.keys(presets).join(", ")}, got ${options.preset}.`,
    );
  }
  return resolveConfig(Config, [preset, ...userOverrides(options), flags]);
}
