/** A model to Rego and data for stock OPA. */
export type { Place, Positions } from "./condition.ts";
export { emitRego, type RegoOptions } from "./emit-rego.ts";
export { checkLimits } from "./limits.ts";
