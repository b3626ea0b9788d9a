/** Every sentence we say to a person. */

export { assert, unreachable } from "./bug.ts";
export {
  byPlace,
  type Diagnostic,
  type Edit,
  type Extras,
  type Fix,
  type Related,
  type Result,
  report,
  type Severity,
} from "./diagnostic.ts";
export { type JsonProblem, jsonProblems } from "./json-problems.ts";
export { type Position, positionAt, type Source, type Span } from "./span.ts";
export { type Code, type Entry, type Parameters, table } from "./table.ts";
export { WritError } from "./writ-error.ts";
