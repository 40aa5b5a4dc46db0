import type { ForwardModel } from "../../forward-model/index.ts";
import type { Policy } from "../../policy/index.ts";
import { fetchFile } from "./files.ts";
import type { Tensors } from "./tensors.ts";

/** Where what was trained lies, relative to the page. */
const checkpoint = (name: string): string => `data/pretrained/${name}.headway`;

/** What was trained, as it lay beside the page when it was first asked for: each loaded once. */
export interface Stock {
  /** @throws Error in one sentence when there is none; asking again may help. */
  getPolicy(name: string): Promise<Policy>;
  /** @throws Error in one sentence when nothing can be imagined here; asking again may help. */
  getModel(): Promise<ForwardModel>;
  /** Frees all, what is still on its way too. Nobody may use it any more. */
  dispose(): void;
}

/** @param base address of the folder that the page was served from. */
export function createStock(base: string, tensors: Promise<Tensors>): Stock {
  const policies = new Map<string, Promise<Policy>>();
  const models = new Map<string, Promise<ForwardModel>>();
  return {
    getPolicy: (name) =>
      once(policies, name, async () => {
        const path = checkpoint(name);
        const [{ loadPolicy }, bytes] = await Promise.all([tensors, fetchFile(base, path)]);
        if (bytes === null)
          throw new Error(`There is no ${path} beside this page, so this driver cannot drive.`);
        return loadPolicy(bytes, path);
      }),
    getModel: () =>
      once(models, "forward-model", async () => {
        const { swift, loadForwardModel } = await tensors;
        if (!swift) throw new Error("Without WebAssembly there is no time to imagine anything.");
        const path = checkpoint("forward-model");
        const bytes = await fetchFile(base, path);
        if (bytes === null)
          throw new Error(`There is no ${path} beside this page, so nothing can be imagined.`);
        return loadForwardModel(bytes, path);
      }),
    dispose() {
      const ignore = (): void => undefined;
      for (const policy of policies.values())
        void policy.then(({ network }) => network.parameters.dispose(), ignore);
      for (const model of models.values()) void model.then((loaded) => loaded.dispose(), ignore);
      policies.clear();
      models.clear();
    },
  };
}

/** What `load` gives, which is asked once unless it fails: a server may answer the next time. */
export function once<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  load: () => Promise<Value>,
): Promise<Value> {
  let found = known.get(key);
  if (found === undefined) {
    found = load();
    found.catch(() => known.delete(key));
    known.set(key, found);
  }
  return found;
}
