/** Who asks: the file of callers, what proves each of them, and how often they may. */
export { authenticate, type Credentials, type Occasion, type Refusal, refusalOf } from "./authenticate.ts";
export { type Caller, type CallerRole, callerRoles, type RevokerScope } from "./caller.ts";
export { type NewGateway, newGateway } from "./gateway-token.ts";
export { largestJws } from "./jws.ts";
export { logLine, longestLogLine } from "./log-line.ts";
export { RateLimit, type RateLimitOptions } from "./rate-limit.ts";
export {
  type Callers,
  isCallerName,
  type KnownCaller,
  largestCallersFile,
  type Proof,
  readCallers,
} from "./read-callers.ts";
export { type Directory, eventErrorOf, readSecurityEvents, type SecurityEvents } from "./security-events.ts";
export { SeenTokens } from "./seen-tokens.ts";
export { thumbprintOf } from "./thumbprint.ts";
