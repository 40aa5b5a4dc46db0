import {
  createConstantDriver,
  createIdmDriver,
  createRandomDriver,
  createRecordedDriver,
  type Driver,
} from "../../sim/index.ts";
import { driverNames, type DriverName, type Reply } from "../protocol.ts";
import { fetchFile } from "./files.ts";
import { loadTensors, type Tensors } from "./tensors.ts";

/** Where the trained drivers lie, relative to the page. */
const checkpoints: { readonly [Name in DriverName]?: string } = {
  policy: "data/pretrained/policy.headway",
  imitation: "data/pretrained/imitation.headway",
};

/** A driver that is ready to drive, and the tensors it needs, if any. */
export interface ReadyDriver {
  readonly driver: Driver;
  readonly tensors: Tensors | null;
}

/** Every driver that the page offers, loaded once and when first asked for. */
export interface DriverShelf {
  /** Which drivers cannot be had here and why, and what a visitor should know. */
  inspect(): Promise<Pick<Extract<Reply, { kind: "ready" }>, "missing" | "notes">>;
  /** @throws Error in one sentence when the driver cannot be had. */
  get(name: DriverName): Promise<ReadyDriver>;
  /** Trained drivers are loaded anew when they are next asked for. */
  refresh(): void;
}

/** @param base address of the folder that the page was served from. */
export function createDriverShelf(base: string): DriverShelf {
  const loading = new Map<DriverName, Promise<ReadyDriver>>();
  const tensors = loadTensors(base);

  const load = async (name: DriverName): Promise<ReadyDriver> => {
    const path = checkpoints[name];
    const [ready, bytes] = await Promise.all([
      tensors.catch(() => null),
      path === undefined ? null : fetchFile(base, path),
    ]);
    if (path === undefined) return { driver: ruleDriver(name), tensors: ready };
    if (bytes === null) throw new Error(`There is no ${path} beside this page, so this driver cannot drive.`);
    const { loadDriver } = await tensors;
    return { driver: loadDriver(bytes, path), tensors: ready };
  };
  const get = (name: DriverName): Promise<ReadyDriver> => {
    let found = loading.get(name);
    if (found === undefined) loading.set(name, (found = load(name)));
    return found;
  };

  return {
    get,
    refresh() {
      for (const name of driverNames) if (checkpoints[name] !== undefined) loading.delete(name);
    },
    async inspect() {
      const missing: { [Name in DriverName]?: string } = {};
      for (const name of driverNames) {
        if (checkpoints[name] === undefined) continue;
        await get(name).catch((error: Error) => (missing[name] = error.message));
      }
      const notes = await tensors.then(
        ({ note }) => (note === null ? [] : [note]),
        (error: Error) => [`Trained drivers and costs are not available here: ${error.message}`],
      );
      return { missing, notes };
    },
  };
}

function ruleDriver(name: DriverName): Driver {
  switch (name) {
    case "idm":
      return createIdmDriver();
    case "human":
      return createRecordedDriver();
    case "random":
      return createRandomDriver();
    case "none":
      return createConstantDriver("none", { acceleration: 0, steering: 0 });
    case "policy":
    case "imitation":
      throw new Error(`${name} is a trained driver, not a rule.`);
  }
}
