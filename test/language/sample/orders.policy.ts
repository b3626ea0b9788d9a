import { api, cidr, condition, deny, emergency, example, grant, never, scopes } from "writ";
import { acme, batch, corp, payments } from "./identities.policy.ts";
import { partner } from "./tiers.policy.ts";

export const orders = scopes("orders", ["read", "write", "refund"], { implies: { write: ["read"] } });   // declared, never inferred from spelling

export const ordersApi = api("orders.example.com", {
  openapi: "./orders.openapi.yaml",                 // every operation in it must be mapped, or the build fails
  operations: {
    "GET /v1/tenants/{tenant}/orders": orders.read,
    "GET /v1/tenants/{tenant}/orders/{id}": orders.read,
    "POST /v1/tenants/{tenant}/orders": orders.write,
    "POST /v1/tenants/{tenant}/orders/{id}/refunds": { scopes: [orders.write, orders.refund], minTrust: 20 },
    "GET /healthz": "public",                       // said out loud; the diff shows it as what it is
  },
  headers: { "x-caller": "{identity}", "x-role": { "orders:write": "clerk", "orders:read": "viewer" } },   // translation for the upstream
});

const ownTenant = condition(corp, (r) => r.claims.tenant === r.params.tenant);   // the issuer gives `r.claims` its types

export const paymentsRefund = grant({ to: payments, scopes: ["orders:*"], when: (r) => r.claims.region === "eu" && ownTenant(r) });
export const acmeReads = grant({ to: acme, scopes: [orders.read], on: ordersApi, when: ownTenant, until: "2027-01-31", approved: { by: "sec@example.com", ticket: "SEC-412" } });
export const batchReads = grant({ to: batch, scopes: ["*:read"], when: ownTenant });   // without the condition the second `never` below fails

export const noNightRefunds = deny({ to: [payments], scopes: [orders.refund], when: (r) => cidr("203.0.113.0/24").contains(r.request.ip) });

export const incident77 = emergency({ to: acme, scopes: [orders.write], from: "2026-11-20T08:00Z", until: "2026-11-20T12:00Z",
  approved: { by: ["a@example.com", "b@example.com"], ticket: "INC-77" }, reason: "settlement replay" });

never("partners never refund", { by: partner, scopes: [orders.refund] });
never("nobody crosses tenants", { issuer: corp, scopes: ["orders:*"], when: (r) => r.claims.tenant !== r.params.tenant });

example("payments refunds its own tenant in the EU", {
  by: payments, subject: "spiffe://example.org/ns/payments/sa/worker", call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  claims: { region: "eu", tenant: "t1", groups: [] }, scopes: [orders.write, orders.refund], expect: "allow",
});
