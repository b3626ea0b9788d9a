/** A server in front of a publisher that only remembers, with one caller of each role. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Callers, readCallers } from "../../src/callers/index.ts";
import type { Publisher } from "../../src/publish/index.ts";
import { type Served, type ServeOptions, serve } from "../../src/server/index.ts";
import { FakePublisher } from "./fake-publisher.ts";

const AUDIENCE = "https://policies.example.com";
const ISSUER = "https://ci.example.com";
const TRANSMITTER = "https://idp.example.com";

export const now = 1_800_000_000;

export interface Person {
  readonly name: string;
  readonly person?: string;
  readonly roles: readonly string[];
  readonly scope?: object;
}

export const people: readonly Person[] = [
  { name: "ci", roles: ["author"] },
  { name: "alice", person: "alice", roles: ["approver"] },
  { name: "oscar", person: "oscar", roles: ["operator"] },
  { name: "soc", roles: ["revoker"] },
  { name: "soc-2", roles: ["revoker"] },
  { name: "audrey", roles: ["auditor"] },
];

const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const eventKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
let tokens = 0;

export interface Claims {
  readonly [claim: string]: unknown;
}

/** A fresh access token of somebody: each is good for one change. */
export function tokenOf(
  name: string,
  claims: Claims = {},
  header: Claims = {},
  key: KeyObject = keys.privateKey,
): string {
  return jws(
    { alg: "ES256", kid: "k1", typ: "at+jwt", ...header },
    {
      iss: ISSUER,
      sub: name,
      aud: AUDIENCE,
      iat: now - 10,
      exp: now + 600,
      jti: `token-${tokens++}`,
      amr: ["mfa"],
      ...claims,
    },
    key,
  );
}

export function eventTokenOf(claims: Claims): string {
  return jws(
    { alg: "ES256", kid: "e1", typ: "secevent+jwt" },
    { iss: TRANSMITTER, aud: AUDIENCE, iat: now - 1, jti: `event-${tokens++}`, ...claims },
    eventKeys.privateKey,
  );
}

export function jws(header: object, claims: object, key: KeyObject): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

/** The fixed token of a gateway. */
export function gatewayToken(name: string): string {
  return `token-of-gateway-${name}-0123456789abcdef`;
}

export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}

export interface Setting {
  readonly gateways?: readonly string[];
  /** Thumbprints of client certificates, of revokers. */
  readonly certificates?: readonly string[];
}

export async function callersOf({
  gateways = ["edge-1", "edge-2"],
  certificates = [],
}: Setting = {}): Promise<Callers> {
  const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: "jwk" }), kid });
  const file = {
    audience: AUDIENCE,
    issuers: [
      { issuer: ISSUER, algorithm: "ES256", type: "at+jwt", keys: { keys: [jwk(keys.publicKey, "k1")] } },
      {
        issuer: TRANSMITTER,
        algorithm: "ES256",
        type: "secevent+jwt",
        keys: { keys: [jwk(eventKeys.publicKey, "e1")] },
      },
    ],
    callers: [
      ...people.map(({ name, ...rest }) => ({ name, ...rest, issuer: ISSUER, subject: name })),
      { name: "idp", roles: ["revoker"], issuer: TRANSMITTER },
      ...certificates.map((certificate, index) => ({
        name: `by-certificate-${index}`,
        roles: ["revoker"],
        certificate,
      })),
      ...gateways.map((name) => ({
        name,
        roles: ["gateway"],
        ring: "stable",
        token: createHash("sha256").update(gatewayToken(name)).digest("hex"),
      })),
    ],
  };
  return readCallers(Buffer.from(JSON.stringify(file)));
}

export interface Started extends Served {
  readonly publisher: FakePublisher;
  /** Lines of the log. */
  readonly lines: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function start(options: ServeOptions = {}, setting: Setting = {}): Promise<Started> {
  const publisher = new FakePublisher();
  return { publisher, ...(await startWith(publisher, options, setting)) };
}

export async function startWith(
  publisher: Publisher,
  options: ServeOptions = {},
  setting: Setting = {},
): Promise<Omit<Started, "publisher">> {
  const lines: string[] = [];
  const served = await serve(publisher, await callersOf(setting), {
    now: () => now,
    log: (line) => lines.push(line),
    ...options,
  });
  return { ...served, lines, [Symbol.asyncDispose]: served.close };
}

/** A change, asked by somebody with a fresh token and a key of its own. */
export function change(
  url: string,
  name: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      ...bearer(tokenOf(name)),
      "content-type": "application/json",
      "idempotency-key": `key-${tokens++}`,
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** What a refusal says, and what it was answered with. */
export async function refusalIn(response: Response): Promise<readonly [status: number, code: string]> {
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
}
