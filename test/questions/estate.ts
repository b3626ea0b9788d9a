/** A small estate with one of everything that an access matrix tells apart, and what a compilation makes of it. */
import { compile } from "../../src/compile.ts";
import type { Model } from "../../src/model/index.ts";

export const text = `import { api, deny, grant, group, identity, issuer, scopes, tier } from "writ";

const workload = tier({ trust: 40, authentication: ["mtls", "svid"], tokenLifetime: { bound: "60m" } });
const legacy = tier({ trust: 5, grantLifetime: "3650d", authentication: ["key"], keyRotation: "90d" });
const corp = issuer("https://id.example.com", {
  audience: "https://apis.example.com",
  algorithms: ["ES256"],
  claims: { region: ["eu", "us"], tenant: "string" },
});
const orders = scopes("orders", ["read", "write", "refund"], { implies: { write: ["read"] } });

export const checkout = identity({ tier: workload, issuer: corp, subject: "spiffe://example.org/ns/shop/sa/checkout", owner: "shop@example.com" });
export const packer = identity({ tier: workload, issuer: corp, subject: "packer", owner: "shop@example.com" });
export const reports = identity({ tier: workload, issuer: corp, subject: "reports", owner: "data@example.com" });
export const printer = identity({ tier: legacy, keys: { "printer-1": "2026-11-01" }, owner: "ops@example.com", expires: "2026-12-31" });
export const shop = group([checkout, packer], (i) => i.owner === "shop@example.com");

export const ordersApi = api("orders.example.com", {
  operations: {
    "GET /healthz": "public",
    "GET /v1/orders/{id}": orders.read,
    "POST /v1/orders": orders.write,
    "POST /v1/orders/{id}/refund": { scopes: [orders.write, orders.refund], minTrust: 30 },
  },
});

export const shopOrders = grant({ to: shop, scopes: [orders.write] });
export const refunds = grant({ to: checkout, scopes: [orders.refund], when: (r) => r.claims.region === "eu", until: "2027-05-31" });
export const reading = grant({ to: reports, scopes: [orders.read], from: "2026-06-01", until: "2026-07-01" });
export const printing = grant({ to: printer, scopes: [orders.read], until: "2027-06-30", approved: { by: "sec@example.com", ticket: "SEC-1" } });
/** A refund needs both, and no region is two, so \`reports\` never may. */
export const writesHere = grant({ to: reports, scopes: [orders.write], when: (r) => r.claims.region === "eu" });
export const refundsThere = grant({ to: reports, scopes: [orders.refund], when: (r) => r.claims.region === "us" });
export const noGuests = deny({ to: checkout, scopes: [orders.refund], when: (r) => r.request.headers["x-guest"] !== undefined });
`;

export function modelOf(policies: string): Model {
  const { value, diagnostics } = compile(
    { policies: [{ path: "shop.policy.ts", bytes: new TextEncoder().encode(policies) }], data: () => undefined },
    { emit: false },
  );
  if (!value.model) throw new TypeError(diagnostics.map(({ code, message }) => `${code} ${message}`).join("; "));
  return value.model;
}

export const model: Model = modelOf(text);
