/** Runs a fuzzer in a thread of its own and ends it when one case does not come back. */
import { AssertionError } from "node:assert";
import { Worker } from "node:worker_threads";

export interface Watched {
  /** What the fuzzer is given. */
  readonly task: unknown;
  /** It adds one for every case that it begins. */
  readonly begun: Int32Array<SharedArrayBuffer>;
}

/**
 * @param url a file that takes `Watched` as its `workerData` and posts one message, its figures
 * @param bound how many milliseconds one case may take, whatever else the machine does meanwhile
 */
export function runWatched<Figures>(url: URL, task: unknown, bound: number): Promise<Figures> {
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(url, { workerData: { task, begun } satisfies Watched });
  return new Promise((resolve, reject) => {
    let [seen, since] = [-1, performance.now()];
    const watch = setInterval(() => {
      const now = Atomics.load(begun, 0);
      if (now !== seen) [seen, since] = [now, performance.now()];
      else if (performance.now() - since > bound)
        settle(() => reject(new AssertionError({ message: `case ${now} hangs: ${JSON.stringify(task)}` })));
    }, 100);
    const settle = (end: () => void): void => {
      clearInterval(watch);
      void worker.terminate();
      end();
    };
    worker.once("message", (figures: Figures) => settle(() => resolve(figures)));
    worker.once("error", (error) => settle(() => reject(error)));
  });
}
