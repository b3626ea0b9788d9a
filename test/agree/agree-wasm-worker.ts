/** One worker's share of a run of `agree-wasm.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { agreeWasm, type WasmShare } from "./agree-wasm.ts";
import { maker } from "./maker.ts";

parentPort?.postMessage(agreeWasm(maker, workerData as WasmShare));
