/** What moves policy: candidates, approvals, releases, halts, recalls, keys. Every rule about who and when is the publisher's. */
import { WritError } from "../../diagnostics/index.ts";
import type { JsonValue } from "../../json/index.ts";
import type { Ring } from "../../protocol/index.ts";
import { type AnswerDescription, json, type Route, type Schema } from "../route.ts";
import * as schemas from "../schemas.ts";
import type { Services } from "../services.ts";

const done: Readonly<Record<number, AnswerDescription>> = {
  200: {
    description: "in force: the version of the head, and the size of the log with the change",
    schema: schemas.accepted,
  },
};
const doneWithDigest: Readonly<Record<number, AnswerDescription>> = {
  200: { description: "in force, and the digest by which it is known", schema: schemas.acceptedWithDigest },
};

interface Submitted {
  readonly digest: string;
  readonly provenance: JsonValue;
  readonly authors: readonly string[];
  readonly emergency?: { readonly reason: string };
}

/** Submissions that are tried or wait for it: each may take minutes of a process of its own, and they go one after the other. */
const MOST_TRIED = 8;

export function changeRoutes({ publisher, limits, uploads }: Services): readonly Route[] {
  let tried = 0;
  const body = (members: Readonly<Record<string, Schema>>) =>
    ({ type: "application/json", schema: schemas.object(members), limit: limits.apiBody }) as const;
  return [
    {
      method: "PUT",
      path: "/v1/bundles/{digest}",
      summary: "Uploads a bundle under its SHA-256; it is kept for ten minutes, to become a candidate",
      roles: ["author"],
      parameters: { digest: schemas.digest },
      body: { type: "application/gzip", limit: limits.bundleBody },
      answers: { 200: { description: "kept", schema: schemas.object({ digest: schemas.digest }) } },
      handle: ({ caller, parameters, body: bytes }) => {
        uploads.keep(caller.name, parameters.digest!, bytes as Uint8Array);
        return json({ digest: parameters.digest! });
      },
    },
    {
      method: "POST",
      path: "/v1/candidates",
      summary:
        "Submits an uploaded bundle with the statement of what it was made from; the caller is one of its authors",
      roles: ["author"],
      changes: "estate",
      body: { type: "application/json", schema: schemas.submission, limit: limits.apiBody },
      answers: doneWithDigest,
      handle: async ({ body: sent, call, judged }) => {
        const { digest, ...submitted } = sent as Submitted;
        const submission = { ...submitted, bundle: uploads.find(digest) };
        if (tried >= MOST_TRIED) throw WritError.of("WRIT8408", { shortage: "candidates" });
        tried++;
        try {
          return json(await judged(publisher.submit(call, submission)));
        } finally {
          tried--;
        }
      },
    },
    {
      method: "POST",
      path: "/v1/approvals",
      summary: "Approves a candidate or a restoration, by its digest and that of the semantic diff that was read",
      roles: ["approver"],
      changes: "estate",
      body: body({ digest: schemas.digest, shown: schemas.digest }),
      answers: done,
      handle: async ({ body: sent, call, judged }) => {
        const { digest, shown } = sent as { digest: string; shown: string };
        return json(await judged(publisher.approve(call, digest, shown)));
      },
    },
    {
      method: "POST",
      path: "/v1/releases",
      summary: "Brings an approved candidate into force in a ring",
      roles: ["operator"],
      changes: "policy",
      body: body({ digest: schemas.digest, ring: schemas.ring }),
      answers: done,
      handle: async ({ body: sent, call, judged }) => {
        const { digest, ring } = sent as { digest: string; ring: Ring };
        return json(await judged(publisher.release(call, digest, ring)));
      },
    },
    {
      method: "POST",
      path: "/v1/republications",
      summary: "Brings the content of an earlier release into force again, under a new and higher sequence",
      roles: ["operator"],
      changes: "policy",
      body: body({ digest: schemas.digest }),
      answers: doneWithDigest,
      handle: async ({ body: sent, call, judged }) =>
        json(await judged(publisher.republish(call, (sent as { digest: string }).digest))),
    },
    ...(["halt", "resume"] as const).map(
      (action): Route => ({
        method: "POST",
        path: `/v1/${action}`,
        summary: action === "halt" ? "No release goes on, in any ring" : "Releases go on",
        roles: ["operator"],
        changes: "policy",
        body: body({ reason: schemas.reason }),
        answers: done,
        handle: async ({ body: sent, call, judged }) =>
          json(await judged(publisher[action](call, (sent as { reason: string }).reason))),
      }),
    ),
    {
      method: "POST",
      path: "/v1/recall",
      summary: "No policy up to this sequence decides any more, from now on and for ever",
      roles: ["operator"],
      changes: "estate",
      body: body({ sequence: schemas.positive, reason: schemas.reason }),
      answers: done,
      handle: async ({ body: sent, call, judged }) => {
        const { sequence, reason } = sent as { sequence: number; reason: string };
        return json(await judged(publisher.recall(call, sequence, reason)));
      },
    },
    {
      method: "POST",
      path: "/v1/trust",
      summary: "Takes keys, roots and signers from the trust folder, where they were changed",
      roles: ["operator"],
      changes: "policy",
      body: body({}),
      answers: done,
      handle: async ({ call, judged }) => json(await judged(publisher.rotate(call))),
    },
  ];
}
