import { expect, test } from "vitest";
import { forImitation } from "../../src/cli/commands/quickstart.ts";
import { Config, configurationOf, presets } from "../../src/cli/configuration.ts";
import { settingWords } from "../../src/cli/options.ts";
import { checkMethod, policyMethods } from "../../src/policy/index.ts";
import { describeConfig, resolveConfig } from "../../src/core/index.ts";

const asked = { preset: "laptop", set: [], json: false } as const;

test("every preset resolves, and the laptop preset is the defaults", () => {
  for (const preset of Object.keys(presets)) configurationOf({ ...asked, preset });
  expect(configurationOf(asked)).toEqual(resolveConfig(Config, []));
});

test("what a user says wins over the preset, and a command's own flag over both", () => {
  const config = configurationOf(
    { ...asked, preset: "debug", set: ["policy.horizonSteps=7", "forwardModel.latent=none"], seed: 5 },
    { policy: { horizonSteps: 9 } },
  );
  expect(config.policy.horizonSteps).toBe(9);
  expect(config.forwardModel.latent).toBe("none");
  expect(config.seed).toBe(5);
});

test("every key of the configuration says what it means", () => {
  const silent = describeConfig(Config, Config.parse({})).filter((line) => !line.includes("  "));
  expect(silent).toEqual([]);
});

test("imitation does half of the updates, and always a whole number of them", () => {
  const updatesOf = (updates: number): number =>
    forImitation(configurationOf(asked, { policy: { training: { updates } } })).policy.training.updates;
  expect([2000, 2001, 1].map(updatesOf)).toEqual([1000, 1001, 1]);
});

test("a quickstart may learn its costs or draw other futures: imitation, which has neither, is not refused for it", () => {
  const set = ["policy.costs.learned=true", "policy.latents=adversarial"];
  const { policy, forwardModel } = forImitation(configurationOf({ ...asked, set }));
  expect(() => checkMethod(policyMethods.imitation, policy, forwardModel)).not.toThrow();
  const usual = configurationOf(asked);
  expect(forImitation(usual).policy).toEqual({
    ...usual.policy,
    training: { ...usual.policy.training, updates: 1000 },
  });
});

test("a report's command repeats the settings with which it was made, and says no defaults", () => {
  expect(settingWords(asked, 1)).toBe(" --seed 1");
  const set = ["policy.weights.lane=2", 'traffic.scenarios=["dense"]'];
  expect(settingWords({ ...asked, preset: "debug", set, minutes: 4 }, 7)).toBe(
    " --minutes 4 --preset debug --set policy.weights.lane=2 --set 'traffic.scenarios=[\"dense\"]' --seed 7",
  );
});
