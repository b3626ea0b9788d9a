import { tier } from "writ";

/** First-party workloads attested by SPIRE. */
export const workload = tier({
  trust: 80,
  authentication: ["mtls", "svid", "dpop", "bearer"],
  tokenLifetime: { bound: "60m", bearer: "5m" },
  revocationDelay: "60s",
  grantLifetime: "365d",
  dormantAfter: "45d",
  wildcards: true,
});

/** Pipelines and jobs: federated tokens bound to a key of the run, no stored secret. */
export const automation = tier({
  trust: 60,
  authentication: ["dpop", "mtls"],
  tokenLifetime: { bound: "15m" },
  revocationDelay: "30s",
  grantLifetime: "180d",
  dormantAfter: "30d",
  wildcards: true,
});

/** Companies under contract, each with a key of its own. */
export const partner = tier({
  trust: 30,
  authentication: ["mtls", "dpop"],
  tokenLifetime: { bound: "15m" },
  revocationDelay: "30s",
  grantLifetime: "365d",
  dormantAfter: "45d",
});

/** Software of others that our customers connect. */
export const thirdParty = tier({
  trust: 20,
  authentication: ["dpop", "mtls"],
  tokenLifetime: { bound: "10m" },
  revocationDelay: "15s",
  grantLifetime: "90d",
  dormantAfter: "30d",
});

/** Systems that cannot validate tokens yet: the key is a name for an identity, nothing more. */
export const legacyKey = tier({
  trust: 5,
  authentication: ["key"],
  keyRotation: "90d",
  revocationDelay: "15s",
  grantLifetime: "180d",
  dormantAfter: "30d",
  sunset: "2027-03-31",
});

/** People in an incident, through a bound token of a phishing-resistant login. */
export const breakGlass = tier({
  trust: 80,
  authentication: ["dpop", "mtls"],
  tokenLifetime: { bound: "15m" },
  revocationDelay: "10s",
  emergencyLifetime: "4h",
});
