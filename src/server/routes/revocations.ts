/** Revoking, restoring, and how far it has come. */
import { WritError } from "../../diagnostics/index.ts";
import { type RevocationPath, revocationLists } from "../../protocol/index.ts";
import type { NewRevocation } from "../../publish/index.ts";
import { json, type Route } from "../route.ts";
import * as schemas from "../schemas.ts";
import type { Services } from "../services.ts";

interface Named {
  readonly path: readonly string[];
}

export function revocationRoutes({ publisher, limits, metrics }: Services): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/v1/revocations",
      summary:
        "Revokes all of the entries or none; the answer means that it is on disk and in the head that gateways get",
      roles: ["revoker"],
      changes: "estate",
      limited: "revocations",
      body: { type: "application/json", schema: schemas.newRevocations, limit: limits.revocationBody },
      answers: { 200: { description: "in force", schema: schemas.accepted } },
      handle: async ({ body, call, judged }) => {
        const { entries, reason } = body as { entries: readonly (Named & NewRevocation)[]; reason: string };
        for (const [index, { path }] of entries.entries()) checkPath(path, `entries.${index}.path`);
        const accepted = await judged(publisher.revoke(call, entries, reason));
        metrics.revoked(entries.length);
        return json(accepted);
      },
    },
    {
      method: "POST",
      path: "/v1/restorations",
      summary: "Proposes to restore what was revoked; it takes effect once two others have approved its digest",
      roles: ["operator"],
      changes: "estate",
      body: { type: "application/json", schema: schemas.newRestoration, limit: limits.revocationBody },
      answers: { 200: { description: "proposed", schema: schemas.acceptedWithDigest } },
      handle: async ({ body, call, judged }) => {
        const { paths, reason } = body as { paths: readonly RevocationPath[]; reason: string };
        for (const [index, path] of paths.entries()) checkPath(path, `paths.${index}`);
        return json(await judged(publisher.restore(call, paths, reason)));
      },
    },
    {
      method: "GET",
      path: "/v1/revocations",
      summary: "All that is revoked now",
      roles: ["auditor", "operator", "approver", "revoker"],
      answers: { 200: { description: "every entry", schema: schemas.listedRevocations } },
      handle: () => json({ revocations: publisher.revocations() }),
    },
    {
      method: "GET",
      path: "/v1/revocations/{sequence}/reach",
      summary: "How far a change has come: at once, or when every live gateway has confirmed it",
      roles: ["auditor", "operator", "approver", "revoker", "author"],
      parameters: { sequence: schemas.numberInPath },
      waits: true,
      answers: { 200: { description: "who enforces it, and who does not", schema: schemas.reach } },
      handle: async ({ parameters, wait, hold }) => {
        const sequence = Number(parameters.sequence);
        if (wait === 0) return json(publisher.reach(sequence));
        return json(await hold((signal) => publisher.reached(sequence, wait, signal)));
      },
    },
  ];
}

/** @throws WritError `request-malformed` */
function checkPath([list = "", ...names]: readonly string[], place: string): void {
  const most = list === "tokens" ? 2 : revocationLists.some((known) => known === list) ? 1 : 0;
  if (names.length !== most) throw WritError.of("WRIT8401", { place, fault: "value" });
}
