export interface SecondsPerCall {
  /** By the clock on the wall, and by what the process was given of the CPU. */
  readonly wall: number;
  readonly cpu: number;
}

/**
 * Repeats `work` for about `seconds`, after a first, untimed round, and returns the seconds per call.
 * @param batch calls between two looks at the clock.
 */
export function secondsPerCall(work: () => void, seconds: number, batch = 1): SecondsPerCall {
  for (let i = 0; i < batch; i++) work();
  const start = performance.now();
  const startCpu = process.cpuUsage();
  let calls = 0;
  let elapsed = 0;
  do {
    for (let i = 0; i < batch; i++) work();
    calls += batch;
    elapsed = (performance.now() - start) / 1000;
  } while (elapsed < seconds);
  const { user, system } = process.cpuUsage(startCpu);
  return { wall: elapsed / calls, cpu: (user + system) / 1e6 / calls };
}
