import { group, identity, issuer, registry } from "writ";
import { partner, workload } from "./tiers.policy.ts";

export const corp = issuer("https://id.example.com", {
  audience: "https://apis.example.com",
  keys: "https://id.example.com/jwks.json",
  algorithms: ["ES256", "EdDSA"],
  claims: { region: ["eu", "us"], tenant: "string", seats: "integer?", groups: "strings" },
  translate: { "Orders.ReadWrite.All": ["orders:read", "orders:write"] },   // a coarse legacy scope, spelled out
});
export const payments = identity({ tier: workload, issuer: corp, subject: "spiffe://example.org/ns/payments/sa/*", owner: "team-payments@example.com" });
export const acme = identity({ tier: partner, issuer: corp, subject: "acme-settlement", owner: "partners@example.com", expires: "2027-06-30" });
export const fleet = registry("./fleet.json", { issuer: corp });
export const batch = group(fleet, (i) => i.tags.includes("batch") && i.tier === workload);
