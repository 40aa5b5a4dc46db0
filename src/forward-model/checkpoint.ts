import { createRng, decodeEnvelope, encodeEnvelope, InputError, resolveConfig } from "../core/index.ts";
import { ForwardModelConfig } from "./config.ts";
import { createForwardModel, type ForwardModel } from "./model.ts";

interface ModelMeta {
  readonly config: unknown;
  readonly parameters: number;
}

const version = 1;

/** Model → bytes: configuration, and the parameters as 32-bit floats. */
export function encodeForwardModel(model: ForwardModel): Uint8Array {
  const values = model.network.parameters.read();
  const meta: ModelMeta = { config: model.config, parameters: values.length };
  return encodeEnvelope({ kind: "forward-model", version, meta, payload: new Uint8Array(values.buffer) });
}

/**
 * Bytes → model; needs a tensor backend.
 * @param where names the file in messages
 * @throws InputError when the file is not a forward model, damaged, or of another version
 */
export function loadForwardModel(bytes: Uint8Array, where: string): ForwardModel {
  const { meta, payload } = decodeEnvelope<ModelMeta>(bytes, "forward-model", version, where);
  const config = resolveConfig(ForwardModelConfig, [meta.config as Record<string, unknown>], where);
  const model = createForwardModel(config, createRng(0));
  const { size } = model.network.parameters;
  if (meta.parameters !== size || payload.length !== 4 * size) {
    model.dispose();
    throw new InputError(
      `${where}: expected ${size} parameters for its configuration, got ${meta.parameters}.`,
    );
  }
  model.network.parameters.write(new Float32Array(payload.slice().buffer));
  return model;
}
