import { createRng, decodeEnvelope, resolveConfig } from "../core/index.ts";
import { encodeCheckpoint, restoreParameters, type CheckpointMeta } from "../tensor/index.ts";
import { ForwardModelConfig } from "./config.ts";
import { createForwardModel, type ForwardModel } from "./model.ts";

interface ModelMeta extends CheckpointMeta {
  readonly config: unknown;
}

const version = 2;

/** Model → bytes: configuration, and the parameters as 32-bit floats. */
export function encodeForwardModel(model: ForwardModel): Uint8Array {
  return encodeCheckpoint("forward-model", version, { config: model.config }, model.parameters);
}

/**
 * Bytes → model; needs a tensor backend.
 * @param where names the file in messages
 * @throws InputError when the file is not a forward model, damaged, or of another version
 */
export function loadForwardModel(bytes: Uint8Array, where: string): ForwardModel {
  const file = decodeEnvelope<ModelMeta>(bytes, "forward-model", version, where);
  const config = resolveConfig(ForwardModelConfig, [file.meta.config as Record<string, unknown>], where);
  const model = createForwardModel(config, createRng(0));
  restoreParameters(model.parameters, file, where);
  return model;
}
