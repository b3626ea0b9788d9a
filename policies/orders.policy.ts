import { api, cidr, condition, deny, grant, scopes } from "writ";
import {
  acme,
  bookkeeping,
  deployments,
  european,
  exporters,
  globex,
  payments,
  settlement,
} from "./identities.policy.ts";
import { corp, external } from "./issuers.policy.ts";

export const orders = scopes("orders", ["read", "write", "export", "refund", "admin"], {
  implies: { write: ["read"], export: ["read"] },
});

export const ordersApi = api("orders.example.com", {
  openapi: "./orders.openapi.yaml",
  operations: {
    "GET /v1/healthz": "public",
    "GET /v1/tenants/{tenant}/orders/export": orders.export,
    "POST /v1/tenants/{tenant}/orders/{id}/refunds": { scopes: [orders.write, orders.refund], minTrust: 30 },
    "POST /v1/admin/reindex": { scopes: [orders.admin], minTrust: 60 },
  },
  tags: { orders: { read: orders.read, write: orders.write } },
});

const ownTenant = condition(corp, (r) => r.claims.tenant === r.params.tenant);
const contractTenant = condition(external, (r) => r.claims.tenant === r.params.tenant);

export const europeanOrders = grant({
  to: european,
  scopes: [orders.write],
  on: ordersApi,
  when: (r) => r.claims.region === "eu" && ownTenant(r),
  from: "2026-01-01",
  until: "2026-12-31",
});
export const nightlyExport = grant({
  to: exporters,
  scopes: [orders.export],
  when: (r) => r.claims.region !== "ap" && ownTenant(r),
  from: "2026-01-01",
  until: "2026-12-31",
});
export const paymentsOrders = grant({
  to: [payments, settlement],
  scopes: ["orders:{read,write,refund}"],
  when: ownTenant,
  from: "2026-06-01",
  until: "2027-05-31",
});
export const acmeOrders = grant({
  to: acme,
  scopes: [orders.read],
  on: ordersApi,
  when: contractTenant,
  from: "2026-07-01",
  until: "2027-06-30",
  approved: { by: "sec@example.com", ticket: "SEC-412" },
});
/** The logistics trial is over; the grant stays as its record until the contract ends. */
export const globexTrial = grant({
  to: globex,
  scopes: [orders.read],
  when: contractTenant,
  from: "2026-04-01",
  until: "2026-10-01",
  approved: { by: "sec@example.com", ticket: "SEC-377" },
});
export const bookkeepingOrders = grant({
  to: bookkeeping,
  scopes: [orders.read],
  when: (r) => r.claims.contract === "gold" && contractTenant(r),
  from: "2026-11-01",
  until: "2027-01-30",
  approved: { by: "sec@example.com", ticket: "SEC-433" },
});
export const deploymentsReindex = grant({
  to: deployments,
  scopes: [orders.admin],
  when: (r) => r.claims.protected && r.claims.ref === "refs/heads/main",
  from: "2026-09-01",
  until: "2027-02-27",
});

/** Refunds never come from the guest network, whoever asks. */
export const noGuestRefunds = deny({
  to: [payments, settlement],
  scopes: [orders.refund],
  when: (r) => cidr("203.0.113.0/24").contains(r.request.ip) || r.request.headers["x-guest"] !== undefined,
});
