/** The file of callers: who may ask, what proves each of them, and what each may; nothing in it is taken on trust or left unread. */
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { type Ring, rings } from "../protocol/index.ts";
import { type Caller, type CallerRole, callerRoles, type RevokerScope } from "./caller.ts";
import { type Issuer, issuerPattern, readIssuer } from "./issuer.ts";
import { inside, listAt, objectAt, refuse, textAt, textsAt } from "./judge.ts";

/** A caller as the file knows it; the thumbprint comes with what is presented. */
export type KnownCaller = Omit<Caller, "thumbprint"> & { readonly proof: Proof };

export type Proof =
  | { readonly kind: "token"; readonly issuer: string; readonly subject: string }
  | { readonly kind: "events"; readonly issuer: string }
  | { readonly kind: "certificate"; readonly digest: string }
  | { readonly kind: "fixed-token"; readonly digest: string };

export interface Callers {
  /** What tokens have to be issued for. */
  readonly audience: string;
  /** By their address: issuers of access tokens, and transmitters of security events. */
  readonly tokenIssuers: ReadonlyMap<string, Issuer>;
  readonly eventIssuers: ReadonlyMap<string, Issuer>;
  /** In the order of the file. */
  readonly all: readonly KnownCaller[];
  /** By `proofKey`. */
  readonly byProof: ReadonlyMap<string, KnownCaller>;
}

/** Bytes: 10,000 gateways take less than 2 MiB. */
export const largestCallersFile = 8 * 1024 * 1024;

const MOST_CALLERS = 40_000;
const MOST_ISSUERS = 64;
const MOST_IN_SCOPE = 1000;
const NAME = /^[A-Za-z0-9._-]{1,128}$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** Anything that can be shown in one line. */
const LINE = /^[^\p{C}\p{Zl}\p{Zp}]{1,1024}$/u;

export function isCallerName(name: string): boolean {
  return NAME.test(name);
}

/** Threat model §6: who made a change never lets it through, and a gateway does nothing but read. */
const APART: readonly (readonly [CallerRole, readonly CallerRole[]])[] = [
  ["author", ["approver", "operator"]],
  ["gateway", callerRoles.filter((role) => role !== "gateway")],
];

/** INVARIANT: an issuer holds no space, so different proofs have different keys. */
export function proofKey(proof: Proof): string {
  if (proof.kind === "token") return `token ${proof.issuer} ${proof.subject}`;
  return proof.kind === "events" ? `events ${proof.issuer}` : `${proof.kind} ${proof.digest}`;
}

/**
 * @throws WritError `callers-malformed`, with the place in the file
 * @example const callers = await readCallers(await readFile("callers.json"));
 */
export async function readCallers(bytes: Uint8Array): Promise<Callers> {
  const read = readJson(bytes, { size: largestCallersFile, depth: 16 });
  if (read.failure) return refuse(`offset ${read.failure.offset}`, read.failure.problem);
  const file = objectAt(read.value, "", ["audience", "callers"], ["issuers"]);
  const audience = textAt(file.audience, "audience", LINE, "text");
  const tokenIssuers = new Map<string, Issuer>();
  const eventIssuers = new Map<string, Issuer>();
  const issuers = file.issuers === undefined ? [] : listAt(file.issuers, "issuers", MOST_ISSUERS);
  for (const [index, entry] of issuers.entries()) {
    const issuer = await readIssuer(entry, inside("issuers", index));
    const known = issuer.type === "secevent+jwt" ? eventIssuers : tokenIssuers;
    if (known.has(issuer.issuer)) refuse(`issuers.${index}.issuer`, "twice");
    known.set(issuer.issuer, issuer);
  }
  const names = new Set<string>();
  const byProof = new Map<string, KnownCaller>();
  const all = listAt(file.callers, "callers", MOST_CALLERS).map((entry, index) => {
    const place = inside("callers", index);
    const caller = readCaller(entry, place, tokenIssuers, eventIssuers);
    if (names.has(caller.name)) refuse(inside(place, "name"), "twice");
    names.add(caller.name);
    const key = proofKey(caller.proof);
    if (byProof.has(key)) refuse(inside(place, memberOf(caller.proof)), "twice");
    byProof.set(key, caller);
    return caller;
  });
  return { audience, tokenIssuers, eventIssuers, all, byProof };
}

function readCaller(
  value: JsonValue,
  place: string,
  tokenIssuers: ReadonlyMap<string, Issuer>,
  eventIssuers: ReadonlyMap<string, Issuer>,
): KnownCaller {
  const optional = ["person", "issuer", "subject", "certificate", "token", "ring", "scope"];
  const entry = objectAt(value, place, ["name", "roles"], optional);
  const name = textAt(entry.name, inside(place, "name"), NAME, "name");
  const roles = readRoles(entry.roles, inside(place, "roles"));
  const proof = readProof(entry, place, roles, tokenIssuers, eventIssuers);
  // Two accounts of one human are one person, so it has to be said who approves, and who proposes what others approve (threat P02).
  if ((roles.has("approver") || roles.has("operator")) && entry.person === undefined)
    refuse(inside(place, "person"), "missing");
  const person = entry.person === undefined ? name : textAt(entry.person, inside(place, "person"), LINE, "text");
  const ring = readRing(entry.ring, inside(place, "ring"), roles);
  const scope = readScope(entry.scope, inside(place, "scope"), roles);
  const [issuer, subject] =
    proof.kind === "token"
      ? [proof.issuer, proof.subject]
      : [proof.kind === "events" ? proof.issuer : proof.kind, name];
  return { name, issuer, subject, person, roles, proof, ...(scope && { scope }), ...(ring && { ring }) };
}

function readRoles(value: JsonValue | undefined, place: string): ReadonlySet<CallerRole> {
  const roles = new Set<CallerRole>();
  listAt(value, place, callerRoles.length).forEach((item, index) => {
    const role = callerRoles.find((known) => known === item) ?? refuse(inside(place, index), "role");
    if (roles.has(role)) refuse(inside(place, index), "twice");
    roles.add(role);
  });
  for (const [role, others] of APART)
    if (roles.has(role) && others.some((other) => roles.has(other))) refuse(place, "roles-apart");
  return roles;
}

function readProof(
  entry: JsonObject,
  place: string,
  roles: ReadonlySet<CallerRole>,
  tokenIssuers: ReadonlyMap<string, Issuer>,
  eventIssuers: ReadonlyMap<string, Issuer>,
): Proof {
  const given = ["issuer", "certificate", "token"].filter((member) => entry[member] !== undefined);
  if (given.length !== 1 || (entry.subject !== undefined && given[0] !== "issuer")) return refuse(place, "proof");
  const at = inside(place, given[0]!);
  if (entry.token !== undefined) {
    // A token that never changes is worth stealing: it opens nothing but reading (threat P05).
    if (!roles.has("gateway")) return refuse(at, "proof-token");
    return { kind: "fixed-token", digest: textAt(entry.token, at, DIGEST, "digest") };
  }
  if (entry.certificate !== undefined) {
    if (roles.has("approver")) return refuse(at, "proof-approver");
    return { kind: "certificate", digest: textAt(entry.certificate, at, DIGEST, "digest") };
  }
  const issuer = textAt(entry.issuer, at, issuerPattern, "issuer-url");
  if (entry.subject === undefined) {
    if (!eventIssuers.has(issuer)) return refuse(at, "issuer");
    return roles.size === 1 && roles.has("revoker") ? { kind: "events", issuer } : refuse(at, "proof-events");
  }
  const known = tokenIssuers.get(issuer) ?? refuse(at, "issuer");
  if (known.type === "JWT" && !(roles.size === 1 && roles.has("author"))) return refuse(at, "proof-type");
  return { kind: "token", issuer, subject: textAt(entry.subject, inside(place, "subject"), LINE, "text") };
}

function memberOf(proof: Proof): string {
  if (proof.kind === "token") return "subject";
  if (proof.kind === "events") return "issuer";
  return proof.kind === "certificate" ? "certificate" : "token";
}

/** What every gateway may read is what is in force everywhere; more has to be said. */
function readRing(value: JsonValue | undefined, place: string, roles: ReadonlySet<CallerRole>): Ring | undefined {
  if (!roles.has("gateway")) return value === undefined ? undefined : refuse(place, "ring");
  return value === undefined ? "stable" : (rings.find((known) => known === value) ?? refuse(place, "ring"));
}

function readScope(
  value: JsonValue | undefined,
  place: string,
  roles: ReadonlySet<CallerRole>,
): RevokerScope | undefined {
  if (value === undefined) return undefined;
  if (!roles.has("revoker")) return refuse(place, "scope");
  const scope = objectAt(value, place, [], ["issuers", "owners", "tiers"]);
  // Nothing in it would be no scope at all, and no scope is everything.
  if (Object.keys(scope).length === 0) return refuse(place, "missing");
  return Object.fromEntries(
    Object.entries(scope).map(([kind, names]) => [
      kind,
      textsAt(names, inside(place, kind), MOST_IN_SCOPE, LINE, "text"),
    ]),
  );
}
