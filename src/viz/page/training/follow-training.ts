import type { fetchMetrics, fetchTrainings, MetricsLine, Training } from "./run-source.ts";

/** Where a run is read from. */
export interface RunSource {
  readonly fetchTrainings: typeof fetchTrainings;
  readonly fetchMetrics: typeof fetchMetrics;
}

/** Who shows what is found. */
export interface RunAudience {
  /** There is no training: no run is served (null), or it has not begun. */
  miss(trainings: null | readonly []): void;
  offer(trainings: readonly Training[], chosen: string): void;
  /** @param grown whether there are lines that were not there at the last look */
  show(training: Training, lines: readonly MetricsLine[], grown: boolean): void;
}

/** Follows one training of a run: the one that is chosen, else the one that wrote last. */
export interface TrainingFollower {
  /** Looks at the run once; looks that come while one goes on wait for their turn. */
  look(): Promise<void>;
  /** What is on its way for the one before is forgotten. */
  choose(name: string): Promise<void>;
}

export function createTrainingFollower(source: RunSource, audience: RunAudience): TrainingFollower {
  let chosen: string | null = null;
  let lines: MetricsLine[] = [];
  let choices = 0;
  let latest: Promise<unknown> = Promise.resolve();

  const lookOnce = async (): Promise<void> => {
    const choice = choices;
    const trainings = await source.fetchTrainings();
    if (choice !== choices) return;
    if (trainings === null || trainings.length === 0) return audience.miss(trainings as null | []);
    let training = trainings.find(({ name }) => name === chosen);
    if (training === undefined) {
      training = liveliest(trainings);
      chosen = training.name;
      lines = [];
    }
    audience.offer(trainings, training.name);
    const found = await source.fetchMetrics(training.name, lines.at(-1)?.update ?? 0);
    if (found === null || choice !== choices) return;
    if (found.rewound) lines = [];
    lines.push(...found.lines);
    audience.show(training, lines, found.lines.length > 0);
  };
  const look = (): Promise<void> => {
    const next = latest.then(lookOnce);
    latest = next.catch(() => undefined);
    return next;
  };
  return {
    look,
    choose(name) {
      choices++;
      chosen = name;
      lines = [];
      return look();
    },
  };
}

/** The one that wrote last. */
function liveliest(trainings: readonly Training[]): Training {
  return trainings.reduce((best, one) => ((one.writtenAt ?? Infinity) >= (best.writtenAt ?? 0) ? one : best));
}
