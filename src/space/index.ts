/** All requests, finitely: classes of callers and operations, and diagrams of what is decided. */
export { callerClasses } from "./callers.ts";
export { carriedOtherwise } from "./carried.ts";
export type { CallerClass, CallerSide, CredentialKind, OperationClass, SegmentShape } from "./classes.ts";
export { type Cube, cover } from "./cover.ts";
export { type Diagram, Diagrams } from "./diagrams.ts";
export { Facts } from "./facts.ts";
export { and, ask, atomsOf, type Cell, type Dimension, type Formula, not, or, type Question } from "./formula.ts";
export { operationClasses } from "./operations.ts";
export { decided, type Outcome, Outcomes } from "./outcomes.ts";
export {
  appliesTo,
  type Demand,
  formulasOf,
  type Procedure,
  procedureOf,
  type Side,
  stateOf,
  type Until,
} from "./procedure.ts";
export { Scene, type Variable } from "./scene.ts";
export { date, freshness, now, seconds, type TokenTime, tokenTime } from "./times.ts";
