/** A model to Rego and data for stock OPA. */
export { regoBesideWasm } from "./beside-wasm.ts";
export type { Place, Positions } from "./condition.ts";
export { emitRego, type RegoOptions } from "./emit-rego.ts";
export { checkLimits } from "./limits.ts";
