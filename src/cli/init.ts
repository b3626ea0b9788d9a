/** `writ init [FOLDER]`: a small estate that checks, tests and builds, to be changed into one's own. */
import { WritError } from "../diagnostics/index.ts";
import type { Host } from "./host.ts";
import { type Exit, exits } from "./output.ts";
import { absolute } from "./paths.ts";

export function init(host: Host, folder: string): Exit {
  const path = absolute(host, folder);
  const there = host.entries(path);
  if (there ? there.length > 0 : host.realPath(path) !== undefined) throw WritError.of("WRIT5085", { path: folder });
  for (const [name, text] of Object.entries(estate)) {
    host.write(`${path}/${name}`, text);
    host.print(`${folder}/${name}\n`);
  }
  host.print(`\nnext: \`writ test ${folder}\`, then \`writ build ${folder}\`\n`);
  return exits.ok;
}

/** A test compiles it, decides its examples and builds it. */
export const estate: Readonly<Record<string, string>> = {
  "tiers.policy.ts": `import { tier } from "writ";

/** Our own workloads, attested when they start. */
export const workload = tier({
  trust: 40,
  authentication: ["mtls", "dpop", "svid"],
  tokenLifetime: { bound: "60m" },
  revocationDelay: "60s",
});

/** Other companies: shorter tokens, grants that end. */
export const partner = tier({
  trust: 20,
  authentication: ["mtls", "dpop"],
  tokenLifetime: { bound: "15m" },
  revocationDelay: "30s",
  grantLifetime: "180d",
});
`,
  "identities.policy.ts": `import { identity, issuer, registry } from "writ";
import { partner, workload } from "./tiers.policy.ts";

export const corp = issuer("https://id.example.com", {
  audience: "https://apis.example.com",
  keys: "https://id.example.com/jwks.json",
  algorithms: ["ES256"],
  claims: { tenant: "string" },
});

export const shop = identity({
  tier: workload,
  issuer: corp,
  subject: "spiffe://example.org/ns/shop/sa/*",
  owner: "team-shop@example.com",
});

export const acme = identity({
  tier: partner,
  issuer: corp,
  subject: "acme-settlement",
  owner: "partners@example.com",
  expires: "2027-06-30",
});

/** Many identities, from where they are kept: one row each. */
export const fleet = registry("./fleet.json", { issuer: corp });
`,
  "fleet.json": `[
  { "name": "report-1", "tier": "workload", "owner": "team-data@example.com", "subject": "spiffe://example.org/ns/data/sa/report-1" },
  { "name": "report-2", "tier": "workload", "owner": "team-data@example.com", "subject": "spiffe://example.org/ns/data/sa/report-2" }
]
`,
  "orders.policy.ts": `import { api, condition, example, grant, scopes } from "writ";
import { acme, corp, fleet, shop } from "./identities.policy.ts";

export const orders = scopes("orders", ["read", "write"], { implies: { write: ["read"] } });

export const ordersApi = api("orders.example.com", {
  operations: {
    "GET /v1/tenants/{tenant}/orders": orders.read,
    "POST /v1/tenants/{tenant}/orders": orders.write,
    "GET /healthz": "public",
  },
});

const ownTenant = condition(corp, (r) => r.claims.tenant === r.params.tenant);

export const shopWrites = grant({ to: shop, scopes: [orders.write], when: ownTenant });
export const fleetReads = grant({ to: fleet, scopes: [orders.read], when: ownTenant });
export const acmeReads = grant({
  to: acme,
  scopes: [orders.read],
  on: ordersApi,
  when: ownTenant,
  from: "2026-11-01",
  until: "2027-04-30",
  approved: { by: "security@example.com", ticket: "SEC-1" },
});

example("the shop writes an order of its own tenant", {
  by: shop,
  subject: "spiffe://example.org/ns/shop/sa/checkout",
  call: "POST orders.example.com/v1/tenants/t1/orders",
  claims: { tenant: "t1" },
  scopes: [orders.write],
  expect: "allow",
});

example("the shop does not touch another tenant", {
  by: shop,
  subject: "spiffe://example.org/ns/shop/sa/checkout",
  call: "POST orders.example.com/v1/tenants/t2/orders",
  claims: { tenant: "t1" },
  scopes: [orders.write],
  expect: "condition",
});

example("the partner reads", {
  by: acme,
  at: "2026-12-01T12:00Z",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  claims: { tenant: "t1" },
  scopes: [orders.read],
  expect: { allow: true, grants: ["acmeReads"] },
});

example("the partner does not write", {
  by: acme,
  call: "POST orders.example.com/v1/tenants/t1/orders",
  claims: { tenant: "t1" },
  scopes: [orders.write],
  expect: "scope-not-granted",
});

example("everybody may ask whether it is up", {
  by: "nobody",
  call: "GET orders.example.com/healthz",
  expect: "allow",
});
`,
  "tsconfig.json": `{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "strict": true,
    "noEmit": true,
    "types": [],
    "allowImportingTsExtensions": true
  },
  "include": ["**/*.policy.ts"]
}
`,
};
