import { example } from "writ";
import { acme, bookkeeping, mainframe, onCall, payments, replenishment } from "./identities.policy.ts";
import { ledger } from "./ledger.policy.ts";
import { orders } from "./orders.policy.ts";
import { charges } from "./payments.policy.ts";

const now = "2026-11-24T09:00Z";

// What each tier asks of a credential, at the edge: what is just enough, and what is just too much.
example("a bound token of a workload lives an hour", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  presented: "dpop",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  revocations: { age: "60s" },
  expect: { allow: true, grants: ["europeanOrders"] },
});

example("a bound token of a workload does not live a second longer", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { exp: 1795514401 },
  expect: "token-lifetime",
});

example("a bound token of a pipeline lives 15 minutes", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  presented: "dpop",
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  revocations: { age: "30s" },
  expect: { allow: true, grants: ["buildsRead"] },
});

example("a bound token of a pipeline does not live a second longer", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  token: { exp: 1795511701 },
  expect: "token-lifetime",
});

example("a pipeline waits for revocations no longer than 30 seconds", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  revocations: { age: "31s" },
  expect: "revocations-stale",
});

example("a token of a pipeline is for us alone", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  token: { aud: ["https://apis.example.com", "https://elsewhere.example.com"] },
  expect: "audience",
});

example("a token of a pipeline can be revoked", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  token: { jti: undefined },
  expect: "claims-malformed",
});

example("a token of a pipeline over another certificate is refused", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  peer: { "x5t#S256": "another" },
  expect: "authentication",
});

example("a pipeline does not show a token that anybody could", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  presented: "bearer",
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  expect: "token-lifetime",
});

example("a bound token of a partner lives 15 minutes", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  presented: "dpop",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  revocations: { age: "30s" },
  expect: { allow: true, grants: ["acmeOrders"] },
});

example("a bound token of a partner does not live a second longer", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  token: { exp: 1795511701 },
  expect: "token-lifetime",
});

example("a partner waits for revocations no longer than 30 seconds", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  revocations: { age: "31s" },
  expect: "revocations-stale",
});

example("a token of a partner is for us alone", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  token: { aud: ["https://apis.example.com", "https://elsewhere.example.com"] },
  expect: "audience",
});

example("a token of a partner can be revoked", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  token: { jti: undefined },
  expect: "claims-malformed",
});

example("a token of a partner over another certificate is refused", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  peer: { "x5t#S256": "another" },
  expect: "authentication",
});

example("a bound token of connected software lives 10 minutes", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  presented: "dpop",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  revocations: { age: "15s" },
  expect: { allow: true, grants: ["bookkeepingOrders"] },
});

example("a bound token of connected software does not live a second longer", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  token: { exp: 1795511401 },
  expect: "token-lifetime",
});

example("connected software waits for revocations no longer than 15 seconds", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  revocations: { age: "16s" },
  expect: "revocations-stale",
});

example("a token of connected software is for us alone", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  token: { aud: ["https://apis.example.com", "https://elsewhere.example.com"] },
  expect: "audience",
});

example("a token of connected software can be revoked", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  token: { jti: undefined },
  expect: "claims-malformed",
});

example("a token of connected software over another certificate is refused", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  peer: { "x5t#S256": "another" },
  expect: "authentication",
});

example("connected software does not show a token that anybody could", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  presented: "bearer",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "token-lifetime",
});

example("a bound token of the person on call lives 15 minutes", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: now,
  presented: "dpop",
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  revocations: { age: "10s" },
  expect: { allow: true, grants: ["incident81"] },
});

example("a bound token of the person on call does not live a second longer", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  token: { exp: 1795511701 },
  expect: "token-lifetime",
});

example("the person on call waits for revocations no longer than 10 seconds", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  revocations: { age: "11s" },
  expect: "revocations-stale",
});

example("a token of the person on call is for us alone", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  token: { aud: ["https://apis.example.com", "https://elsewhere.example.com"] },
  expect: "audience",
});

example("a token of the person on call can be revoked", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  token: { jti: undefined },
  expect: "claims-malformed",
});

example("a token of the person on call over another certificate is refused", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  peer: { "x5t#S256": "another" },
  expect: "authentication",
});

example("the person on call does not show a token that anybody could", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: now,
  presented: "bearer",
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  expect: "token-lifetime",
});

example("a workload may show a token for five minutes", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  presented: "bearer",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: { allow: true, grants: ["europeanOrders"] },
});

example("but not for a second longer", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  presented: "bearer",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { exp: 1795511101 },
  expect: "token-lifetime",
});

example("a key waits for revocations no longer than 15 seconds", {
  by: mainframe,
  call: "POST ledger.example.com/entries",
  at: now,
  revocations: { age: "16s" },
  expect: "revocations-stale",
});

// A token that lacks a claim is refused before anybody asks what the claim says.
example("a workload's token says its region", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1" },
  scopes: [orders.read],
  expect: "claims-malformed",
});

example("a workload's token says its tenant", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu" },
  scopes: [orders.read],
  expect: "claims-malformed",
});

example("a partner's token says its contract", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1" },
  scopes: [orders.read],
  expect: "claims-malformed",
});

example("a partner's token says its tenant", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { contract: "gold" },
  scopes: [orders.read],
  expect: "claims-malformed",
});

example("there is no contract of bronze", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1" },
  scopes: [orders.read],
  token: { contract: "bronze" },
  expect: "claims-malformed",
});

example("a pipeline's token says its repository", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  expect: "claims-malformed",
});

example("a pipeline's token says its branch", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example/docs", protected: false },
  scopes: ["github:code:read"],
  expect: "claims-malformed",
});

example("a pipeline's token says whether that is protected", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge" },
  scopes: ["github:code:read"],
  expect: "claims-malformed",
});

// A name in the wrong place of a SPIFFE ID is another name.
example("payments is its service accounts, and no job", {
  by: payments,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  token: { sub: "spiffe://example.org/ns/payments/job/worker" },
  expect: "identity-unknown",
});

example("replenishment is one service account of the warehouse", {
  by: replenishment,
  call: "GET payments.example.com/v2/charges/c1",
  at: "2027-01-01",
  claims: { region: "eu", tenant: "t1" },
  scopes: [charges.read],
  token: { sub: "spiffe://example.org/ns/warehouse/sa/packing" },
  expect: "identity-unknown",
});
