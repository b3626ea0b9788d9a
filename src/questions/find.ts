/** What somebody meant who named an operation, an identity or a scope in a few words. */
import { nearest } from "../check/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { type Identity, isCanonicalPath, lookupIn, type Model, pathSegments, type Scope } from "../model/index.ts";

/** An operation and the API that declares it. */
export interface AskedOperation {
  /** `orders.example.com GET /v1/orders/{id}` */
  readonly name: string;
  readonly api: string;
  readonly scopes: readonly string[];
  readonly minTrust: number;
  readonly public: boolean;
}

const mostSuggested = 8;
const call = /^([A-Z]+) +([^/ ]*)(\/[^ ]*)$/;

/**
 * By a call with host and path, by its template, or by any part of its name that no other has.
 *
 * @param text `GET orders.example.com/v1/orders/9`, `GET /v1/orders/{id}`, `refunds`
 */
export function findOperation(model: Model, text: string): AskedOperation {
  const all = model.apis.flatMap((api) =>
    api.operations.map((operation) => ({
      name: `${api.host} ${operation.method} ${operation.template}`,
      spoken: `${operation.method} ${api.host}${operation.template}`,
      api: api.name,
      scopes: operation.scopes,
      minTrust: operation.minTrust,
      public: operation.public,
    })),
  );
  const exact = all.find(({ name, spoken }) => name === text || spoken === text);
  if (exact) return exact;
  const [, method = "", host = "", path = ""] = call.exec(text) ?? [];
  if (method !== "" && isCanonicalPath(path)) {
    const hosts = host === "" ? [...new Set(model.apis.map((api) => api.host))] : [host];
    const called = hosts.flatMap(
      (each) => lookupIn(model).operation(each, method, pathSegments(path))?.found.name ?? [],
    );
    const found = all.filter(({ name }) => called.includes(name));
    if (found.length === 1) return found[0]!;
  }
  return onlyOne("operation", text, all, ({ spoken, name }) => [spoken, name]);
}

/** By its name, by what it shows (a subject, a SPIFFE ID, the id of a key), or by any part of its name that no other has. */
export function findIdentity(model: Model, text: string): Identity {
  const lookup = lookupIn(model);
  const named = model.identities.find(({ name }) => name === text);
  if (named) return named;
  const shown = lookup.identityOfSpiffe(text) ?? lookup.identityOfKey(text)?.identity;
  if (shown) return shown;
  const subjects = model.identities.filter(({ subject }) => subject === text);
  if (subjects.length === 1) return subjects[0]!;
  if (subjects.length > 1)
    throw ambiguous(
      "identity",
      text,
      subjects.map(({ name }) => name),
    );
  return onlyOne("identity", text, model.identities, ({ name }) => [name]);
}

/** By its name, or by any part of it that no other has. */
export function findScope(model: Model, text: string): Scope {
  return model.scopes.find(({ name }) => name === text) ?? onlyOne("scope", text, model.scopes, ({ name }) => [name]);
}

function onlyOne<T>(
  what: string,
  text: string,
  all: readonly T[],
  namesOf: (each: T) => readonly [string, ...string[]],
): T {
  const part = text.toLowerCase();
  const found =
    part === "" ? [] : all.filter((each) => namesOf(each).some((name) => name.toLowerCase().includes(part)));
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw ambiguous(
      what,
      text,
      found.map((each) => namesOf(each)[0]),
    );
  const near = nearest(
    text,
    all.map((each) => namesOf(each)[0]),
  );
  throw WritError.of("WRIT4401", { what, text, ...(near !== undefined && { near }) });
}

function ambiguous(what: string, text: string, names: readonly string[]): WritError {
  const more = Math.max(0, names.length - mostSuggested);
  return WritError.of("WRIT4402", { what, text, names: names.toSorted().slice(0, mostSuggested), more });
}
