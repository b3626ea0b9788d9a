import { group, identity, registry } from "writ";
import { corp, external, pipelines } from "./issuers.policy.ts";
import { automation, breakGlass, legacyKey, partner, thirdParty, workload } from "./tiers.policy.ts";

/** Every workload of the estate, from the inventory. */
export const fleet = registry("./fleet.ndjson", { issuer: corp });

/** Every pipeline, from the build system. */
export const builds = registry("./pipelines.csv", { issuer: pipelines });

export const exporters = group(fleet, (i) => i.tags.includes("batch") && i.tier === workload);
export const european = group(fleet, (i) => i.tags.includes("eu") && !i.tags.includes("standby"));
export const deployments = group(builds, (i) => i.tags.includes("production") && i.tier === automation);

/** The payments service scales by itself, so its workloads are a family. */
export const payments = identity({
  tier: workload,
  issuer: corp,
  subject: "spiffe://example.org/ns/payments/sa/*",
  owner: "team-payments@example.com",
});

/** The one payments workload that settles; narrower than the family, so it wins. */
export const settlement = identity({
  tier: workload,
  issuer: corp,
  subject: "spiffe://example.org/ns/payments/sa/settlement",
  owner: "team-payments@example.com",
});

/** A job that begins with the new warehouse. */
export const replenishment = identity({
  tier: workload,
  issuer: corp,
  subject: "spiffe://example.org/ns/warehouse/sa/replenishment",
  owner: "team-warehouse@example.com",
  from: "2027-01-01",
});

export const acme = identity({
  tier: partner,
  issuer: external,
  subject: "acme-settlement",
  owner: "partners@example.com",
  expires: "2027-06-30",
});
export const globex = identity({
  tier: partner,
  issuer: external,
  subject: "globex-logistics",
  owner: "partners@example.com",
  expires: "2027-03-31",
});
export const bookkeeping = identity({
  tier: thirdParty,
  issuer: external,
  subject: "bookkeeping-connector",
  owner: "marketplace@example.com",
  expires: "2027-02-28",
});

/** The mainframe job and the label printers know nothing but an API key. */
export const mainframe = identity({
  tier: legacyKey,
  keys: { "mainframe-2026-10": "2026-10-05", "mainframe-2026-07": "2026-07-06" },
  owner: "team-ledger@example.com",
  expires: "2027-03-31",
});
export const labelPrinters = identity({
  tier: legacyKey,
  keys: { "printers-2026-11": "2026-11-02" },
  owner: "team-shipping@example.com",
  expires: "2027-01-31",
});

/** The person on call, while an emergency lasts. */
export const onCall = identity({
  tier: breakGlass,
  issuer: corp,
  subject: "on-call",
  owner: "security@example.com",
  expires: "2027-12-31",
});
