import type { ForwardModel } from "../../forward-model/index.ts";
import {
  createConstantDriver,
  createIdmDriver,
  createRandomDriver,
  createRecordedDriver,
  type Driver,
} from "../../sim/index.ts";
import type { DriverName, Reply } from "../protocol.ts";
import type { Mind } from "./minds.ts";
import { createStock, once, type Stock } from "./stock.ts";
import type { Tensors } from "./tensors.ts";

/** A driver that is ready to drive, and what belongs to it where tensors are to be had. */
export interface ReadyDriver {
  readonly driver: Driver;
  readonly tensors: Tensors | null;
  readonly mind: Mind | null;
}

/** Every driver that the page offers, and the model in which they imagine, as long as they are borrowed. */
export interface BorrowedDrivers {
  /** @throws Error in one sentence when the driver cannot be had. */
  get(name: DriverName): Promise<ReadyDriver>;
  /** @throws Error in one sentence when nothing can be imagined here. */
  getModel(): Promise<ForwardModel>;
  /** To be called once; nothing that came from here may be used any more. */
  giveBack(): void;
}

/** Lends drivers, which are loaded once and when first asked for, and disposes of what is outdated when nobody has it. */
export interface DriverShelf {
  /** Which drivers cannot be had here and why, and what a visitor should know. */
  inspect(): Promise<Pick<Extract<Reply, { kind: "ready" }>, "missing" | "notes">>;
  borrow(): BorrowedDrivers;
  /** Who borrows from now on gets what was trained as it lies beside the page by then. */
  refresh(): void;
}

/** What was loaded between two refreshes. */
interface Lot {
  readonly stock: Stock;
  readonly ready: Map<DriverName, Promise<ReadyDriver>>;
  borrowers: number;
}

/** @param base address of the folder that the page was served from. */
export function createDriverShelf(base: string, tensors: Promise<Tensors>): DriverShelf {
  const freshLot = (): Lot => ({ stock: createStock(base, tensors), ready: new Map(), borrowers: 0 });
  let newest = freshLot();

  const load = async (name: DriverName, { getPolicy, getModel }: Stock): Promise<ReadyDriver> => {
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
  const disposeIfUnused = (lot: Lot): void => {
    if (lot !== newest && lot.borrowers === 0) lot.stock.dispose();
  };
  const borrow = (): BorrowedDrivers => {
    const lot = newest;
    lot.borrowers++;
    return {
      get: (name) => once(lot.ready, name, () => load(name, lot.stock)),
      getModel: () => lot.stock.getModel(),
      giveBack() {
        lot.borrowers--;
        disposeIfUnused(lot);
      },
    };
  };

  return {
    borrow,
    refresh() {
      const outdated = newest;
      newest = freshLot();
      disposeIfUnused(outdated);
    },
    async inspect() {
      const lent = borrow();
      const missing: { [Name in DriverName]?: string } = {};
      for (const name of trainedDrivers)
        await lent.get(name).catch((error: Error) => (missing[name] = error.message));
      lent.giveBack();
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
