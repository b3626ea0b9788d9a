/** Why a request is decided as it is: every step, what came near, and what would change the answer. */
export { applyChanges, type Change, inRequest, type Question } from "./change.ts";
export type { Flip } from "./flip.ts";
export type { Lack, NearRule } from "./near-rules.ts";
export { renderTrace } from "./render-trace.ts";
export { repairs } from "./repair.ts";
export { repairFacts } from "./repair-facts.ts";
export { type Scene, sceneOf } from "./scene.ts";
export { type Trace, type TraceStep, why } from "./why.ts";
