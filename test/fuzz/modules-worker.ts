/** `modules.ts` in a thread that can be ended. */
import { parentPort, workerData } from "node:worker_threads";
import { fuzzModules, type ModuleTask } from "./modules.ts";
import type { Watched } from "./watched.ts";

const { task, begun } = workerData as Watched;
parentPort?.postMessage(fuzzModules(task as ModuleTask, begun));
