/** 84xx: requests that the server refuses, and how it is set up. */
import type { Entry } from "../entry.ts";

const requestFaults = {
  missing: "it is missing",
  unknown: "there is no such parameter",
  type: "it is of another type",
  size: "it is longer or shorter than allowed",
  range: "it is larger or smaller than allowed",
  value: "it is none of what is allowed",
  json: "it is not JSON as we read it",
  packed: "it is not packed by gzip",
  digest: "it is not the SHA-256 of what was sent",
} as const;
export type RequestFault = keyof typeof requestFaults;

const readingFaults = {
  syntax: "it is not HTTP/1.1 as the standard spells it",
  headers: "its headers are too many or too long",
  slow: "it did not come in time",
} as const;
export type ReadingFault = keyof typeof readingFaults;

const shortages = {
  connections: "it has as many connections as it keeps",
  polls: "it holds as many requests as it can",
  uploads: "as many bundles as it keeps wait to become candidates",
  candidates: "as many candidates wait to be tried as it keeps",
  logs: "it reads as many decision logs as it can",
  streams: "as many pages are kept up to date as it can",
  stopping: "it is about to stop",
} as const;
export type Shortage = keyof typeof shortages;

export const server = {
  WRIT8401: {
    name: "request-malformed",
    severity: "error",
    message: ({ place, fault }: { place: string; fault: RequestFault }) =>
      `the request can't be understood: \`${place}\`: ${requestFaults[fault]}`,
    help: () => "nothing was changed; the description of the API at `/openapi.json` says what belongs there",
  },
  WRIT8402: {
    name: "content-type-wrong",
    severity: "error",
    message: ({ expected }: { expected: string }) => `the body has to be \`${expected}\`, and to say so`,
    help: ({ expected }: { expected: string }) => `send the header \`Content-Type: ${expected}\``,
  },
  WRIT8403: {
    name: "body-too-large",
    severity: "error",
    message: ({ limit }: { limit: number }) => `the body is larger than ${limit} bytes`,
    help: () => "nothing was changed; send less at once",
  },
  WRIT8404: {
    name: "not-found",
    severity: "error",
    message: () => "there is nothing here",
    help: () => "what can be asked for is described at `/openapi.json`",
  },
  WRIT8405: {
    name: "cross-origin",
    severity: "error",
    message: () => "a page of another origin asks for a change",
    help: () => "changes are asked for by programs, or by pages of this server",
  },
  WRIT8406: {
    name: "idempotency-key-missing",
    severity: "error",
    message: () => "a change needs an idempotency key, so that asking twice changes once",
    help: () => "send a random one in `Idempotency-Key`, and the same when you ask again",
  },
  WRIT8407: {
    name: "too-many-polls",
    severity: "error",
    message: ({ most }: { most: number }) => `this caller has ${most} requests waiting already`,
    help: () => "one poll at a time is enough; the next one is answered once an older one is",
  },
  WRIT8408: {
    name: "server-busy",
    severity: "error",
    message: ({ shortage }: { shortage: Shortage }) => `the server can't take this now: ${shortages[shortage]}`,
    help: () => "ask again after the time in `Retry-After`",
  },
  WRIT8409: {
    name: "request-unreadable",
    severity: "error",
    message: ({ fault }: { fault: ReadingFault }) => `the request can't be read: ${readingFaults[fault]}`,
    help: () => "the connection is closed; ask again on another one",
  },
  WRIT8410: {
    name: "server-failed",
    severity: "error",
    message: () => "the server made a mistake",
    help: () => "its log says what happened; ask again with the same idempotency key",
  },
  WRIT8411: {
    name: "bundle-not-uploaded",
    severity: "error",
    message: ({ digest }: { digest: string }) => `no bundle \`${digest}\` was uploaded`,
    help: ({ digest }: { digest: string }) => `send it to \`/v1/bundles/${digest}\` first; it is kept for ten minutes`,
  },
  WRIT8412: {
    name: "address-unprotected",
    severity: "error",
    message: ({ host }: { host: string }) => `on \`${host}\` anybody on the way could read and change what is said`,
    help: () => "give the server a certificate and its key, or listen on `127.0.0.1` behind something that has them",
  },
  WRIT8413: {
    name: "port-unusable",
    severity: "error",
    message: ({ host, port, problem }: { host: string; port: number; problem: string }) =>
      `the server can't listen on \`${host}\`, port ${port}: ${problem}`,
    help: () => "stop what listens there, or choose another port",
  },
  WRIT8414: {
    name: "rate-exceeded",
    severity: "error",
    message: ({ caller, seconds }: { caller: string; seconds: number }) =>
      `\`${caller}\` asks too often: the next call is taken in ${seconds} s`,
    help: () => "one call may hold up to 1,000 entries; ask again after the time in `Retry-After`",
  },
} satisfies Record<string, Entry>;
