/** Fills in of an example what its author left out: a request that only differs from a good one in what was said. */
import {
  type Example,
  type Identity,
  type Input,
  type Issuer,
  isPatternSubject,
  type Method,
  type Policy,
  type Revocations,
  type Tier,
} from "../model/index.ts";

export type Json = string | number | boolean | undefined | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Who calls, and all that is known of it. */
export interface Caller {
  readonly identity: Identity;
  readonly tier: Tier;
  readonly issuer?: Issuer;
}

/** What an author said. */
export interface Said {
  /** Absent: nobody. */
  readonly caller?: Caller;
  readonly subject?: string;
  readonly presented?: Method;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly time?: number;
  readonly claims?: JsonObject;
  readonly scopes?: readonly string[];
  readonly ip?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly key?: string;
  readonly token?: JsonObject;
  readonly peer?: JsonObject;
  readonly proof?: JsonObject;
  readonly input?: JsonObject;
  readonly revocations?: "absent" | SaidRevocations;
  readonly policy?: "absent" | { readonly sequence?: number; readonly from?: number; readonly until?: number };
}

export interface SaidRevocations {
  readonly age?: number;
  readonly floor?: number;
  readonly tokens?: Readonly<Record<string, readonly string[]>>;
  readonly issuedBefore?: Readonly<Record<string, number>>;
  /** Names that are listed, by the list. */
  readonly names: Readonly<
    Partial<Record<"identities" | "keys" | "issuers" | "tiers" | "owners" | "grants", readonly string[]>>
  >;
}

/** 1 January 2026, where an example does not say when. */
const defaultTime = 1_767_225_600;
const endOfTime = 253_402_300_800;
/** A token that the tier does not accept lives for as long as this, so that its life is what is refused. */
const defaultLifetime = 300;

export const methods = ["mtls", "dpop", "bearer", "svid", "key"] as const satisfies readonly Method[];

/** What the identity can do at all, whatever its tier accepts. */
export function canPresent({ identity, issuer }: Caller, method: Method): boolean {
  if (method === "key") return identity.keys.length > 0;
  if (method === "svid") return identity.subject?.startsWith("spiffe://") ?? false;
  return issuer !== undefined && identity.subject !== undefined;
}

/** The first that the tier accepts, or else the first that there is. */
export function defaultMethod(caller: Caller, among: readonly Method[] = methods): Method | undefined {
  const possible = among.filter((method) => canPresent(caller, method));
  return possible.find((method) => caller.tier.authentication.includes(method)) ?? possible[0];
}

export function fillIn(said: Said): Pick<Example, "input" | "policy" | "revocations"> {
  const time = said.time ?? defaultTime;
  const policy = said.policy === "absent" ? undefined : policyOf(said.policy ?? {});
  const revocations =
    said.revocations === "absent" ? undefined : revocationsOf(said.revocations ?? { names: {} }, time);
  return { input: inputOf(said, time), ...(policy && { policy }), ...(revocations && { revocations }) };
}

function policyOf({ sequence = 1, from = 0, until = endOfTime }: Exclude<NonNullable<Said["policy"]>, string>): Policy {
  return { revision: "example", sequence, notBefore: from, notAfter: until };
}

function revocationsOf(
  { age = 0, floor = 0, tokens, issuedBefore, names }: SaidRevocations,
  time: number,
): Revocations {
  const since = (listed: readonly string[]) => Object.fromEntries(listed.map((name) => [name, time]));
  return {
    sequence: 1,
    at: Math.max(0, time - age),
    floor,
    ...(tokens && { tokens: Object.fromEntries(Object.entries(tokens).map(([issuer, ids]) => [issuer, since(ids)])) }),
    ...(issuedBefore && { issuedBefore }),
    ...Object.fromEntries(Object.entries(names).map(([list, listed]) => [list, since(listed)])),
  };
}

function inputOf(said: Said, time: number): Input {
  const { caller, ip, headers, method, host, path } = said;
  const presented = said.presented ?? (caller && (said.key !== undefined ? "key" : defaultMethod(caller)));
  const filled = caller && presented ? credentialOf(caller, presented, said, time) : {};
  const key = said.key ?? filled.key;
  const members: JsonObject = {
    time,
    ...override("token", filled.token, said.token),
    ...override("peer", filled.peer, said.peer),
    ...override("proof", filled.proof, said.proof),
    ...(key !== undefined && { key: { id: key } }),
    request: { host, method, path, ...(ip !== undefined && { ip }), ...(headers && { headers }) },
  };
  // Whatever its author made of it: what is malformed is refused as such.
  return withOverrides(members, said.input ?? {}) as unknown as Input;
}

interface Filled {
  readonly token?: JsonObject;
  readonly peer?: JsonObject;
  readonly proof?: JsonObject;
  readonly key?: string;
}

/** The certificate and the key to which tokens of examples are bound. */
const certificate = { "x5t#S256": "example" };
const proof = { jkt: "example" };

function credentialOf(caller: Caller, presented: Method, said: Said, time: number): Filled {
  const { identity, tier, issuer } = caller;
  const subject = said.subject ?? (isPatternSubject(identity.subject ?? "") ? undefined : identity.subject);
  if (presented === "key") {
    const newest = identity.keys.toSorted((a, b) => b.created - a.created)[0];
    return newest ? { key: newest.id } : {};
  }
  if (presented === "svid") return { peer: { spiffe: subject, ...certificate } };
  const longest = (presented === "bearer" ? tier.tokenLifetime.bearer : tier.tokenLifetime.bound) ?? defaultLifetime;
  const scope = said.scopes?.join(" ");
  const token: JsonObject = {
    iss: issuer?.url,
    sub: subject,
    aud: issuer?.audience,
    iat: time,
    exp: time + longest,
    jti: "example",
    ...(scope && { scope }),
    ...(presented === "mtls" && { cnf: certificate }),
    ...(presented === "dpop" && { cnf: proof }),
    ...said.claims,
  };
  return { token, ...(presented === "mtls" && { peer: certificate }), ...(presented === "dpop" && { proof }) };
}

function override(name: string, filled: JsonObject | undefined, said: JsonObject | undefined): JsonObject {
  return filled || said ? { [name]: withOverrides(filled ?? {}, said ?? {}) } : {};
}

/** What is said stands over what is filled in; `undefined` takes a member away. */
function withOverrides(filled: JsonObject, said: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...filled, ...said }).filter(([, value]) => value !== undefined));
}
