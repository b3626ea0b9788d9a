/** What must never be, proved of all requests; and what nobody asked for: rules that are of no use. */
export { proveNevers, type Violation } from "./nevers.ts";
export { type Places, sayNevers, sayUnused } from "./prove.ts";
export { type Finding, type Findings, findUnused, type Unreachable } from "./unused.ts";
export type { Idle } from "./use.ts";
