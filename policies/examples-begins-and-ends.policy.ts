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

// From inclusive, until exclusive: each grant a second before it begins and at the moment that it ends.
example("no European orders before the year begins", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2025-12-31T23:59:59Z",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("nor once it ends", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2026-12-31",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("no export before the year begins", {
  by: "search-exporter-us",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: "2025-12-31T23:59:59Z",
  claims: { region: "us", tenant: "t1" },
  scopes: [orders.export],
  expect: "grant-inactive",
});

example("no export once it ends", {
  by: "search-exporter-us",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: "2026-12-31",
  claims: { region: "us", tenant: "t1" },
  scopes: [orders.export],
  expect: "grant-inactive",
});

example("payments has no orders before June", {
  by: payments,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2026-05-31T23:59:59Z",
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("nor from the next May's end on", {
  by: payments,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2027-05-31",
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("payments has no charges before June", {
  by: payments,
  call: "GET payments.example.com/v2/charges/c1",
  at: "2026-05-31T23:59:59Z",
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [charges.read],
  expect: "grant-inactive",
});

example("no payouts once that year is over", {
  by: payments,
  call: "GET payments.example.com/v2/payouts/p1",
  at: "2027-05-31",
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [payouts.read],
  expect: "grant-inactive",
});

example("payments reads no charges then either", {
  by: payments,
  call: "GET payments.example.com/v2/charges/c1",
  at: "2027-05-31",
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [charges.read],
  expect: "grant-inactive",
});

example("settlement pays nothing out before June", {
  by: settlement,
  call: "POST payments.example.com/v2/payouts",
  at: "2026-05-31T23:59:59Z",
  claims: { region: "eu", tenant: "t1" },
  scopes: [payouts.create],
  expect: "grant-inactive",
});

example("settlement pays nothing out once its year is over", {
  by: settlement,
  call: "POST payments.example.com/v2/payouts",
  at: "2027-05-31",
  claims: { region: "eu", tenant: "t1" },
  scopes: [payouts.create],
  expect: "grant-inactive",
});

example("settlement reads no entries before June", {
  by: settlement,
  call: "GET ledger.example.com/accounts/4711/entries",
  at: "2026-05-31T23:59:59Z",
  presented: "svid",
  expect: "grant-inactive",
});

example("settlement posts nothing once its year is over", {
  by: settlement,
  call: "POST ledger.example.com/entries",
  at: "2027-05-31",
  presented: "svid",
  expect: "grant-inactive",
});

example("no workload reads charges before the year begins", {
  by: "checkout-api-eu",
  call: "GET payments.example.com/v2/charges/c1",
  at: "2025-12-31T23:59:59Z",
  presented: "svid",
  expect: "grant-inactive",
});

example("no workload reads charges once it ends", {
  by: "checkout-api-eu",
  call: "GET payments.example.com/v2/charges/c1",
  at: "2026-12-31",
  presented: "svid",
  expect: "grant-inactive",
});

example("replenishment does not exist a second early", {
  by: replenishment,
  call: "GET payments.example.com/v2/charges/c1",
  at: "2026-12-31T23:59:59Z",
  presented: "svid",
  expect: "identity-inactive",
});

example("replenishment reads charges once the warehouse opens", {
  by: replenishment,
  call: "GET payments.example.com/v2/charges/c1",
  at: "2027-01-01",
  presented: "svid",
  expect: { allow: true, grants: ["replenishmentCharges"] },
});

example("replenishment reads nothing once its year is over", {
  by: replenishment,
  call: "GET payments.example.com/v2/charges/c1",
  at: "2027-12-31",
  presented: "svid",
  expect: "grant-inactive",
});

example("acme reads no orders before July", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2026-06-30T23:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("acme reads no statements before July", {
  by: acme,
  call: "GET payments.example.com/v2/statements/acme/2026/06.csv",
  at: "2026-06-30T23:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [statements.read],
  expect: "grant-inactive",
});

example("the logistics trial had not begun in March", {
  by: globex,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2026-03-31T23:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("it lasted until the end of September", {
  by: globex,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2026-09-30T23:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: { allow: true, grants: ["globexTrial"] },
});

example("and not a second longer", {
  by: globex,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2026-10-01",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("connected software reads nothing before November", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2026-10-31T23:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "grant-inactive",
});

example("nobody reindexes before September", {
  by: "ci-infrastructure-deploy",
  call: "POST orders.example.com/v1/admin/reindex",
  at: "2026-08-31T23:59:59Z",
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: [orders.admin],
  expect: "grant-inactive",
});

example("nor after half a year", {
  by: "ci-infrastructure-deploy",
  call: "POST orders.example.com/v1/admin/reindex",
  at: "2027-02-27",
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: [orders.admin],
  expect: "grant-inactive",
});

example("no package goes before September", {
  by: "ci-infrastructure-deploy",
  call: "DELETE api.github.com/orgs/example/packages/npm/writ",
  at: "2026-08-31T23:59:59Z",
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:packages:write"],
  token: { exp: 1788221399 },
  expect: "grant-inactive",
});

example("nor after half a year does one", {
  by: "ci-infrastructure-deploy",
  call: "DELETE api.github.com/orgs/example/packages/npm/writ",
  at: "2027-02-27",
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:packages:write"],
  token: { exp: 1803686700 },
  expect: "grant-inactive",
});

example("no pipeline reads code before September", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: "2026-08-31T23:59:59Z",
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  expect: "grant-inactive",
});

example("nor after half a year does any", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: "2027-02-27",
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  expect: "grant-inactive",
});

example("the mainframe posts nothing a day early", {
  by: mainframe,
  call: "POST ledger.example.com/entries",
  at: "2026-10-04",
  key: "mainframe-2026-07",
  expect: "grant-inactive",
});

example("an emergency does not begin a second early", {
  by: acme,
  call: "POST orders.example.com/v1/tenants/t1/orders",
  at: "2026-11-20T07:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.write],
  expect: "grant-inactive",
});

example("an emergency lets acme write for its four hours", {
  by: acme,
  call: "POST orders.example.com/v1/tenants/t1/orders",
  at: "2026-11-20T11:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.write],
  expect: { allow: true, grants: ["incident77"] },
});

example("the emergency was nobody else's", {
  by: globex,
  call: "POST orders.example.com/v1/tenants/t1/orders",
  at: "2026-11-20T08:00Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.write],
  expect: "scope-not-granted",
});

example("whoever is on call is so from seven o'clock on", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: "2026-11-24T06:59:59Z",
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  expect: "grant-inactive",
});

example("and no longer than until eleven", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: "2026-11-24T11:00Z",
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  expect: "grant-inactive",
});

// At the moment that an identity expires, nothing else is looked at any more.
example("acme is gone when its contract ends", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2027-06-30",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "identity-inactive",
});

example("globex is gone when its contract ends", {
  by: globex,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2027-03-31",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "identity-inactive",
});

example("connected software is gone when its contract ends", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: "2027-02-28",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "identity-inactive",
});

example("the printers are gone in February", {
  by: labelPrinters,
  call: "GET ledger.example.com/labels/b1",
  at: "2027-01-31",
  expect: "identity-inactive",
});

example("the person on call is somebody else next year", {
  by: onCall,
  call: "POST ledger.example.com/entries",
  at: "2027-12-31",
  claims: { region: "eu", tenant: "t1" },
  scopes: [ledger.post],
  expect: "identity-inactive",
});

example("a pipeline is registered again every year", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: "2027-06-30",
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  expect: "identity-inactive",
});
