import { encodeEnvelope, InputError, type Envelope, type FileKind } from "../core/index.ts";
import type { ParameterSpecs, Parameters } from "./parameters.ts";

/** What the header of a checkpoint says beside what its kind has to say: how many numbers follow. */
export interface CheckpointMeta {
  readonly parameters: number;
}

/** Parameters → bytes: an envelope with `meta` in its header and 32-bit floats behind it. */
export function encodeCheckpoint<Meta extends object>(
  kind: FileKind,
  version: number,
  meta: Meta,
  parameters: Parameters<ParameterSpecs>,
): Uint8Array {
  const values = parameters.read();
  const payload = new Uint8Array(values.buffer);
  return encodeEnvelope({ kind, version, meta: { ...meta, parameters: values.length }, payload });
}

/**
 * Writes the numbers of a decoded checkpoint into `parameters`; frees them where they do not fit.
 * @param where names the file in messages
 * @throws InputError when the file holds another number of parameters
 */
export function restoreParameters(
  parameters: Parameters<ParameterSpecs>,
  { meta, payload }: Envelope<CheckpointMeta>,
  where: string,
): void {
  const { size } = parameters;
  if (meta.parameters !== size || payload.length !== 4 * size) {
    parameters.dispose();
    throw new InputError(
      `${where}: expected ${size} parameters for its configuration, got ${meta.parameters}.`,
    );
  }
  parameters.write(new Float32Array(payload.slice().buffer));
}
