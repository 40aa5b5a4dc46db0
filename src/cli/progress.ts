import { MultiBar, Presets } from "cli-progress";

/** Shows how far a piece of work is, on stderr: a bar on a terminal, else a line every ten seconds. */
export interface Progress {
  /** @param done units of work out of the total. */
  update(done: number, note?: string): void;
}

/** What is shown of a piece of work. */
export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  /** What is counted, in the plural: "updates", "episodes". */
  readonly unit: string;
  /** Bar and clock begin with the first update: until then work may be refused, or read what was done before. */
  readonly fromFirstUpdate?: boolean;
}

interface Display extends Progress {
  stop(): void;
}

const sparseSeconds = 10;
/** Between two pictures of a bar. */
const drawSeconds = 0.1;

/** Shows how far `work` is. However it ends, no timer is left that would keep the process alive. */
export function withProgress<Result>(options: ProgressOptions, work: (progress: Progress) => Result): Result {
  const begin = (done: number): Display => (process.stderr.isTTY ? bar(options, done) : lines(options, done));
  let display = options.fromFirstUpdate === true ? undefined : begin(0);
  const stop = (): void => display?.stop();
  let result: Result;
  try {
    result = work({ update: (done, note) => (display ??= begin(done)).update(done, note) });
  } catch (error) {
    stop();
    throw error;
  }
  if (result instanceof Promise) return result.finally(stop) as Result;
  stop();
  return result;
}

/** Units per second and the time left, in words. */
export function describePace(done: number, total: number, begun: number, seconds: number): string {
  const rate = (done - begun) / seconds;
  if (!(rate > 0)) return done < total ? "starting" : "done";
  const shown = rate >= 10 ? rate.toFixed(0) : rate.toFixed(rate >= 1 ? 1 : 2);
  return `${shown}/s, ${describeSeconds((total - done) / rate)} left`;
}

export function describeSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

/** Those on the screen; works that go on at once have one each. */
let bars: MultiBar | null = null;
let running = 0;

function bar({ label, total, unit }: ProgressOptions, begun: number): Display {
  const seconds = stopwatch();
  // With `linewrap` lines are cut to fit, so that the bar must leave room for the time left; and the terminal's own modes
  // stay as they are: who is killed cannot put them back.
  bars ??= new MultiBar({ stream: process.stderr, linewrap: true, barsize: 20 }, Presets.shades_classic);
  running++;
  const one = bars.create(
    total,
    begun,
    { pace: "starting", note: "" },
    { format: `${label} {bar} {value}/{total} ${unit} | {pace} {note}` },
  );
  bars.update();
  let drawn = -Infinity;
  return {
    update(done, note = "") {
      const now = seconds();
      one.update(done, {
        pace: describePace(done, total, begun, now),
        note: note === "" ? "" : `| ${note}`,
      });
      // Work that holds the thread lets no timer run.
      if (now - drawn < drawSeconds) return;
      drawn = now;
      bars?.update();
    },
    stop() {
      one.stop();
      running--;
      if (running > 0) return;
      bars?.stop();
      bars = null;
    },
  };
}

function lines({ label, total, unit }: ProgressOptions, begun: number): Display {
  const seconds = stopwatch();
  let last = 0;
  return {
    update(done, note = "") {
      const now = seconds();
      if (now - last < sparseSeconds && done < total) return;
      last = now;
      const tail = note === "" ? "" : `, ${note}`;
      process.stderr.write(
        `${label}: ${done}/${total} ${unit}, ${describePace(done, total, begun, now)}${tail}\n`,
      );
    },
    stop() {},
  };
}
