/** From the trees of all policy files to the one model. */
export { type Checked, check } from "./check.ts";
export type { DataFiles } from "./estate.ts";
export { type Caller, defaultMethod, fillIn, type Json, type JsonObject, type Said } from "./example-input.ts";
export { nearest } from "./nearest.ts";
export { formatDuration } from "./time.ts";
