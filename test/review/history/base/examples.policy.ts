import { example } from "writ";
import {
  acme,
  bookkeeping,
  globex,
  labelPrinters,
  mainframe,
  onCall,
  payments,
  replenishment,
  settlement,
} from "./identities.policy.ts";
import { ledger } from "./ledger.policy.ts";
import { orders } from "./orders.policy.ts";
import { charges, payouts, statements } from "./payments.policy.ts";

// Every reason that a decision can have is shown here at least once, in the order in which a request is looked at.
const now = "2026-11-24T09:00Z";

example("nothing is allowed before a policy is loaded", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  policy: "absent",
  expect: "policy-missing",
});

example("a policy ends", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  policy: { from: "2026-11-01", until: "2026-11-24" },
  expect: "policy-expired",
});

example("a recalled policy decides nothing", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  policy: { sequence: 41 },
  revocations: { floor: 42 },
  expect: "policy-below-floor",
});

example("a time that is no number is refused", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  input: { time: "soon" },
  expect: "input-malformed",
});

example("nine audiences are too many to look at", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { aud: ["a", "b", "c", "d", "e", "f", "g", "h", "i"] },
  expect: "input-limit",
});

example("a health check needs no credential", {
  by: "nobody",
  call: "GET orders.example.com/v1/healthz",
  at: now,
  expect: "allow",
});

example("nor does a revoked caller need one for it", {
  by: acme,
  call: "GET payments.example.com/ready",
  at: now,
  revocations: { identities: ["acme"] },
  expect: "allow",
});

example("an order needs a credential", {
  by: "nobody",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  expect: "credential-missing",
});

example("a token of a stranger is refused", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  token: { iss: "https://id.example.org" },
  expect: "issuer-unknown",
});

example("a region that does not exist is no region", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "mars", tenant: "t1" },
  scopes: [orders.read],
  expect: "claims-malformed",
});

example("a token that cannot be revoked is refused", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { jti: undefined },
  expect: "claims-malformed",
});

example("a workload that nobody declared is unknown", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { sub: "spiffe://example.org/ns/checkout/sa/stranger" },
  expect: "identity-unknown",
});

example("a token in the hands of another workload is refused", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  peer: { spiffe: "spiffe://example.org/ns/search/sa/api-eu" },
  expect: "identity-conflict",
});

example("replenishment does not exist before the warehouse opens", {
  by: replenishment,
  call: "GET payments.example.com/v2/charges/c1",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [charges.read],
  expect: "identity-inactive",
});

example("a workload waits for revocations no longer than a minute", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  revocations: { age: "61s" },
  expect: "revocations-stale",
});

example("at a minute they are still fresh", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  revocations: { age: "60s" },
  expect: { allow: true, grants: ["europeanOrders"] },
});

example("without any word of revocations nothing is allowed", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  revocations: "absent",
  expect: "revocations-stale",
});

example("a revoked partner is out", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  revocations: { identities: ["acme"] },
  expect: "revoked",
});

example("so is everything of a revoked owner", {
  by: globex,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  revocations: { owners: ["partners@example.com"] },
  expect: "revoked",
});

example("a revoked token is out, its sender is not", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  revocations: { tokens: { corp: ["example"] } },
  expect: "revoked",
});

example("a token for another audience is not for us", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { aud: "https://elsewhere.example.com" },
  expect: "audience",
});

example("nor is one for many", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { aud: ["https://apis.example.com", "https://elsewhere.example.com"] },
  expect: "audience",
});

example("a token of tomorrow is not valid yet", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { nbf: 1795597200 },
  expect: "token-not-yet-valid",
});

example("a token of yesterday has expired", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { iat: 1795509000, exp: 1795510800 },
  expect: "token-expired",
});

example("a token for a day lives too long", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { exp: 1795597200 },
  expect: "token-lifetime",
});

example("a partner's token without a binding is nobody's", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  presented: "bearer",
  expect: "token-lifetime",
});

example("a bound token over another certificate is refused", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  peer: { "x5t#S256": "another" },
  expect: "authentication",
});

example("a key that was not rotated opens nothing", {
  by: mainframe,
  call: "POST ledger.example.com/entries",
  at: now,
  key: "mainframe-2026-07",
  expect: "authentication",
});

example("a path is refused, never repaired", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/../t2/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "path-not-canonical",
});

example("what no document describes does not exist", {
  by: "checkout-api-eu",
  call: "DELETE orders.example.com/v1/tenants/t1/orders/9",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.write],
  expect: "operation-unknown",
});

example("a repository is not deleted by a program", {
  by: "ci-infrastructure-deploy",
  call: "DELETE api.github.com/repos/example/docs",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:code:write"],
  expect: "operation-unknown",
});

example("connected software is not trusted with refunds", {
  by: bookkeeping,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.write, orders.refund],
  expect: "trust",
});

example("a token that says read cannot write", {
  by: "checkout-api-eu",
  call: "POST orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "scope-missing",
});

example("a coarse scope of old is spelled out", {
  by: "checkout-api-eu",
  call: "POST orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: ["Orders.ReadWrite.All"],
  expect: { allow: true, grants: ["europeanOrders"] },
});

example("what a token says is not yet granted", {
  by: "checkout-api-us",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "us", tenant: "t1" },
  scopes: [orders.read],
  expect: "scope-not-granted",
});

example("a grant that ended grants nothing", {
  by: globex,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "silver" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("an emergency ends by itself", {
  by: acme,
  call: "POST orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.write],
  expect: "grant-inactive",
});

example("nobody reads another tenant", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t2/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "condition",
});

example("an escape in a tenant is no tenant", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t%20/orders",
  at: now,
  claims: { region: "eu", tenant: "t%20" },
  scopes: [orders.read],
  expect: "condition",
});

example("connected software reads for gold contracts only", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "silver" },
  scopes: [orders.read],
  expect: "condition",
});

example("no refund from the guest network", {
  by: payments,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.write, orders.refund],
  ip: "203.0.113.7",
  expect: "denied",
});

example("nor where the address is not known", {
  by: payments,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.write, orders.refund],
  expect: "denied",
});

example("no code is written from a branch that nobody protects", {
  by: "ci-docs-deploy",
  call: "PUT api.github.com/repos/example/docs/contents/index.md",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:write"],
  expect: "scope-not-granted",
});

example("payments refunds its own tenant", {
  by: payments,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.write, orders.refund],
  ip: "198.51.100.7",
  expect: { allow: true, grants: ["paymentsOrders"] },
});

example("settlement is the narrower name", {
  by: settlement,
  call: "POST payments.example.com/v2/payouts/p1/approval",
  at: now,
  claims: { region: "ap", tenant: "t1", seats: 100 },
  scopes: [payouts.approve],
  expect: { allow: true, grants: ["settlementPayouts"] },
});

example("its SVID alone carries what needs no claim", {
  by: settlement,
  call: "GET ledger.example.com/accounts/4711",
  at: now,
  credential: "svid",
  expect: {
    allow: true,
    grants: ["settlementLedger"],
    headers: { "x-caller": "settlement", "x-owner": "team-payments@example.com", "x-role": "viewer" },
  },
});

example("the mainframe posts with its key", {
  by: mainframe,
  call: "POST ledger.example.com/entries",
  at: now,
  key: "mainframe-2026-10",
  expect: {
    allow: true,
    grants: ["mainframePosts"],
    headers: { "x-caller": "mainframe", "x-owner": "team-ledger@example.com", "x-role": "clerk" },
  },
});

example("the printers read labels, nothing else", {
  by: labelPrinters,
  call: "GET ledger.example.com/accounts/4711",
  at: now,
  expect: "condition",
});

example("the printers read labels", {
  by: labelPrinters,
  call: "GET ledger.example.com/labels/b1",
  at: now,
  expect: {
    allow: true,
    grants: ["printersRead"],
    headers: { "x-caller": "labelPrinters", "x-owner": "team-shipping@example.com", "x-role": "viewer" },
  },
});

example("a partner reads its statements", {
  by: acme,
  call: "GET payments.example.com/v2/statements/acme/2026/11.csv",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [statements.read],
  expect: { allow: true, grants: ["acmeStatements"] },
});

example("the night's export", {
  by: "search-exporter-us",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: now,
  claims: { region: "us", tenant: "t1" },
  scopes: [orders.export],
  expect: { allow: true, grants: ["nightlyExport"] },
});

example("a pipeline reads its own organisation", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  expect: { allow: true, grants: ["buildsRead"] },
});

example("publishing a package is not running a workflow", {
  by: "ci-release-tools-release",
  call: "POST api.github.com/repos/example/docs/dispatches",
  at: now,
  claims: { repository: "example/release-tools", ref: "refs/heads/main", protected: true },
  scopes: ["github:packages:write"],
  expect: "scope-missing",
});

example("the person on call corrects the ledger", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  expect: "allow",
});
