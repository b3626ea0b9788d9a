/** One worker's share of a run of `exact-run.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { exact, type Share } from "./exact.ts";

parentPort?.postMessage(exact(workerData as Share));
