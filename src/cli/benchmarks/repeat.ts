/**
 * Repeats `work` for about `seconds`, after a first, untimed round, and returns the seconds per call.
 * @param batch calls between two looks at the clock.
 */
export function secondsPerCall(work: () => void, seconds: number, batch = 1): number {
  for (let i = 0; i < batch; i++) work();
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  do {
    for (let i = 0; i < batch; i++) work();
    calls += batch;
    elapsed = (performance.now() - start) / 1000;
  } while (elapsed < seconds);
  return elapsed / calls;
}
