import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a worker thread on a TypeScript module. A thread does not inherit the loader that makes TypeScript run in
 * Node 20, so it registers the loader itself before it imports the module.
 */
export function startWorker(module: URL, options: WorkerOptions): Worker {
  const loader = import.meta.resolve("tsx/esm/api");
  const bootstrap = `
    import(${JSON.stringify(loader)})
      .then(({ register }) => register())
      .then(() => import(${JSON.stringify(module.href)}));
  `;
  return new Worker(bootstrap, { ...options, eval: true });
}
