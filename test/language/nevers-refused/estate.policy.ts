import { api, condition, grant, group, identity, issuer, never, scopes, tier } from "writ";

const workload = tier({ trust: 40, authentication: ["mtls", "key"], tokenLifetime: { bound: "15m" }, keyRotation: "90d" });
const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { tenant: "string" } });
const net = issuer("https://id.example.org", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { contract: ["gold", "silver"] } });
const payments = identity({ tier: workload, issuer: corp, subject: "payments", owner: "team@example.com" });
const acme = identity({ tier: workload, issuer: net, subject: "acme", owner: "team@example.com" });
const all = group([payments, acme], (i) => i.owner === "team@example.com");
const orders = scopes("orders", ["read", "write"]);
const ordersApi = api("orders.example.com", {
  operations: { "GET /v1/tenants/{tenant}/orders": orders.read, "POST /v1/orders": orders.write },
});
const ownTenant = condition(corp, (r) => r.claims.tenant === r.params.tenant);
const ours = grant({ to: payments, scopes: [orders.read], on: ordersApi, when: ownTenant });

never("", { scopes: [orders.read] });
never("without scopes", { by: all });
never("by an API", { by: ordersApi, scopes: [orders.read] });
never("of no scope", { scopes: ["billing:*"] });
never("with claims of many", { by: all, scopes: [orders.read], when: (r) => r.claims.tenant === "t1" });
never("with claims of a tier", { by: [payments, workload], scopes: [orders.read], when: (r) => r.claims.tenant === "t1" });
never("with claims of another issuer", { issuer: net, scopes: [orders.read], when: ownTenant });
never("without a parameter", { issuer: corp, scopes: ["orders:*"], when: (r) => r.claims.tenant !== r.params.tenant });
never("twice", { scopes: [orders.write] });
never("twice", { scopes: ["orders:write"] });
never("redundant", { scopes: ["orders:*", orders.write] });
never("for a while", { scopes: [orders.write], until: "2027-01-01" });
const named = never("as a constant", { scopes: [orders.write] });
