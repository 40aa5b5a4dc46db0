import { crc32, createRng, InputError } from "../../core/index.ts";
import type { SplitName } from "../../episodes/index.ts";
import { type Arm, compareArms, type Mode } from "../../evaluation/index.ts";
import type { Driver } from "../../sim/index.ts";
import type { Config } from "../configuration.ts";
import { openDriver } from "../drivers.ts";
import { type DrivingCrew, withDrivingCrew } from "../judging/crew.ts";
import { createDriveStore, type DriveStore } from "../judging/kept-drives.ts";
import { lockFolder } from "../lock.ts";
import type { BackendChoice } from "../options.ts";
import { openTraffic, type GeneratedTraffic } from "../recordings.ts";
import { openSteps } from "../steps.ts";
import { evaluationStarts, judge, type Verdict } from "../verdicts.ts";
import { driverMark } from "../driver-mark.ts";
import type { RunGroup } from "./group-runs.ts";
import type { ArmDrive, ArmRow } from "./rows.ts";

export interface DriveOptions {
  readonly config: Config;
  /** Where it is kept what was driven. */
  readonly out: string;
  /** Rules and other drivers that stand beside the trained ones. */
  readonly drivers: readonly string[];
  readonly traffic: readonly string[];
  readonly generated: GeneratedTraffic;
  readonly modes: readonly Mode[];
  readonly split: SplitName;
  readonly episodes: number;
  readonly backend: BackendChoice;
  readonly workers: number;
  readonly against?: string;
  readonly note: (line: string) => void;
}

/** What is kept of one driver on one traffic, start by start. */
interface Driven {
  readonly finished: readonly boolean[];
  readonly atFault: readonly boolean[];
  readonly meanDistance: number;
  readonly progress: number;
}

/** Somebody to ask: of a training the file, opened once it is asked; else a name, opened at once. */
interface Asked {
  readonly source: string;
  readonly mark: string;
  readonly driver?: Driver;
}

/** A way to drive as it appears in the table, with the drivers to ask. */
interface Entrant {
  readonly name: string;
  readonly runs: ArmRow["runs"];
  readonly drivers: readonly Asked[];
}

/**
 * Sends every driver through the same starts of each traffic; who was sent there before is not sent again.
 * @throws InputError before anybody drives when there is no such driver, nobody has the name of reference, or two have one name
 */
export async function driveArms(groups: readonly RunGroup[], options: DriveOptions): Promise<ArmRow[]> {
  const { against } = options;
  const entrants = await entrantsOf(groups, options);
  const names = entrants.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(`compare: expected different names, got ${twice} twice.`);
  if (against !== undefined && !names.includes(against)) {
    throw new InputError(`--against: expected one of ${names.join("; ")}, got ${against}.`);
  }
  lockFolder(options.out);
  const rng = createRng(options.config.seed).fork("compare");
  const drives = entrants.map((): ArmDrive[] => []);
  const marks = new Map(entrants.flatMap((one) => one.drivers.map(({ source, mark }) => [source, mark])));
  const store = createDriveStore(options.out, (source) => marks.get(source)!);
  await withDrivingCrew({ ...options, planning: options.config }, async (crew) => {
    for (const traffic of options.traffic) {
      const recording = openTraffic(traffic, options.generated, options.config.seed);
      for (const mode of options.modes) {
        const driven = await driveEveryone(entrants, recording, mode, options, { crew, store });
        const armsBy = (of: (one: Driven) => readonly boolean[]): Arm[] =>
          entrants.map(({ name }, i) => ({ name, runs: driven[i]!.map(of) }));
        const own = rng.fork(`${recording.name}/${mode}`);
        const faults = compareArms(
          armsBy(({ atFault }) => atFault),
          own.fork("at fault"),
        );
        compareArms(
          armsBy(({ finished }) => finished),
          own,
          against,
        ).forEach((verdict, i) => {
          const mean = (of: (one: Driven) => number): number =>
            driven[i]!.reduce((sum, one) => sum + of(one), 0) / driven[i]!.length;
          drives[i]!.push({
            traffic: recording.name,
            mode,
            n: driven[i]![0]!.finished.length,
            ...verdict,
            atFault: faults[i]!.success,
            meanDistance: mean(({ meanDistance }) => meanDistance),
            progress: mean(({ progress }) => progress),
          });
        });
      }
    }
  });
  // Not sooner: what is done before must not take away what another was stopped in.
  store.clear();
  return entrants.map(({ name, runs }, i) => ({ arm: name, runs, drives: drives[i]! }));
}

async function entrantsOf(
  groups: readonly RunGroup[],
  { drivers, config, backend }: DriveOptions,
): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const name of drivers) {
    const driver = await openDriver(name, backend, config);
    entrants.push({ name, runs: [], drivers: [{ source: name, mark: driverMark(name, config), driver }] });
  }
  return [
    ...entrants,
    ...groups.map(({ name, runs }) => ({
      name,
      runs: runs.map(({ settings: _, ...run }) => run),
      drivers: runs.map(({ checkpoint, crc }) => ({ source: checkpoint, mark: crc })),
    })),
  ];
}

async function driveEveryone(
  entrants: readonly Entrant[],
  recording: ReturnType<typeof openTraffic>,
  mode: Mode,
  options: DriveOptions,
  { crew, store }: { readonly crew: DrivingCrew; readonly store: DriveStore },
): Promise<Driven[][]> {
  const { split, episodes, config, backend } = options;
  const { seed } = config;
  const steps = openSteps(options.out, options.note);
  // Whatever makes other starts or other chance makes another mark: a changed recording, number or seed.
  const starts = evaluationStarts({ recording, split, episodes, seed });
  const trial = crc32(new TextEncoder().encode(JSON.stringify({ seed, starts }))).toString(16);
  const driven: Driven[][] = [];
  for (const { drivers } of entrants) {
    const runs: Driven[] = [];
    for (const { source, mark, driver: opened } of drivers) {
      const name = `${mark}-${recording.name}-${split}-${mode}-${trial}`;
      runs.push(
        await steps.run(name, async () => {
          const driver = opened ?? (await openDriver(source, backend, config));
          const one = {
            recording,
            split,
            episodes,
            seed,
            crew,
            store,
            modes: [mode],
            drivers: [{ name: source, driver }],
          };
          const [{ row, results }] = (await judge(one)) as [Verdict];
          return {
            finished: results.map(({ cause }) => cause === "finished"),
            atFault: results.map(({ attribution }) => attribution?.fault === "ego"),
            meanDistance: row.meanDistance,
            progress: row.progress,
          };
        }),
      );
    }
    driven.push(runs);
  }
  return driven;
}
