/** The core of a gateway: verifies a bundle, starts the policy in it, decides. Runs wherever WebAssembly and Web Crypto do. */
export { type Key, type Keys, readKeys, type VerifyOptions } from "../bundle/index.ts";
export { WritError } from "../diagnostics/index.ts";
export type { Allow, Decision, Input, Reason, Refusal, Revocations } from "../model/index.ts";
export { Gateway } from "./gateway.ts";
export { type OpenOptions, openPolicy, type VerifiedPolicy, verifyPolicy } from "./open-policy.ts";
export type { EngineFault, GatewayDecision, Policy } from "./policy.ts";
export type { RevocationList, RevocationPatch, RevocationPath } from "./revocations.ts";
export type { EngineModule } from "./web-assembly.ts";
