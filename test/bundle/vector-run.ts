/**
 * Threats T16 and T17: holds our verdicts to the public vectors of C2SP/wycheproof, which are not part of this project:
 * `node --conditions=writ-source test/bundle/vector-run.ts FOLDER`, where FOLDER is its `testvectors_v1`. Nothing that they call
 * invalid may be taken; what they call valid and we refuse is listed by its number.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isSignedBy, type Key, readKeys } from "../../src/bundle/keys.ts";
import { chooseKey, readSignature, verifySignature } from "../../src/bundle/signature.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import { readTrustKey, type Scheme, signerOf } from "../../src/trust/keys.ts";

type Jwk = Readonly<Record<string, unknown>>;

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly result: "valid" | "invalid" | "acceptable";
  readonly msg: string;
  readonly sig: string;
  readonly jws: string;
}

interface Group {
  readonly publicKey: Readonly<Record<string, string>>;
  readonly publicKeyPem: string;
  readonly publicKeyJwk?: Jwk;
  readonly public?: Jwk;
  readonly private?: Jwk;
  readonly tests: readonly Vector[];
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

/** Whether we take it: nothing thrown but our own refusals. */
async function taken(judge: () => Promise<boolean>): Promise<boolean> {
  try {
    return await judge();
  } catch (error) {
    if (error instanceof WritError) return false;
    throw error;
  }
}

/** A key of a role, with a signature as metadata holds it. */
function byRole(scheme: Scheme, keytype: string, key: (group: Group) => string) {
  return async (group: Group, { msg, sig }: Vector): Promise<boolean> => {
    const trusted = readTrustKey({ keytype, scheme, keyval: { public: key(group) } });
    return trusted !== undefined && (await signerOf(trusted, sig, bytesOf(msg))) !== undefined;
  };
}

/** A key of a bundle, as our key file holds it. */
async function keyOf(jwk: Jwk, alg: string): Promise<Key> {
  const { kty, crv, x, y, n, e } = jwk;
  const members = kty === "EC" ? { kty, crv, x, y } : { kty, n, e };
  const keys = await readKeys(utf8(JSON.stringify([{ kid: "k", alg, jwk: members }])));
  return keys.get("k")!;
}

/** A JWS as the signature of a bundle, by the key that the vector gives, under the id and algorithm that stand with it. */
async function asBundle(group: Group, { jws }: Vector): Promise<boolean> {
  const given = group.public ?? group.private ?? {};
  const list = Array.isArray(given.keys) ? (given.keys as readonly Jwk[]) : [given];
  const file = list.map(({ kid, alg, use: _use, key_ops: _operations, ...jwk }) => ({ kid, alg, jwk }));
  const keys = await readKeys(utf8(JSON.stringify(file)));
  const signature = readSignature(utf8(JSON.stringify({ signatures: [jws] })));
  await verifySignature(signature, chooseKey(signature.header, keys));
  return true;
}

const judges: Readonly<Record<string, (group: Group, vector: Vector) => Promise<boolean>>> = {
  "ed25519_test.json": byRole("ed25519", "ed25519", ({ publicKey }) => publicKey.pk!),
  "ecdsa_secp256r1_sha256_test.json": byRole("ecdsa-sha2-nistp256", "ecdsa", ({ publicKeyPem }) => publicKeyPem),
  "ecdsa_secp256r1_sha256_p1363_test.json": async ({ publicKeyJwk, publicKeyPem }, { sig, msg }) => {
    const jwk = publicKeyJwk ?? (await jwkOf(publicKeyPem));
    return isSignedBy(await keyOf(jwk, "ES256"), bytesOf(sig), bytesOf(msg));
  },
  "json_web_signature_test.json": asBundle,
  "json_web_key_test.json": asBundle,
  "json_web_crypto_test.json": asBundle,
};

async function jwkOf(pem: string): Promise<Jwk> {
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");
  const key = await crypto.subtle.importKey("spki", der, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  return (await crypto.subtle.exportKey("jwk", key)) as Jwk;
}

const [folder = ""] = process.argv.slice(2);
let unsound = 0;
for (const [file, judge] of Object.entries(judges)) {
  const { testGroups } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { testGroups: readonly Group[] };
  const refused: number[] = [];
  let count = 0;
  for (const group of testGroups)
    for (const vector of group.tests) {
      count++;
      const accepted = await taken(() => judge(group, vector));
      if (accepted && vector.result === "invalid") {
        unsound++;
        console.log(`${file} ${vector.tcId}: taken, and is invalid: ${vector.comment}`);
      }
      if (!accepted && vector.result === "valid") refused.push(vector.tcId);
    }
  console.log(`${file}: ${count} vectors, valid and refused: ${refused.length === 0 ? "none" : refused.join(" ")}`);
}
process.exitCode = unsound === 0 ? 0 : 1;
