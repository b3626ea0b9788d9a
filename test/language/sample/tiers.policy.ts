import { tier } from "writ";

/** First-party workloads attested by SPIRE. */
export const workload = tier({
  trust: 40,                                   // orders tiers; an operation may demand a minimum
  authentication: ["mtls", "svid", "dpop"],
  tokenLifetime: { bound: "60m", bearer: "5m" },   // a leaf left out is not accepted
  revocationDelay: "60s",                      // older knowledge of revocations than this denies
  grantLifetime: "365d",
  dormantAfter: "45d",
  wildcards: true,
});
export const partner = tier({ trust: 20, authentication: ["mtls", "dpop"], tokenLifetime: { bound: "15m" }, revocationDelay: "30s", grantLifetime: "180d", dormantAfter: "45d" });
/** An API that cannot validate tokens yet: the key is a name for an identity, nothing more. */
export const legacyKey = tier({ trust: 5, authentication: ["key"], keyRotation: "90d", revocationDelay: "10s", grantLifetime: "90d", sunset: "2027-03-31" });
