import { createRng, decodeEnvelope, resolveConfig } from "../core/index.ts";
import { encodeCheckpoint, restoreParameters, type CheckpointMeta } from "../tensor/index.ts";
import { PolicyConfig } from "./config.ts";
import type { UncertaintyCalibration, UsualVariance } from "./costs/index.ts";
import { createPolicyNetwork, type PolicyNetwork, type ViewConfig } from "./network.ts";

/** A policy with what is needed to drive with it. */
export interface Policy {
  readonly name: string;
  readonly config: PolicyConfig;
  readonly view: ViewConfig;
  readonly network: PolicyNetwork;
  /** Usual epistemic variances in the model it learned in; null where none was measured. */
  readonly calibration: UncertaintyCalibration | null;
}

interface PolicyMeta extends CheckpointMeta {
  readonly name: string;
  readonly config: unknown;
  readonly view: ViewConfig;
  readonly calibration: UncertaintyCalibration | UsualVariance | null;
}

const version = 1;

/** Policy → bytes: configuration, and the parameters as 32-bit floats. */
export function encodePolicy(policy: Policy): Uint8Array {
  const { name, config, view, calibration, network } = policy;
  return encodeCheckpoint("policy", version, { name, config, view, calibration }, network.parameters);
}

/**
 * What a policy's file says of it, without its network and so without a tensor backend.
 * @param where names the file in messages
 * @throws InputError when the file is not a policy, damaged, or of another version
 */
export function readPolicyCard(bytes: Uint8Array, where: string): Omit<Policy, "network"> {
  const { meta } = decodeEnvelope<PolicyMeta>(bytes, "policy", version, where);
  const { name, view } = meta;
  return { name, config: configOf(meta, where), view, calibration: calibrationOf(meta) };
}

/** Files from before more than the variance of the cost could count hold that one alone, without its name. */
const calibrationOf = ({ calibration }: PolicyMeta): UncertaintyCalibration | null =>
  calibration !== null && "mean" in calibration ? { cost: calibration } : calibration;

const configOf = ({ config }: PolicyMeta, where: string): PolicyConfig =>
  resolveConfig(PolicyConfig, [config as Record<string, unknown>], where);

/**
 * Bytes → policy; needs a tensor backend.
 * @param where names the file in messages
 * @throws InputError when the file is not a policy, damaged, or of another version
 */
export function loadPolicy(bytes: Uint8Array, where: string): Policy {
  const file = decodeEnvelope<PolicyMeta>(bytes, "policy", version, where);
  const { name, view } = file.meta;
  const config = configOf(file.meta, where);
  const network = createPolicyNetwork(config, view, createRng(0));
  restoreParameters(network.parameters, file, where);
  return { name, config, view, network, calibration: calibrationOf(file.meta) };
}
