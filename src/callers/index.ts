/** Who asks: the file of callers, what proves each of them, and how often they may. */
export { type Caller, type CallerRole, callerRoles, type RevokerScope } from "./caller.ts";
