/** What a route is: a value from which Fastify serves it and the description of the API is written. */
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Caller, CallerRole } from "../callers/index.ts";
import type { JsonValue } from "../json/index.ts";
import type { Call } from "../publish/index.ts";

/** A JSON schema, in what the drafts 7 and 2020-12 have in common: Fastify reads the former, OpenAPI 3.1 the latter. */
export interface Schema {
  readonly [keyword: string]: JsonValue | Schema | readonly Schema[] | { readonly [name: string]: Schema };
}

export interface Body {
  readonly type: "application/json" | "application/gzip" | "application/secevent+jwt";
  /** Of JSON; bytes have none. */
  readonly schema?: Schema;
  readonly limit: number;
  /** The handler gets the bytes as they came, inflated or not. */
  readonly raw?: true;
}

export interface AnswerDescription {
  readonly description: string;
  readonly type?: string;
  readonly schema?: Schema;
}

export interface Asked {
  /** Who asks; of routes that are open to anyone, nobody. */
  readonly caller: Caller;
  readonly parameters: Readonly<Record<string, string>>;
  /** As it stands in the target, without its question mark. */
  readonly query: string;
  /** As the schema has it, or the bytes. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds for which the answer may be held. */
  readonly wait: number;
  /** Holds the request, within the limits, until the other side leaves or the server stops. */
  hold<T>(until: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Of a change: who, and the key. */
  readonly call: Call;
  /** Whose a request is that proves it by its body. */
  known(caller: Caller): void;
  /** What the publisher refuses is in its log already. */
  judged<T>(decision: Promise<T>): Promise<T>;
}

export interface Reply {
  readonly status: number;
  /** JSON, bytes, text, or what goes on as long as somebody reads it; nothing for 204 and 304. */
  readonly body?: object | Uint8Array | string | Readable;
  /** Default: JSON. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT";
  /** As OpenAPI writes it: `/v1/bundles/{digest}`. Fastify's `*` is `{path}` at the end. */
  readonly path: string;
  readonly summary: string;
  /** Who may; every one of the callers, or anyone at all. */
  readonly roles: readonly CallerRole[] | "callers" | "anyone";
  readonly parameters?: Readonly<Record<string, Schema>>;
  readonly query?: Readonly<Record<string, Schema>>;
  readonly body?: Body;
  /** A change needs an idempotency key; one that moves policy also says which head its caller saw. */
  readonly changes?: "estate" | "policy";
  /** `Prefer: wait=30` is honoured. */
  readonly waits?: true;
  /** At most so many a second of one caller. */
  readonly limited?: "revocations" | "reports";
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  handle(asked: Asked): Promise<Reply> | Reply;
}

/** What stands for any number of segments. */
export const REST = "{path}";

/** `/v1/bundles/{digest}` → `/v1/bundles/:digest`. */
export function fastifyPath(path: string): string {
  return path.replace(REST, "*").replace(/\{(\w+)\}/g, ":$1");
}

export function json(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, body, headers };
}

/** What never changes: its name is the digest of its bytes (threat model §9). */
export const immutable = { "cache-control": "private, max-age=31536000, immutable" } as const;
