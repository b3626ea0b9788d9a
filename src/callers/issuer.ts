/** Those who vouch for callers: each with one algorithm, one type of message, and public keys that stand in our file. */
import type { JsonObject, JsonValue } from "../json/index.ts";
import { isSoundPoint } from "../trust/index.ts";
import { inside, listAt, objectAt, refuse, textAt } from "./judge.ts";

const issuerAlgorithms = ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"] as const;
type IssuerAlgorithm = (typeof issuerAlgorithms)[number];

/**
 * What it issues: access tokens (RFC 9068 §2.1), security event tokens (RFC 8417 §2.3), or tokens of no stated use, as build
 * services issue them, which therefore prove authors only (RFC 8725 §3.11).
 */
const issuerTypes = ["at+jwt", "JWT", "secevent+jwt"] as const;
type IssuerType = (typeof issuerTypes)[number];

export interface IssuerKey {
  readonly algorithm: IssuerAlgorithm;
  readonly key: CryptoKey;
}

export interface Issuer {
  readonly issuer: string;
  readonly algorithm: IssuerAlgorithm;
  readonly type: IssuerType;
  /** By id. */
  readonly keys: ReadonlyMap<string, IssuerKey>;
}

interface Shape {
  readonly kty: string;
  readonly crv?: string;
  readonly numbers: readonly string[];
  readonly parameters: { readonly name: string; readonly namedCurve?: string; readonly hash?: string };
}

const EDWARDS: Shape = { kty: "OKP", crv: "Ed25519", numbers: ["x"], parameters: { name: "Ed25519" } };

/** RFC 7518 §3.1, RFC 8037 §2. */
const SHAPES: Readonly<Record<IssuerAlgorithm, Shape>> = {
  ES256: { kty: "EC", crv: "P-256", numbers: ["x", "y"], parameters: { name: "ECDSA", namedCurve: "P-256" } },
  EdDSA: EDWARDS,
  Ed25519: EDWARDS,
  PS256: { kty: "RSA", numbers: ["n", "e"], parameters: { name: "RSA-PSS", hash: "SHA-256" } },
  RS256: { kty: "RSA", numbers: ["n", "e"], parameters: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } },
};

const MOST_KEYS = 32;
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] as const;

/** RFC 8414 §2; it is compared and never fetched. */
export const issuerPattern = /^https:\/\/[!$-;=@-~]{1,1000}$/;

export async function readIssuer(value: JsonValue, place: string): Promise<Issuer> {
  const entry = objectAt(value, place, ["issuer", "algorithm", "keys", "type"]);
  const issuer = textAt(entry.issuer, inside(place, "issuer"), issuerPattern, "issuer-url");
  const algorithm = issuerAlgorithms.find((known) => known === entry.algorithm);
  if (!algorithm) return refuse(inside(place, "algorithm"), "algorithm");
  const type = issuerTypes.find((known) => known === entry.type);
  if (!type) return refuse(inside(place, "type"), "type");
  const set = objectAt(entry.keys, inside(place, "keys"), ["keys"]);
  const keys = new Map<string, IssuerKey>();
  const listPlace = `${place}.keys.keys`;
  for (const [index, item] of listAt(set.keys, listPlace, MOST_KEYS).entries()) {
    const at = inside(listPlace, index);
    const { kid, key } = await readKey(item, at, algorithm);
    // Threat T18: which of two keys is meant must not be a matter of their order.
    if (keys.has(kid)) refuse(`${at}.kid`, "twice");
    keys.set(kid, { algorithm, key });
  }
  return { issuer, algorithm, type, keys };
}

async function readKey(
  value: JsonValue,
  place: string,
  algorithm: IssuerAlgorithm,
): Promise<{ kid: string; key: CryptoKey }> {
  const { kty, crv, numbers, parameters } = SHAPES[algorithm];
  const secret = PRIVATE_MEMBERS.find(
    (name) => value !== null && typeof value === "object" && Object.hasOwn(value, name),
  );
  if (secret) return refuse(inside(place, secret), "private");
  const members = ["kid", "kty", ...(crv === undefined ? [] : ["crv"]), ...numbers];
  const jwk = objectAt(value, place, members, ["alg", "use", "key_ops"]);
  const kid = textAt(jwk.kid, inside(place, "kid"), /^[!-~]{1,256}$/, "key-id");
  if (jwk.kty !== kty || jwk.crv !== crv) return refuse(place, "key-type");
  if (jwk.alg !== undefined && jwk.alg !== algorithm) return refuse(inside(place, "alg"), "algorithm");
  if (jwk.use !== undefined && jwk.use !== "sig") return refuse(inside(place, "use"), "key-use");
  if (jwk.key_ops !== undefined && JSON.stringify(jwk.key_ops) !== '["verify"]')
    return refuse(inside(place, "key_ops"), "key-use");
  if (!areNumbers(jwk, crv)) return refuse(place, "key-value");
  const key = await importKey(jwk, parameters, place);
  // RFC 7518 §3.3; longer ones than 8192 bits cost whoever verifies more than they are worth.
  const { modulusLength = 2048 } = key.algorithm as { modulusLength?: number };
  if (modulusLength < 2048 || modulusLength > 8192) return refuse(place, "rsa-size");
  return { kid, key };
}

/** RFC 7518 §6.2.1.2, §6.3.1, RFC 8037 §2: each number in its one spelling; a point of small order is nobody's key (threat T16). */
function areNumbers({ x, y, n, e }: JsonObject, crv: string | undefined): boolean {
  const bytes = (value: JsonValue | undefined): Uint8Array => {
    const decoded = typeof value === "string" ? Buffer.from(value, "base64url") : Buffer.alloc(0);
    return decoded.toString("base64url") === value ? decoded : Buffer.alloc(0);
  };
  if (crv === "Ed25519") return isSoundPoint(bytes(x));
  if (crv === "P-256") return bytes(x).length === 32 && bytes(y).length === 32;
  return (bytes(n)[0] ?? 0) !== 0 && e === "AQAB";
}

async function importKey(
  { kid: _kid, alg: _alg, use: _use, key_ops: _operations, ...jwk }: JsonObject,
  parameters: Shape["parameters"],
  place: string,
): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", { ...jwk }, parameters, true, ["verify"]);
  } catch {
    return refuse(place, "key-value");
  }
}
