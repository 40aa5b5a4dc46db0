import { type ForwardModel, loadForwardModel } from "../../forward-model/index.ts";
import { startBackend } from "../backend.ts";
import { readFile } from "../files.ts";
import type { BackendChoice } from "../options.ts";

/** A forward model to be examined and where its tensors will live, in plain data that travels to a thread. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly backend: BackendChoice;
}

export const readModelFile = (path: string, backend: BackendChoice): ModelFile => ({
  path,
  bytes: readFile(path, "a forward model"),
  backend,
});

/** @throws InputError when it is no forward model */
export async function openModel({ path, bytes, backend }: ModelFile): Promise<ForwardModel> {
  await startBackend(backend);
  return loadForwardModel(bytes, path);
}
