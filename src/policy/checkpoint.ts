import { createRng, decodeEnvelope, encodeEnvelope, InputError, resolveConfig } from "../core/index.ts";
import { PolicyConfig } from "./config.ts";
import type { UncertaintyCalibration } from "./costs/index.ts";
import { createPolicyNetwork, type PolicyNetwork, type ViewConfig } from "./network.ts";

/** A policy with what is needed to drive with it. */
export interface Policy {
  readonly name: string;
  readonly config: PolicyConfig;
  readonly view: ViewConfig;
  readonly network: PolicyNetwork;
  /** Usual epistemic variance in the model it learned in; null where none was measured. */
  readonly calibration: UncertaintyCalibration | null;
}

interface PolicyMeta {
  readonly name: string;
  readonly config: unknown;
  readonly view: ViewConfig;
  readonly parameters: number;
  readonly calibration: UncertaintyCalibration | null;
}

const version = 1;

/** Policy → bytes: configuration, and the parameters as 32-bit floats. */
export function encodePolicy(policy: Policy): Uint8Array {
  const values = policy.network.parameters.read();
  const meta: PolicyMeta = {
    name: policy.name,
    config: policy.config,
    view: policy.view,
    parameters: values.length,
    calibration: policy.calibration,
  };
  return encodeEnvelope({ kind: "policy", version, meta, payload: new Uint8Array(values.buffer) });
}

/**
 * Bytes → policy; needs a tensor backend.
 * @param where names the file in messages
 * @throws InputError when the file is not a policy, damaged, or of another version
 */
export function loadPolicy(bytes: Uint8Array, where: string): Policy {
  const { meta, payload } = decodeEnvelope<PolicyMeta>(bytes, "policy", version, where);
  const config = resolveConfig(PolicyConfig, [meta.config as Record<string, unknown>], where);
  const network = createPolicyNetwork(config, meta.view, createRng(0));
  const { size } = network.parameters;
  if (meta.parameters !== size || payload.length !== 4 * size) {
    network.parameters.dispose();
    throw new InputError(
      `${where}: expected ${size} parameters for its configuration, got ${meta.parameters}.`,
    );
  }
  network.parameters.write(new Float32Array(payload.slice().buffer));
  return { name: meta.name, config, view: meta.view, network, calibration: meta.calibration };
}
