import { expect, test } from "vitest";
import { createRng, InputError } from "../../src/core/index.ts";
import { createPolicyNetwork, PolicyConfig, warmStartPolicy, type Policy } from "../../src/policy/index.ts";
import { useWasm } from "../support/backend.ts";

useWasm();

const view = { pixels: "laptop", contextFrames: 3, stepFrames: 2 } as const;
const small = { channels: [4, 4, 8], hidden: 8 };
const policyOf = (over: object, seed: string): Policy => {
  const config = PolicyConfig.parse({ ...small, ...over });
  return {
    name: "mpur",
    config,
    view,
    network: createPolicyNetwork(config, view, createRng(seed)),
    calibration: null,
  };
};

test("a policy begins where another one stands, and goes its own way from there", () => {
  const [teacher, { network }] = [policyOf({}, "teacher"), policyOf({}, "learner")];
  const known = teacher.network.parameters.read();
  expect(network.parameters.read()).not.toEqual(known);
  warmStartPolicy(network, teacher, "teacher.headway");
  expect(network.parameters.read()).toEqual(known);
  network.parameters.write(new Float32Array(known.length));
  expect(teacher.network.parameters.read()).toEqual(known);
});

test("a policy of another size or head is refused by name, and nothing is taken from it", () => {
  const { network } = policyOf({}, "learner");
  const before = network.parameters.read();
  for (const over of [{ hidden: 16 }, { channels: [8, 4, 8] }, { head: "gaussian" }]) {
    const start = (): void => warmStartPolicy(network, policyOf(over, "teacher"), "teacher.headway");
    expect(start).toThrow(InputError);
    expect(start).toThrow(
      /^teacher\.headway: expected a policy with \S+ of [\d ×]+ to start from, got [\d ×]+;/,
    );
  }
  expect(network.parameters.read()).toEqual(before);
});
