import { api, cidr, deny, emergency, grant, identity, issuer, scopes, tier } from "writ";

const workload = tier({ trust: 140, authentication: ["tls"], tokenLifetime: { bound: "1.5h", bearr: "5m" }, wildcard: true });
const partner = tier({ trust: 20, authentication: ["mtls", "bearer", "mtls"], tokenLifetime: { bound: "15m" }, keyRotation: "90d" });
const corp = issuer("http://id.example.com", { audience: "", algorithms: ["HS256"], claims: { sub: "string", tenant: "text" } });
const good = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { region: ["eu", "us"] } });
// Nothing follows from what is wrong above.
const payments = identity({ tier: workload, issuer: corp, subject: "payments", owner: "team@example.com" });
const acme = identity({ tier: partner, issuer: good, subject: "spiffe://example.org/ns/*", expires: "2027-13-01" });
const scanner = identity({ tier: good, issuer: good, subject: "scanner", owner: "team@example.com" });
const settle = identity({ tier: partner, issuer: good, subject: "settle", owner: "team@example.com", expires: "2027-06-30" });
const orders = scopes("orders", ["read", "write", "Refund"], { implies: { wirte: ["read"] } });
const refunds = scopes("refunds", ["read", "write"], { implies: { write: ["raed"] } });
const invoices = scopes("invoices", ["read", "write"]);
const host = api("https://invoices.example.com/", {
  operations: {
    "GET /v1/invoices": invoices.reed,
    "get /v1/invoices/{id}": invoices.read,
    "POST /v1//invoices": invoices.write,
    "PUT /v1/invoices": "open",
    "PATCH /v1/invoices": [],
  },
  headers: { "X-Caller": "{identity}", "x-tier": "{teir}" },
});
const wide = grant({ to: settle, scopes: ["invoices:*", "invoices:raed"], until: "soon" });
const bare = grant({ to: settle, scopes: [invoices.read], when: (r) => r.claims.region === "mars" });
const odd = grant({ to: good, scopes: invoices.read, reason: 7 });
const stop = deny({ to: [], scopes: [], on: settle });
const now = emergency({
  to: settle, scopes: [invoices.write], from: "2026-11-20T08:00Z", until: "2026-11-20T20:00Z",
  approved: { by: ["a@example.com", " a@example.com"] }, reason: "",
});
tier({ trust: 1 });
