import { emergency } from "writ";
import { acme, onCall } from "./identities.policy.ts";
import { ledger } from "./ledger.policy.ts";
import { orders } from "./orders.policy.ts";

export const incident77 = emergency({
  to: acme,
  scopes: [orders.write],
  from: "2026-11-20T08:00Z",
  until: "2026-11-20T12:00Z",
  approved: { by: ["a.lindqvist@example.com", "m.osei@example.com"], ticket: "INC-77" },
  reason: "replay of the settlements that the outage of 20 November lost",
});
export const incident81 = emergency({
  to: onCall,
  scopes: [ledger.post],
  from: "2026-11-24T07:00Z",
  until: "2026-11-24T11:00Z",
  approved: { by: ["a.lindqvist@example.com", "m.osei@example.com"], ticket: "INC-81" },
  reason: "entries that were posted twice have to be reversed by hand",
});
