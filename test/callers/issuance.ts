/** Issuers with their keys, a file of callers that names them, and tokens of every sort, sound ones and forged ones. */
import { CompactSign, exportJWK, generateKeyPair } from "jose";
import { type Callers, type Directory, readCallers, thumbprintOf } from "../../src/callers/index.ts";

export const audience = "https://policies.example.com";
export const now = 1_800_000_000;

type Json = Readonly<Record<string, unknown>>;

export interface TestIssuer {
  readonly issuer: string;
  readonly alg: string;
  readonly typ: string;
  readonly kid: string;
  readonly jwk: Json;
  readonly privateKey: CryptoKey;
}

export async function newIssuer(issuer: string, alg: string, typ: string, kid = "k1"): Promise<TestIssuer> {
  const pair = await generateKeyPair(alg, { extractable: true });
  return { issuer, alg, typ, kid, jwk: { ...(await exportJWK(pair.publicKey)), kid }, privateKey: pair.privateKey };
}

export function issuerEntry({ issuer, alg, typ, jwk }: TestIssuer): Json {
  return { issuer, algorithm: alg, type: typ, keys: { keys: [jwk] } };
}

/** One issuer for each algorithm, and a transmitter of events. */
export const people = await newIssuer("https://people.example.com", "ES256", "at+jwt");
export const edwards = await newIssuer("https://edwards.example.com", "Ed25519", "at+jwt");
export const eddsa = await newIssuer("https://eddsa.example.com", "EdDSA", "at+jwt");
export const rsa = await newIssuer("https://rsa.example.com", "RS256", "at+jwt");
export const pss = await newIssuer("https://pss.example.com", "PS256", "at+jwt");
export const builds = await newIssuer("https://builds.example.com", "RS256", "JWT");
export const events = await newIssuer("https://people.example.com", "ES256", "secevent+jwt", "events");
export const stranger = await newIssuer("https://stranger.example.com", "ES256", "at+jwt");

export const gatewayToken = "writ_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
export const certificate = "c0".repeat(32);

export const file = {
  audience,
  issuers: [people, edwards, eddsa, rsa, pss, builds, events].map(issuerEntry),
  callers: [
    { name: "ci", roles: ["author"], issuer: builds.issuer, subject: "repo:estate:main" },
    { name: "alice", person: "alice", roles: ["approver", "operator"], issuer: people.issuer, subject: "u-alice" },
    { name: "olga", person: "olga", roles: ["operator"], issuer: people.issuer, subject: "u-olga" },
    { name: "edward", roles: ["auditor"], issuer: edwards.issuer, subject: "u-edward" },
    { name: "edda", roles: ["auditor"], issuer: eddsa.issuer, subject: "u-edda" },
    { name: "rita", roles: ["auditor"], issuer: rsa.issuer, subject: "u-rita" },
    { name: "paul", roles: ["auditor"], issuer: pss.issuer, subject: "u-paul" },
    { name: "soc", roles: ["revoker"], certificate, scope: { owners: ["team-a"], tiers: ["partner"] } },
    { name: "directory", roles: ["revoker"], issuer: events.issuer, scope: { issuers: ["people"] } },
    { name: "edge-1", roles: ["gateway"], ring: "canary", token: thumbprintOf(gatewayToken) },
    { name: "edge-2", roles: ["gateway"], token: "2".repeat(64) },
  ],
} as const;

export function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export const callers: Callers = await readCallers(bytesOf(file));

export function claimsOf(issuer: TestIssuer, subject: string, others: Json = {}): Json {
  const times = { iat: now - 60, exp: now + 600 };
  return { iss: issuer.issuer, sub: subject, aud: audience, jti: `${subject}-1`, ...times, ...others };
}

/** Signed by the issuer, with whatever header and payload one likes; texts go in as they are. */
export function token(issuer: TestIssuer, claims: Json | string, header: Json = {}): Promise<string> {
  const payload = new TextEncoder().encode(typeof claims === "string" ? claims : JSON.stringify(claims));
  const known = { alg: issuer.alg, kid: issuer.kid, typ: issuer.typ };
  return new CompactSign(payload).setProtectedHeader({ ...known, ...header }).sign(issuer.privateKey);
}

/** With a header that no library writes: it is signed as it stands, as the algorithm of the key does. */
export async function rawToken(issuer: TestIssuer, header: Json | string, claims: Json | string): Promise<string> {
  const part = (value: Json | string) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(claims)}`;
  const { name } = issuer.privateKey.algorithm;
  const parameters = { name, hash: "SHA-256", saltLength: 32 };
  const signature = await crypto.subtle.sign(parameters, issuer.privateKey, Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}

export const olga = (others: Json = {}): Promise<string> => token(people, claimsOf(people, "u-olga", others));

/** An estate that knows the issuer of people, and of its subjects one. */
export const directory: Directory = {
  tokenLifetime: 900,
  issuerNamed: (issuer) => (issuer === people.issuer ? "people" : undefined),
  identityNamed: (issuer, subject) => (issuer === people.issuer && subject === "u-bot" ? "bot" : undefined),
};

/** Of an event that ends the sessions of that subject, where nothing else is said. */
export function eventClaims(others: Json = {}): Json {
  return {
    iss: events.issuer,
    aud: audience,
    iat: now - 5,
    jti: "event-1",
    sub_id: { format: "iss_sub", iss: people.issuer, sub: "u-bot" },
    events: { "https://schemas.openid.net/secevent/caep/event-type/session-revoked": {} },
    ...others,
  };
}
