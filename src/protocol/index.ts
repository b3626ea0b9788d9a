/** What a publisher and its gateways say to each other; each message has one writer and one strict reader. */
export {
  blobName,
  type Held,
  largestAnswer,
  pollQuery,
  readPollAnswer,
  readPollQuery,
  writePollAnswer,
} from "./poll.ts";
export {
  type ListedRevocation,
  type RevocationPath,
  readRevocations,
  revocationLists,
  writeRevocations,
} from "./revocations.ts";
export {
  type DecisionCounts,
  largestStatus,
  type ReportedProblem,
  readStatusReport,
  type StatusReport,
  writeStatusReport,
} from "./status.ts";
export { type PolicyTarget, policyPath, type Ring, readPolicyTarget, revocationsPath, rings } from "./targets.ts";
