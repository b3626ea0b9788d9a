/** What requests and answers look like: Fastify judges requests by these values, and the description of the API holds the same. */
import { callerRoles } from "../callers/index.ts";
import { revocationLists, rings } from "../protocol/index.ts";
import { mostEntries } from "./limits.ts";
import type { Schema } from "./route.ts";

/** An object with exactly these members; those whose names end in `?` may be absent. */
export function object(members: Readonly<Record<string, Schema>>): Schema {
  const bare = (name: string) => name.replace(/\?$/, "");
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [bare(name), schema])),
    required: Object.keys(members).filter((name) => !name.endsWith("?")),
    additionalProperties: false,
  };
}

export function list(items: Schema, most?: number): Schema {
  return { type: "array", items, ...(most !== undefined && { minItems: 1, maxItems: most }) };
}

/** No controls: what is written to a log is one line (threats P12, P18). */
const PRINTABLE = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+$";

/** Longest name of an issuer, an identity, a token, as in a request for a decision. */
const LONGEST_NAME = 1024;

export const whole: Schema = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
export const positive: Schema = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
export const text: Schema = { type: "string" };
export const truth: Schema = { type: "boolean" };
export const digest: Schema = { type: "string", pattern: "^[0-9a-f]{64}$" };
export const name: Schema = { type: "string", minLength: 1, maxLength: LONGEST_NAME, pattern: PRINTABLE };
export const reason: Schema = { type: "string", minLength: 1, maxLength: 1024, pattern: PRINTABLE };
export const ring: Schema = { enum: [...rings] };

/** A whole number in an address. */
export const numberInPath: Schema = { type: "string", pattern: "^(0|[1-9][0-9]{0,14})$" };

/** `["tokens", issuer, jti]`, or a list and a name in it; which names go with which list is said in words, not in the schema. */
export const path: Schema = {
  type: "array",
  description: `\`["tokens", issuer, jti]\`, or two names, of which the first is one of: ${revocationLists.join(", ")}`,
  items: name,
  minItems: 2,
  maxItems: 3,
};

export const newRevocations: Schema = object({ entries: list(object({ path, "value?": whole }), mostEntries), reason });
export const newRestoration: Schema = object({ paths: list(path, mostEntries), reason });

/** A DSSE envelope; it is judged by whoever verifies its signatures. */
const envelope: Schema = { type: "object" };

export const submission: Schema = object({
  digest,
  provenance: envelope,
  authors: { type: "array", items: name, maxItems: 64 },
  "emergency?": object({ reason }),
});

export const accepted: Schema = object({ version: whole, sequence: whole });
export const acceptedWithDigest: Schema = object({ version: whole, sequence: whole, digest });

const code: Schema = { type: "string", pattern: "^WRIT[0-9]{4}$" };

export const problem: Schema = object({
  code: text,
  number: code,
  message: text,
  "help?": text,
});

const by: Schema = object({ issuer: text, subject: text, name: text });
const reportedProblem: Schema = object({ code, message: text, "digest?": digest });
export const head: Schema = object({
  version: whole,
  at: whole,
  floor: whole,
  audit: object({ size: whole, root: text }),
});

const release: Schema = object({
  digest,
  content: text,
  revision: text,
  sequence: whole,
  since: whole,
  expires: whole,
  "revocationDelay?": whole,
  releasedBy: by,
  approvedBy: list(by),
  provenance: object({ repository: text, commit: text, workflow: text }),
});

const candidate: Schema = object({
  digest,
  revision: text,
  sequence: whole,
  submitted: whole,
  submittedBy: by,
  approvedBy: list(by),
  approvalsNeeded: whole,
  "emergency?": text,
  state: { enum: ["waiting", "approved", "canary", "stable", "superseded"] },
});

const gateway: Schema = object({
  name: text,
  kind: { enum: ["sdk", "opa"] },
  ring,
  heard: whole,
  live: truth,
  version: whole,
  enforced: whole,
  "policy?": object({ sequence: whole, "revision?": text }),
  "age?": { type: "number" },
  problems: list(reportedProblem),
  allowed: whole,
  denied: whole,
  dropped: whole,
});

const change: Schema = object({
  sequence: whole,
  kind: { enum: ["revoke", "restore", "recall", "publish"] },
  at: whole,
  by,
  words: text,
  "reason?": text,
  "policy?": object({ ring, sequence: whole }),
  reach: object({ live: whole, enforced: whole }),
  "took?": { type: "number" },
});

const proposal: Schema = object({
  digest,
  words: text,
  reason: text,
  proposed: whole,
  proposedBy: by,
  approvedBy: list(by),
  approvalsNeeded: whole,
});

export const gateways: Schema = list(gateway);

export const view: Schema = object({
  now: whole,
  head,
  inForce: object(Object.fromEntries(rings.map((each) => [`${each}?`, release]))),
  "halted?": object({ at: whole, by, reason: text }),
  candidates: list(candidate),
  restorations: list(proposal),
  gateways,
  changes: list(change),
  revoked: whole,
  alarms: list(reportedProblem),
});

export const listedRevocations: Schema = object({
  revocations: list(object({ sequence: whole, path: list(text), value: whole })),
});

export const reach: Schema = object({
  sequence: whole,
  live: whole,
  enforced: whole,
  missing: list(text),
  silent: list(text),
  complete: truth,
});

const decisions: Schema = object({ allowed: whole, denied: whole, dropped: whole });

const short: Schema = { type: "string", maxLength: 1024 };

/** A gateway's report: its strict reader is in the protocol; this is the same in the language of the description. */
export const statusReport: Schema = object({
  ring,
  "head?": object({ version: whole, at: whole, digest }),
  "policy?": object({ sequence: whole, revision: short }),
  "age?": whole,
  problems: { type: "array", items: object({ code, message: short, "digest?": digest }), maxItems: 32 },
  decisions,
});

export const health: Schema = object({ alive: truth });
export const readiness: Schema = object({ ready: truth, problems: list({ enum: ["store", "heartbeat", "clock"] }) });
export const roles: Schema = { enum: [...callerRoles] };
export const idempotencyKey: Schema = { type: "string", pattern: "^[\\x21-\\x7e]{1,128}$" };
export const entityTag: Schema = { type: "string", pattern: '^"[1-9][0-9]{0,14}"$' };
