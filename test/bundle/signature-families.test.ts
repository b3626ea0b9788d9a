/**
 * The families that public vectors for P-256 (r and s side by side), JWS and JWK are made of, through our own wrapper (threat model
 * T17): each is made anew from a signature that is right, so none is accepted because it was about something else.
 */
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { codeNamed } from "./code-named.ts";
import { editBundle, keysVerdict, verdict } from "./edit-bundle.ts";
import { RELEASE } from "./forge.ts";

const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const hex = (value: bigint, bytes = 32) => value.toString(16).padStart(2 * bytes, "0");
const base64url = (text: string) => Buffer.from(text, "hex").toString("base64url");

/** The r and s of a signature that is right. */
function good(): { r: bigint; s: bigint } {
  const tar = gunzipSync(editBundle([]).bytes).toString("latin1");
  const [, signature = ""] = /"signatures":\["[\w-]+\.[\w-]+\.([\w-]+)"/.exec(tar) ?? [];
  const raw = Buffer.from(signature, "base64url").toString("hex");
  expect(raw).toHaveLength(128);
  return { r: BigInt(`0x${raw.slice(0, 64)}`), s: BigInt(`0x${raw.slice(64)}`) };
}

/** What is said of a bundle whose signature is this one: header and payload stay, and so does what was signed. */
const verdictOf = (signature: string) => verdict([{ jws: { part: [2, base64url(signature)] } }]);

function der(r: bigint, s: bigint): string {
  const integer = (value: bigint) => {
    const digits = value.toString(16);
    const even = digits.length % 2 === 0 ? digits : `0${digits}`;
    const bytes = /^[89a-f]/.test(even) ? `00${even}` : even;
    return `02${hex(BigInt(bytes.length / 2), 1)}${bytes}`;
  };
  const body = integer(r) + integer(s);
  return `30${hex(BigInt(body.length / 2), 1)}${body}`;
}

describe("T17: signatures", () => {
  const { r, s } = good();
  it.each<readonly [string, string]>([
    ["r and s in the other order", hex(s) + hex(r)],
    ["r negated", hex(n - r) + hex(s)],
    ["r plus the order", hex(r + n, 33) + hex(s, 33)],
    ["s plus the order", hex(r, 33) + hex(s + n, 33)],
    ["a byte less", (hex(r) + hex(s)).slice(0, -2)],
    ["a byte more", `${hex(r) + hex(s)}00`],
    ["a zero before", `00${hex(r) + hex(s)}`],
    ["both with a zero before", hex(r, 33) + hex(s, 33)],
    ["twice", (hex(r) + hex(s)).repeat(2)],
    ["only r", hex(r)],
    ["DER of the right values", der(r, s)],
    ["DER of zeros", der(0n, 0n)],
  ])("refuses %s", async (_what, signature) => {
    expect(await verdictOf(signature)).toBe(codeNamed("signature-invalid"));
  });

  it("refuses every pair of special numbers", async () => {
    const special = [0n, 1n, 2n, n - 1n, n, n + 1n, p - n, p - 1n, p, p + 1n, (1n << 256n) - 1n];
    const verdicts = await Promise.all(special.flatMap((a) => special.map((b) => verdictOf(hex(a) + hex(b)))));
    expect(verdicts).toHaveLength(121);
    expect([...new Set(verdicts)]).toEqual([codeNamed("signature-invalid")]);
  });

  it("refuses each half of the right one beside a special number", async () => {
    for (const special of [0n, 1n, n - 1n, n, p])
      for (const signature of [hex(r) + hex(special), hex(special) + hex(s)])
        expect(await verdictOf(signature), signature).toBe(codeNamed("signature-invalid"));
  });

  it("takes the twin (r, n − s) for what it is: the same key's word on the same files", async () => {
    // ECDSA itself allows it, and so does OPA. Nothing of ours is keyed by the text of a signature.
    expect(await verdictOf(hex(r) + hex(n - s))).toBeUndefined();
  });
});

describe("T17: keys", () => {
  const { x, y } = RELEASE.jwk;
  const number = (text: string) => BigInt(`0x${Buffer.from(text, "base64url").toString("hex")}`);
  const verdictOfKey = (members: object) =>
    keysVerdict(JSON.stringify([{ kid: "k", alg: "ES256", jwk: { ...RELEASE.jwk, ...members } }]));

  it.each<readonly [string, object]>([
    ["the origin", { x: base64url(hex(0n)), y: base64url(hex(0n)) }],
    ["a coordinate that is the prime", { x: base64url(hex(p)) }],
    ["a coordinate beyond the prime", { y: base64url(hex((1n << 256n) - 1n)) }],
    ["the coordinates in the other order", { x: y, y: x }],
    ["a coordinate with a byte less", { x: base64url(hex(number(x)).slice(2)) }],
    ["a coordinate with a zero before", { x: base64url(`00${hex(number(x))}`), y: base64url(`00${hex(number(y))}`) }],
    ["an empty coordinate", { y: "" }],
    ["a coordinate with padding", { x: `${x}=` }],
    ["a coordinate in the alphabet of base64", { x: Buffer.from(x, "base64url").toString("base64") }],
    ["a coordinate that is a number", { x: 5 }],
    ["the curve's other name", { crv: "secp256r1" }],
    ["another curve of the same size", { crv: "secp256k1" }],
  ])("refuses %s", async (_what, members) => {
    expect(await verdictOfKey(members)).toBe(codeNamed("keys-malformed"));
  });

  it("takes the point on the other side for another key", async () => {
    expect(await verdictOfKey({ y: base64url(hex(p - number(y))) })).toBeUndefined();
  });
});
