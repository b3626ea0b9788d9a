import { api, cidr, condition, deny, emergency, grant, group, identity, issuer, scopes, tier } from "writ";

const workload = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "15m" }, grantLifetime: "180d", wildcards: true });
const partner = tier({ trust: 20, authentication: ["mtls"], tokenLifetime: { bound: "15m" }, emergencyLifetime: "2h" });
const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { tenant: "string" } });
const net = issuer("https://id.example.org", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { tenant: "string" } });
const payments = identity({ tier: workload, issuer: corp, subject: "payments", owner: "team@example.com" });
const acme = identity({ tier: partner, issuer: net, subject: "acme", owner: "team@example.com", expires: "2027-06-30" });
const all = group([payments, acme], (i) => i.owner === "team@example.com");
const orders = scopes("orders", ["read", "write"]);
const ordersApi = api("orders.example.com", {
  operations: { "GET /v1/tenants/{tenant}/orders": orders.read, "POST /v1/orders": orders.write },
});
const ownTenant = condition(corp, (r) => r.claims.tenant === r.params.tenant);

const wide = grant({ to: all, scopes: ["orders:*"], until: "2027-01-31", approved: { by: "sec@example.com" } });
const endless = grant({ to: acme, scopes: [orders.read] });
const long = grant({ to: payments, scopes: [orders.read], from: "2026-01-01", until: "2027-01-01" });
const never = grant({ to: payments, scopes: [orders.read], from: "2027-01-01", until: "2027-01-01" });
const parameter = grant({ to: payments, scopes: [orders.read, orders.write], when: ownTenant });
const inline = grant({ to: payments, scopes: [orders.write], when: (r) => r.params.tenant === "t1" || r.claims.tenant === "t1" });
const mixed = grant({ to: [payments, acme], scopes: [orders.read], when: (r) => r.claims.tenant === "t1", until: "2027-01-31", approved: { by: "sec@example.com" } });
const foreign = grant({ to: acme, scopes: [orders.read], when: ownTenant, until: "2027-01-31", approved: { by: "sec@example.com" } });
const header = grant({ to: payments, scopes: [orders.read], when: (r) => r.request.headers["x-team"] === "blue" });
const address = grant({ to: payments, scopes: [orders.read], when: (r) => cidr("10.0.0.0/8").contains(r.request.ip) });
const twice = grant({ to: payments, scopes: ["orders:*", "orders:read", orders.write] });
const fine = deny({ to: all, scopes: [orders.read], when: (r) => r.request.headers["x-team"] === "red" || cidr("10.0.0.0/8").contains(r.request.ip) });
const quick = emergency({
  to: acme, scopes: [orders.write], from: "2026-11-20T08:00Z", until: "2026-11-20T11:00Z",
  approved: { by: ["a@example.com", "b@example.com"] }, reason: "replay",
});
