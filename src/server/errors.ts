/** From what was refused to what is answered: the one place where a code becomes a status. */
import { type Code, WritError } from "../diagnostics/index.ts";

/** By code; what is not here goes by its first two digits. */
const statuses: Readonly<Partial<Record<Code, number>>> = {
  WRIT8003: 507,
  WRIT8402: 415,
  WRIT8403: 413,
  WRIT8404: 404,
  WRIT8405: 403,
  WRIT8406: 400,
  WRIT8407: 429,
  WRIT8408: 503,
  WRIT8409: 400,
  WRIT8410: 500,
  WRIT8411: 409,
  WRIT8414: 429,
  // A key of ours that signs nothing is no fault of the request: the same call again comes into force with the next head.
  WRIT9120: 503,
  WRIT9121: 503,
};

/** By the short names that the threat model gives: they are in other tables, and never change. */
const byName: Readonly<Record<string, number>> = {
  "api-unauthenticated": 401,
  "api-forbidden": 403,
  "approval-self": 403,
  "approval-missing": 403,
  "approval-mismatch": 409,
  "provenance-mismatch": 403,
  "build-not-reproducible": 409,
  "idempotency-conflict": 409,
  "head-moved": 412,
  "event-refused": 400,
  "activation-failed": 422,
  "candidate-unfit": 422,
  "reason-missing": 422,
  "recall-unknown": 422,
  "revocation-refused": 422,
  "restoration-refused": 422,
  "release-unknown": 404,
  "change-too-large": 422,
};

/** Of a thousand and a hundred: the store is ours, changes that are refused clash with what is so, all else came with the request. */
const byHundred: Readonly<Record<string, number>> = { WRIT80: 503, WRIT82: 403, WRIT83: 409 };

export interface Problem {
  readonly code: string;
  readonly number: string;
  readonly message: string;
  readonly help?: string;
}

export interface Refusal {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

export function refusalOf(error: WritError): Refusal {
  const { code: number, reason: code, message, help } = error;
  const status = statuses[number] ?? byName[code] ?? byHundred[number.slice(0, 6)] ?? 422;
  const { seconds } = error.parameters;
  const retryAfter = typeof seconds === "number" ? Math.max(1, Math.ceil(seconds)) : 1;
  return {
    status,
    problem: { code, number, message, ...(help !== undefined && { help }) },
    headers: {
      ...(status === 401 && { "www-authenticate": "Bearer" }),
      ...((status === 429 || status === 503) && { "retry-after": String(retryAfter) }),
    },
  };
}

/** Whatever else is thrown in a server is a mistake of ours; nobody outside is told more (threat model §9). */
export function asWritError(error: unknown): WritError {
  return error instanceof WritError ? error : WritError.of("WRIT8410", {}, error);
}
