import { example } from "writ";
import { acme, bookkeeping, globex, labelPrinters, payments, replenishment, settlement } from "./identities.policy.ts";
import { orders } from "./orders.policy.ts";
import { charges, payouts, statements } from "./payments.policy.ts";

const now = "2026-11-24T09:00Z";

// Who may do what: for each grant somebody whom it lets in, and the nearest one whom it does not.
example("acme reads the orders of its tenant", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: { allow: true, grants: ["acmeOrders"] },
});

example("acme reads no other tenant", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t2/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "condition",
});

example("nor does a path with an escape let it in", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t%20/orders",
  at: now,
  claims: { tenant: "t%20", contract: "gold" },
  scopes: [orders.read],
  expect: "condition",
});

example("acme reads no statements but its own", {
  by: acme,
  call: "GET payments.example.com/v2/statements/acme-logistics/2026/11.csv",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [statements.read],
  expect: "condition",
});

example("no statement has an escape in its name", {
  by: acme,
  call: "GET payments.example.com/v2/statements/acme/2026%20/11.csv",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [statements.read],
  expect: "condition",
});

example("globex has no statements", {
  by: globex,
  call: "GET payments.example.com/v2/statements/acme/2026/11.csv",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [statements.read],
  expect: "scope-not-granted",
});

example("the trial was for its own tenant", {
  by: globex,
  call: "GET orders.example.com/v1/tenants/t2/orders",
  at: "2026-09-30T23:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "condition",
});

example("connected software reads for a gold contract", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: { allow: true, grants: ["bookkeepingOrders"] },
});

example("connected software reads no other tenant", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t2/orders",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.read],
  expect: "condition",
});

example("nor is an escape in a path a tenant", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t%20/orders",
  at: now,
  claims: { tenant: "t%20", contract: "gold" },
  scopes: [orders.read],
  expect: "condition",
});

example("no partner exports, not even in an emergency", {
  by: acme,
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: "2026-11-20T09:00Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.export],
  expect: "scope-not-granted",
});

example("the trial was no export", {
  by: globex,
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: "2026-09-30T23:59:59Z",
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.export],
  expect: "scope-not-granted",
});

example("connected software exports nothing", {
  by: bookkeeping,
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: [orders.export],
  expect: "scope-not-granted",
});

example("a European workload shows a European token", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "ap", tenant: "t1" },
  scopes: [orders.read],
  expect: "condition",
});

example("an SVID says no region", {
  by: "checkout-api-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  presented: "svid",
  expect: "condition",
});

example("a workload of Asia is not European", {
  by: "checkout-api-ap",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "scope-not-granted",
});

example("a standby stands by", {
  by: "checkout-api-eu-dr",
  call: "GET orders.example.com/v1/tenants/t1/orders",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read],
  expect: "scope-not-granted",
});

example("no European workload reindexes", {
  by: "checkout-api-eu",
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.admin],
  expect: "scope-not-granted",
});

example("the coarse scope of old is not for administrators", {
  by: "checkout-api-eu",
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: ["Orders.ReadWrite.All"],
  expect: "scope-missing",
});

example("no export for Asia", {
  by: "search-exporter-us",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: now,
  claims: { region: "ap", tenant: "t1" },
  scopes: [orders.export],
  expect: "condition",
});

example("an SVID says no tenant to export", {
  by: "search-exporter-us",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: now,
  presented: "svid",
  expect: "condition",
});

example("no export of another tenant", {
  by: "search-exporter-us",
  call: "GET orders.example.com/v1/tenants/t2/orders/export",
  at: now,
  claims: { region: "us", tenant: "t1" },
  scopes: [orders.export],
  expect: "condition",
});

example("whoever exports does not reindex", {
  by: "search-exporter-us",
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  claims: { region: "us", tenant: "t1" },
  scopes: [orders.admin],
  expect: "scope-not-granted",
});

example("to read is not to export", {
  by: "search-exporter-us",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: now,
  claims: { region: "us", tenant: "t1" },
  scopes: [orders.read],
  expect: "scope-missing",
});

example("a consumer exports nothing", {
  by: "analytics-consumer-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.export],
  expect: "scope-not-granted",
});

example("nor does a worker", {
  by: "analytics-worker-eu",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.export],
  expect: "scope-not-granted",
});

example("a refund is a write too", {
  by: payments,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.read, orders.refund],
  ip: "198.51.100.7",
  expect: "scope-missing",
});

example("no refund for a guest, whatever the address", {
  by: payments,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.write, orders.refund],
  ip: "198.51.100.7",
  headers: { "x-guest": "1" },
  expect: "denied",
});

example("the guest network is larger than its first half", {
  by: payments,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.write, orders.refund],
  ip: "203.0.113.200",
  expect: "denied",
});

example("settlement refunds nothing from it either", {
  by: settlement,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.write, orders.refund],
  ip: "203.0.113.7",
  expect: "denied",
});

example("payments does not reindex", {
  by: payments,
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [orders.admin],
  expect: "scope-not-granted",
});

example("payments charges", {
  by: payments,
  call: "POST payments.example.com/v2/charges",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [charges.create],
  expect: { allow: true, grants: ["paymentsService"] },
});

example("payments reads payouts", {
  by: payments,
  call: "GET payments.example.com/v2/payouts/p1",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  claims: { region: "eu", tenant: "t1" },
  scopes: [payouts.read],
  expect: { allow: true, grants: ["paymentsService"] },
});

example("payments has no labels", {
  by: payments,
  call: "GET ledger.example.com/labels/b1",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  presented: "svid",
  expect: "scope-not-granted",
});

example("settlement reads the entries of an account", {
  by: settlement,
  call: "GET ledger.example.com/accounts/4711/entries",
  at: now,
  presented: "svid",
  expect: { allow: true, grants: ["settlementLedger"] },
});

example("payments posts nothing to the ledger", {
  by: payments,
  call: "POST ledger.example.com/entries",
  at: now,
  subject: "spiffe://example.org/ns/payments/sa/worker",
  presented: "svid",
  expect: "scope-not-granted",
});

example("settlement pays out in Europe", {
  by: settlement,
  call: "POST payments.example.com/v2/payouts",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [payouts.create],
  expect: { allow: true, grants: ["settlementPayouts"] },
});

example("settlement pays nothing out in Asia for a small customer", {
  by: settlement,
  call: "POST payments.example.com/v2/payouts",
  at: now,
  claims: { region: "ap", tenant: "t1", seats: 99 },
  scopes: [payouts.create],
  expect: "condition",
});

example("nor for one whose size nobody knows", {
  by: settlement,
  call: "POST payments.example.com/v2/payouts",
  at: now,
  claims: { region: "ap", tenant: "t1" },
  scopes: [payouts.create],
  expect: "condition",
});

example("nor without a token that says where", {
  by: settlement,
  call: "POST payments.example.com/v2/payouts",
  at: now,
  presented: "svid",
  expect: "condition",
});

example("to read a payout is not to make one", {
  by: settlement,
  call: "POST payments.example.com/v2/payouts",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [payouts.read],
  expect: "scope-missing",
});

example("settlement has nothing to do with code", {
  by: settlement,
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: ["github:code:read"],
  expect: "scope-not-granted",
});

example("every workload reads charges", {
  by: "checkout-api-eu",
  call: "GET payments.example.com/v2/charges/c1",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [charges.read],
  expect: { allow: true, grants: ["chargesEverywhere"] },
});

example("no workload makes one", {
  by: "checkout-api-eu",
  call: "POST payments.example.com/v2/charges",
  at: now,
  claims: { region: "eu", tenant: "t1" },
  scopes: [charges.create],
  expect: "scope-not-granted",
});

example("nor does replenishment", {
  by: replenishment,
  call: "POST payments.example.com/v2/charges",
  at: "2027-01-01",
  claims: { region: "eu", tenant: "t1" },
  scopes: [charges.create],
  expect: "scope-not-granted",
});

example("a partner is not trusted with payouts", {
  by: acme,
  call: "POST payments.example.com/v2/payouts",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  expect: "trust",
});

example("nor with their approval", {
  by: acme,
  call: "POST payments.example.com/v2/payouts/p1/approval",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  expect: "trust",
});

example("nor with the index", {
  by: acme,
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  expect: "trust",
});

example("nor with files of a repository", {
  by: globex,
  call: "PUT api.github.com/repos/example/docs/contents/index.md",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  expect: "trust",
});

example("a key is not trusted with refunds", {
  by: labelPrinters,
  call: "POST orders.example.com/v1/tenants/t1/orders/9/refunds",
  at: now,
  expect: "trust",
});

example("the printers post nothing", {
  by: labelPrinters,
  call: "POST ledger.example.com/entries",
  at: now,
  expect: "scope-not-granted",
});

// Pipelines at the code host, and nobody else.
example("a deployment of the main branch reindexes", {
  by: "ci-infrastructure-deploy",
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: [orders.admin],
  expect: { allow: true, grants: ["deploymentsReindex"] },
});

example("a branch that looks like it does not", {
  by: "ci-infrastructure-deploy",
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main-2", protected: true },
  scopes: [orders.admin],
  expect: "condition",
});

example("nor does a main branch that nobody protects", {
  by: "ci-infrastructure-deploy",
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: false },
  scopes: [orders.admin],
  expect: "condition",
});

example("a build does not reindex", {
  by: "ci-data-platform-build",
  call: "POST orders.example.com/v1/admin/reindex",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: [orders.admin],
  expect: "scope-not-granted",
});

example("a deployment exports nothing", {
  by: "ci-infrastructure-deploy",
  call: "GET orders.example.com/v1/tenants/t1/orders/export",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: [orders.export],
  expect: "scope-not-granted",
});

example("a deployment publishes with a token for ten minutes", {
  by: "ci-infrastructure-deploy",
  call: "DELETE api.github.com/orgs/example/packages/npm/writ",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:packages:write"],
  token: { exp: 1795511400 },
  expect: { allow: true, grants: ["deploymentsPublish"] },
});

example("a deployment publishes nothing with one for longer", {
  by: "ci-infrastructure-deploy",
  call: "DELETE api.github.com/orgs/example/packages/npm/writ",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:packages:write"],
  token: { exp: 1795511401 },
  expect: "condition",
});

example("a deployment publishes nothing from a branch that nobody protects", {
  by: "ci-infrastructure-deploy",
  call: "DELETE api.github.com/orgs/example/packages/npm/writ",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: false },
  scopes: ["github:packages:write"],
  token: { exp: 1795511400 },
  expect: "condition",
});

example("a build runs no workflow", {
  by: "ci-data-platform-build",
  call: "POST api.github.com/repos/example/docs/actions/runs/7/rerun",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:pipeline:write"],
  token: { exp: 1795511400 },
  expect: "scope-not-granted",
});

example("nor does a test", {
  by: "ci-storefront-test",
  call: "POST api.github.com/repos/example/docs/actions/runs/7/rerun",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:pipeline:write"],
  token: { exp: 1795511400 },
  expect: "scope-not-granted",
});

example("a deployment runs a workflow again", {
  by: "ci-infrastructure-deploy",
  call: "POST api.github.com/repos/example/docs/actions/runs/7/rerun",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:pipeline:write"],
  token: { exp: 1795511400 },
  expect: { allow: true, grants: ["deploymentsPublish"] },
});

example("to see a run is not to start one", {
  by: "ci-infrastructure-deploy",
  call: "POST api.github.com/repos/example/docs/actions/runs/7/rerun",
  at: now,
  claims: { repository: "example/infrastructure", ref: "refs/heads/main", protected: true },
  scopes: ["github:pipeline:read"],
  token: { exp: 1795511400 },
  expect: "scope-missing",
});

example("a pipeline reads no other organisation", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example-mirror/docs", ref: "refs/heads/main", protected: true },
  scopes: ["github:code:read"],
  expect: "condition",
});

example("nor does a deployment", {
  by: "ci-infrastructure-deploy",
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { repository: "example-mirror/docs", ref: "refs/heads/main", protected: true },
  scopes: ["github:code:read"],
  token: { exp: 1795511400 },
  expect: "condition",
});

example("a pipeline sees its runs", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/actions/runs",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:pipeline:read"],
  expect: { allow: true, grants: ["buildsRead"] },
});

example("a pipeline sees its packages", {
  by: "ci-docs-build",
  call: "GET api.github.com/orgs/example/packages",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:packages:read"],
  expect: { allow: true, grants: ["buildsRead"] },
});

example("no pipeline reads issues", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/issues",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:planning:read"],
  expect: "scope-not-granted",
});

example("no pipeline reads alerts", {
  by: "ci-docs-build",
  call: "GET api.github.com/repos/example/docs/dependabot/alerts",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:security:read"],
  expect: "scope-not-granted",
});

example("no pipeline reads members", {
  by: "ci-docs-build",
  call: "GET api.github.com/orgs/example/members",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:organisation:read"],
  expect: "scope-not-granted",
});

example("to read is not to write an issue", {
  by: "ci-docs-build",
  call: "POST api.github.com/repos/example/docs/issues",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:planning:read"],
  expect: "scope-missing",
});

example("to read is not to write an alert", {
  by: "ci-docs-build",
  call: "PATCH api.github.com/repos/example/docs/dependabot/alerts/7",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:security:read"],
  expect: "scope-missing",
});

example("to read is not to write a team", {
  by: "ci-docs-build",
  call: "POST api.github.com/orgs/example/teams",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:organisation:read"],
  expect: "scope-missing",
});

example("to read is not to write a release", {
  by: "ci-docs-build",
  call: "POST api.github.com/repos/example/docs/releases",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  expect: "scope-missing",
});

example("a stranger sees no runs", {
  by: "nobody",
  call: "GET api.github.com/repos/example/docs/actions/runs",
  at: now,
  expect: "credential-missing",
});

example("acme sees no runs", {
  by: acme,
  call: "GET api.github.com/repos/example/docs/actions/runs",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: ["github:pipeline:read"],
  expect: "scope-not-granted",
});

example("nor does it see packages", {
  by: acme,
  call: "GET api.github.com/orgs/example/packages",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: ["github:packages:read"],
  expect: "scope-not-granted",
});

example("acme has nothing to do with code", {
  by: acme,
  call: "GET api.github.com/repos/example/docs/pulls/7",
  at: now,
  claims: { tenant: "t1", contract: "gold" },
  scopes: ["github:code:read"],
  expect: "scope-not-granted",
});

example("what the code host says of itself is public", {
  by: "nobody",
  call: "GET api.github.com/meta",
  at: now,
  expect: "allow",
});

example("so is its wisdom", {
  by: "nobody",
  call: "GET api.github.com/zen",
  at: now,
  expect: "allow",
});

example("no pipeline writes a file into a repository", {
  by: "ci-docs-build",
  call: "PUT api.github.com/repos/example/docs/contents/index.md",
  at: now,
  claims: { repository: "example/docs", ref: "refs/pull/7/merge", protected: false },
  scopes: ["github:code:read"],
  expect: "scope-missing",
});
