import { api, condition, grant, scopes } from "writ";
import { acme, fleet, payments, replenishment, settlement } from "./identities.policy.ts";
import { corp, external } from "./issuers.policy.ts";

export const charges = scopes("payments:charges", ["read", "create"]);
export const payouts = scopes("payments:payouts", ["read", "create", "approve"], { implies: { create: ["read"] } });
export const statements = scopes("payments:statements", ["read"]);

export const paymentsApi = api("payments.example.com", {
  operations: {
    "GET /ready": "public",
    "GET /v2/charges/{charge}": charges.read,
    "POST /v2/charges": charges.create,
    "GET /v2/payouts/{payout}": payouts.read,
    "POST /v2/payouts": { scopes: [payouts.create], minTrust: 60 },
    "POST /v2/payouts/{payout}/approval": { scopes: [payouts.approve], minTrust: 60 },
    "GET /v2/statements/{file...}": statements.read,
  },
});

const large = condition(corp, (r) => r.claims.seats !== undefined && r.claims.seats >= 100);
const ownStatements = condition(external, (r) => r.params.file.startsWith("acme/"));

export const chargesEverywhere = grant({
  to: fleet,
  scopes: ["payments:charges:read"],
  from: "2026-01-01",
  until: "2026-12-31",
});
export const paymentsService = grant({
  to: payments,
  scopes: ["payments:*:{read,create}"],
  from: "2026-06-01",
  until: "2027-05-31",
});
export const settlementPayouts = grant({
  to: settlement,
  scopes: ["payments:**"],
  when: (r) => large(r) || ["eu", "us"].includes(r.claims.region),
  from: "2026-06-01",
  until: "2027-05-31",
});
export const replenishmentCharges = grant({
  to: replenishment,
  scopes: [charges.read],
  from: "2027-01-01",
  until: "2027-12-31",
});
export const acmeStatements = grant({
  to: acme,
  scopes: [statements.read],
  when: ownStatements,
  from: "2026-07-01",
  until: "2027-06-30",
  approved: { by: "sec@example.com", ticket: "SEC-415" },
});
