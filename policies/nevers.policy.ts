import { cidr, never } from "writ";
import { code } from "./github.policy.ts";
import { corp, pipelines } from "./issuers.policy.ts";
import { orders } from "./orders.policy.ts";
import { payouts } from "./payments.policy.ts";
import { breakGlass, legacyKey, partner, thirdParty } from "./tiers.policy.ts";

// Whatever anybody grants: each of these is proved of all requests, and a change that breaks one does not build.

never("partners and the software of others never refund", { by: [partner, thirdParty], scopes: [orders.refund] });

never("connected software never writes", {
  by: thirdParty,
  scopes: ["*:**"],
  when: (r) => r.request.method !== "GET",
});

never("nobody crosses tenants with a token of ours", {
  issuer: corp,
  scopes: ["orders:{read,write,export,refund}"],
  when: (r) => r.claims.tenant !== r.params.tenant,
});

never("keys of old never leave the ledger", { by: legacyKey, scopes: ["orders:**", "payments:**", "github:**"] });

never("people on call touch the ledger alone", { by: breakGlass, scopes: ["orders:**", "payments:**", "github:**"] });

never("no pipeline deletes code", {
  issuer: pipelines,
  scopes: [code.write],
  when: (r) => r.request.method === "DELETE",
});

never("nobody but settlement approves a payout", {
  scopes: [payouts.approve],
  when: (r) => r.identity.name !== "settlement",
});

never("no refund comes from the guest network", {
  scopes: [orders.refund],
  when: (r) => cidr("203.0.113.0/24").contains(r.request.ip),
});
