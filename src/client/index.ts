/** A gateway that follows its publisher: verifies, polls, swaps, ages, reports, and denies by itself when it hears nothing. */
export { WritError } from "../diagnostics/index.ts";
export type { GatewayDecision, Input } from "../gateway/index.ts";
export type { Store } from "../trust/index.ts";
export type { DecisionLogOptions } from "./decision-log.ts";
export type { Environment } from "./environment.ts";
export type { GatewayRequest, Health, LiveGateway } from "./live-gateway.ts";
export { type GatewayOptions, openGateway } from "./open-gateway.ts";
export type { Problem } from "./problems.ts";
