/** A publisher on two ports: one for gateways, one for people. */
export { type DecisionSink, fileDecisionSink } from "./decision-sink.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export type { LogPort } from "./log.ts";
export type { Address, ServeOptions, Tls } from "./options.ts";
export { type Served, serve } from "./serve.ts";
