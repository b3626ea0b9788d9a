/** Makes bundles byte by byte, good and bad, without the code under test: its own tar, gzip and JWS. */
import { createHash, createPrivateKey, type KeyObject, sign as signBytes } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";

const encoder = new TextEncoder();
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** Two P-256 keys for tests only. */
export const RELEASE = {
  kid: "release-2026",
  jwk: {
    kty: "EC",
    crv: "P-256",
    x: "9yoWnaScQUCOUROre_uyhY02-ywliGSnh0R6V6Ddtmo",
    y: "YfQq6smtNEMf2A4kACdLhCFeBs22ov73kLK4eM8KPpA",
  },
  d: "1xCHOaT4HZfKUQE9KYbDTGgjy6cBMZFOYbypUniHIk4",
};
export const OTHER = {
  kid: "other-2026",
  jwk: {
    kty: "EC",
    crv: "P-256",
    x: "6Zx9C5Xt8E1PqwiO4ztOesP7ZAZijqQO83mxoIP5fJQ",
    y: "UMfLZM-bSTCPdv1PIWK56hftTF5Tq9Xq_hpINhwukl0",
  },
  d: "2I7CZDNT_I1Ng72jtuZCX6w65eMsfXLFy96_tj9zDUg",
};
export type TestKey = typeof RELEASE;

export const publicKeyFile = (...keys: TestKey[]): Uint8Array =>
  utf8(JSON.stringify(keys.map(({ kid, jwk }) => ({ kid, alg: "ES256", jwk }))));
export const privateKeyFile = ({ kid, jwk, d }: TestKey): Uint8Array =>
  utf8(JSON.stringify({ kid, alg: "ES256", jwk: { ...jwk, d } }));

const privateKeys = new Map<TestKey, KeyObject>(
  [RELEASE, OTHER].map((key) => [key, createPrivateKey({ key: { ...key.jwk, d: key.d }, format: "jwk" })]),
);

export interface Entry {
  name: string;
  bytes: Uint8Array;
  type?: string;
  /** Texts (one byte each) put into the header before its checksum is taken. */
  fields?: [at: number, text: string][];
  /** Texts put into it after. */
  lateFields?: [at: number, text: string][];
  /** What fills the last block. */
  padding?: number;
}

export function forgeTar(entries: readonly Entry[], emptyBlocks = 2): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const entry of entries) {
    blocks.push(forgeHeader(entry), entry.bytes);
    const rest = entry.bytes.length % 512;
    if (rest > 0) blocks.push(new Uint8Array(512 - rest).fill(entry.padding ?? 0));
  }
  blocks.push(new Uint8Array(512 * emptyBlocks));
  return Buffer.concat(blocks);
}

function forgeHeader({ name, bytes, type = "0", fields = [], lateFields = [] }: Entry): Uint8Array {
  const header = Buffer.alloc(512);
  const put = (at: number, text: string) => header.write(text, at, "latin1");
  put(0, name.slice(0, 100));
  put(100, "0000600\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${bytes.length.toString(8).padStart(11, "0")}\0`);
  put(136, "00000000000\0");
  put(156, type);
  put(257, "ustar\x0000");
  put(329, "0000000\0");
  put(337, "0000000\0");
  for (const [at, text] of fields) put(at, text);
  put(148, "        ");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  for (const [at, text] of lateFields) put(at, text);
  return header;
}

export function forgeGzip(
  content: Uint8Array,
  claims: { crc?: number; size?: number; flags?: number; level?: number } = {},
): Uint8Array {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(claims.crc ?? crc32(content), 0);
  trailer.writeUInt32LE((claims.size ?? content.length) >>> 0, 4);
  const header = [0x1f, 0x8b, 8, claims.flags ?? 0, 0, 0, 0, 0, 0, 255];
  return Buffer.concat([Uint8Array.from(header), deflateRawSync(content, { level: claims.level ?? 6 }), trailer]);
}

const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes as string).toString("base64url");

/** Any header over any payload, really signed. */
export function forgeJws(header: string, payload: string, key: TestKey): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  const signature = signBytes("sha256", utf8(input), { key: privateKeys.get(key)!, dsaEncoding: "ieee-p1363" });
  return `${input}.${base64url(signature)}`;
}

export interface Statement {
  files: { name: string; hash: string; algorithm: string }[];
  [member: string]: unknown;
}

export function state(files: ReadonlyMap<string, Uint8Array>, iat: number): Statement {
  const list = Array.from(files, ([name, bytes]) => ({
    name,
    hash: createHash("sha256").update(bytes).digest("hex"),
    algorithm: "SHA-256",
  }));
  return { files: list, scope: "writ", iat };
}
