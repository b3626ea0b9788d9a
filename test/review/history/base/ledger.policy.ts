import { api, grant, scopes } from "writ";
import { labelPrinters, mainframe, settlement } from "./identities.policy.ts";

export const ledger = scopes("ledger", ["read", "post"], { implies: { post: ["read"] } });

/** It cannot check a token: it believes the headers that the gateway writes. */
export const ledgerApi = api("ledger.example.com", {
  operations: {
    "GET /accounts/{account}": ledger.read,
    "GET /accounts/{account}/entries": ledger.read,
    "POST /entries": ledger.post,
    "GET /labels/{batch}": ledger.read,
    "DELETE /entries/{entry}": "refused",
  },
  headers: {
    "x-caller": "{identity}",
    "x-owner": "{owner}",
    "x-role": { "ledger:post": "clerk", "ledger:read": "viewer" },
  },
});

export const mainframePosts = grant({
  to: mainframe,
  scopes: [ledger.post],
  on: ledgerApi,
  from: "2026-10-05",
  until: "2027-03-31",
  approved: { by: "sec@example.com", ticket: "SEC-390" },
});
export const printersRead = grant({
  to: labelPrinters,
  scopes: [ledger.read],
  on: ledgerApi,
  when: (r) => r.request.path.startsWith("/labels/"),
  from: "2026-11-02",
  until: "2027-01-31",
  approved: { by: "sec@example.com", ticket: "SEC-391" },
});
export const settlementLedger = grant({
  to: settlement,
  scopes: ["ledger:*"],
  from: "2026-06-01",
  until: "2027-05-31",
});
