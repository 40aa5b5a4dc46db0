import type { ForwardModel } from "../../forward-model/index.ts";
import type { Policy } from "../../policy/index.ts";
import {
  createConstantDriver,
  createIdmDriver,
  createRandomDriver,
  createRecordedDriver,
  type Driver,
} from "../../sim/index.ts";
import type { DriverName, Reply } from "../protocol.ts";
import { fetchFile } from "./files.ts";
import type { Mind } from "./minds.ts";
import { loadTensors, type Tensors } from "./tensors.ts";

/** Where what was trained lies, relative to the page. */
const checkpoint = (name: string): string => `data/pretrained/${name}.headway`;

/** A driver that is ready to drive, and what belongs to it where tensors are to be had. */
export interface ReadyDriver {
  readonly driver: Driver;
  readonly tensors: Tensors | null;
  readonly mind: Mind | null;
}

/** Every driver that the page offers, and the model in which they imagine, loaded once and when first asked for. */
export interface DriverShelf {
  /** Which drivers cannot be had here and why, and what a visitor should know. */
  inspect(): Promise<Pick<Extract<Reply, { kind: "ready" }>, "missing" | "notes">>;
  /** @throws Error in one sentence when the driver cannot be had. */
  get(name: DriverName): Promise<ReadyDriver>;
  /** @throws Error in one sentence when nothing can be imagined here. */
  getModel(): Promise<ForwardModel>;
  /** What was trained is loaded anew when it is next asked for. */
  refresh(): void;
}

/** @param base address of the folder that the page was served from. */
export function createDriverShelf(base: string): DriverShelf {
  const tensors = loadTensors(base);
  const ready = new Map<DriverName, Promise<ReadyDriver>>();
  const policies = new Map<string, Promise<Policy>>();
  const models = new Map<string, Promise<ForwardModel>>();

  const getPolicy = (name: string): Promise<Policy> =>
    once(policies, name, async () => {
      const [{ loadPolicy }, bytes] = await Promise.all([tensors, fetchFile(base, checkpoint(name))]);
      if (bytes === null)
        throw new Error(`There is no ${checkpoint(name)} beside this page, so this driver cannot drive.`);
      return loadPolicy(bytes, checkpoint(name));
    });
  const getModel = (): Promise<ForwardModel> =>
    once(models, "forward-model", async () => {
      const { swift, loadForwardModel } = await tensors;
      if (!swift) throw new Error("Without WebAssembly there is no time to imagine anything.");
      const path = checkpoint("forward-model");
      const bytes = await fetchFile(base, path);
      if (bytes === null)
        throw new Error(`There is no ${path} beside this page, so nothing can be imagined.`);
      return loadForwardModel(bytes, path);
    });
  const load = async (name: DriverName): Promise<ReadyDriver> => {
    if (name === "policy" || name === "imitation") {
      const policy = await getPolicy(name);
      return thinking((await tensors).mindOfPolicy(policy), await tensors);
    }
    if (name === "plan") {
      const [model, guide] = await Promise.all([getModel(), getPolicy("policy")]);
      return thinking((await tensors).mindOfPlanner(model, guide), await tensors);
    }
    const driver = ruleDriver(name);
    return tensors.then(
      (loaded) => thinking(loaded.mindOfRule(driver), loaded),
      () => ({ driver, tensors: null, mind: null }),
    );
  };
  const get = (name: DriverName): Promise<ReadyDriver> => once(ready, name, () => load(name));

  return {
    get,
    getModel,
    refresh() {
      for (const name of trainedDrivers) ready.delete(name);
      policies.clear();
      models.clear();
    },
    async inspect() {
      const missing: { [Name in DriverName]?: string } = {};
      for (const name of trainedDrivers)
        await get(name).catch((error: Error) => (missing[name] = error.message));
      const notes = await tensors.then(
        ({ swift }) =>
          swift
            ? []
            : [
                "No WebAssembly here: trained drivers think in plain JavaScript, which may be too slow to keep up.",
              ],
        (error: Error) => [`Trained drivers and costs are not available here: ${error.message}`],
      );
      return { missing, notes };
    },
  };
}

/** Drivers that need a file each, in the order in which they are looked for: first what a visitor meets first. */
const trainedDrivers = ["policy", "imitation", "plan"] as const;

const thinking = (mind: Mind, tensors: Tensors): ReadyDriver => ({ driver: mind.driver, tensors, mind });

function once<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  load: () => Promise<Value>,
): Promise<Value> {
  let found = known.get(key);
  if (found === undefined) known.set(key, (found = load()));
  return found;
}

function ruleDriver(name: Exclude<DriverName, (typeof trainedDrivers)[number]>): Driver {
  switch (name) {
    case "idm":
      return createIdmDriver();
    case "human":
      return createRecordedDriver();
    case "random":
      return createRandomDriver();
    case "none":
      return createConstantDriver("none", { acceleration: 0, steering: 0 });
  }
}
