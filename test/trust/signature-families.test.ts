/**
 * The families that public vectors for Ed25519 and for P-256 in DER are made of, by a role's key (threat T17): each is made anew from a
 * signature that is right, so none is refused because it was about something else.
 */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readTrustKey, type Scheme, signerOf, type TrustKey } from "../../src/trust/keys.ts";

const message = new TextEncoder().encode('{"_type":"timestamp"}');

function roleKey(keytype: string, scheme: Scheme, text: string): TrustKey {
  const key = readTrustKey({ keytype, scheme, keyval: { public: text } });
  expect(key).toBeDefined();
  return key!;
}

const littleEndian = (value: bigint, bytes = 32): string =>
  Buffer.from(value.toString(16).padStart(2 * bytes, "0"), "hex")
    .reverse()
    .toString("hex");
const number = (hex: string): bigint => BigInt(`0x${hex}`);

describe("T17 Ed25519", () => {
  const pair = generateKeyPairSync("ed25519");
  const raw = (key: KeyObject) => key.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
  const point = raw(pair.publicKey);
  const key = roleKey("ed25519", "ed25519", point);
  const good = sign(null, message, pair.privateKey).toString("hex");
  const [r, s] = [good.slice(0, 64), number(Buffer.from(good.slice(64), "hex").reverse().toString("hex"))];
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const prime = 2n ** 255n - 19n;

  test("the right one is taken, for what was signed and by who signed it", async () => {
    expect(await signerOf(key, good, message)).toBe(`ed25519 ${point}`);
    expect(await signerOf(key, good, message.subarray(1))).toBeUndefined();
    const other = roleKey("ed25519", "ed25519", raw(generateKeyPairSync("ed25519").publicKey));
    expect(await signerOf(other, good, message)).toBeUndefined();
  });

  test.each<[string, string]>([
    ["s plus the order", r + littleEndian(s + order)],
    ["s plus twice the order", r + littleEndian(s + 2n * order)],
    ["s plus eight times the order", r + littleEndian((s + 8n * order) % 2n ** 256n)],
    ["s negated", r + littleEndian(order - s)],
    ["s of zero", r + littleEndian(0n)],
    ["s of one", r + littleEndian(1n)],
    ["s of the order", r + littleEndian(order)],
    ["s of all ones", r + "ff".repeat(32)],
    ["s with its highest bit set", r + littleEndian(s + 2n ** 255n)],
    ["R of zero", littleEndian(0n) + littleEndian(s)],
    ["R of one", littleEndian(1n) + littleEndian(s)],
    ["R of the prime", littleEndian(prime) + littleEndian(s)],
    ["R beyond the prime", littleEndian(prime + 1n) + littleEndian(s)],
    ["R of all ones", "ff".repeat(32) + littleEndian(s)],
    [
      "R with its sign turned",
      littleEndian(number(Buffer.from(r, "hex").reverse().toString("hex")) ^ (2n ** 255n)) + littleEndian(s),
    ],
    ["all zero", "0".repeat(128)],
    ["nothing", ""],
    ["only R", r],
    ["a byte less", good.slice(0, -2)],
    ["a byte more", `${good}00`],
    ["a zero before", `00${good}`],
    ["twice", good + good],
    ["half a byte less", good.slice(0, -1)],
    ["what is no hexadecimal", `${good.slice(0, -2)}zz`],
    ["R and s in the other order", littleEndian(s) + r],
  ])("%s is refused", async (_, signature) => {
    expect(await signerOf(key, signature, message)).toBeUndefined();
  });

  test.each<[string, string]>([
    ["zero", littleEndian(0n)],
    ["one", littleEndian(1n)],
    ["minus one", littleEndian(prime - 1n)],
    ["the prime", littleEndian(prime)],
    ["one beyond the prime", littleEndian(prime + 1n)],
    ["one with the sign of a zero", littleEndian(1n + 2n ** 255n)],
    ["a byte less", point.slice(0, -2)],
    ["a byte more", `${point}00`],
    ["no point of the curve", littleEndian(2n)],
  ])("a key that is %s signs for nobody", async (_, text) => {
    const unsound = roleKey("ed25519", "ed25519", text);
    for (const signature of [good, text + littleEndian(0n), littleEndian(1n) + littleEndian(0n)])
      expect(await signerOf(unsound, signature, message)).toBeUndefined();
  });
});

describe("T17 P-256 in DER", () => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = pair.publicKey.export({ type: "spki", format: "pem" }) as string;
  const key = roleKey("ecdsa", "ecdsa-sha2-nistp256", pem);
  const plain = sign("sha256", message, { key: pair.privateKey, dsaEncoding: "ieee-p1363" }).toString("hex");
  const [r, s] = [number(plain.slice(0, 64)), number(plain.slice(64))];
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

  const byte = (value: number): string => value.toString(16).padStart(2, "0");
  const content = (value: bigint): string => {
    const digits = value.toString(16);
    const even = digits.length % 2 === 0 ? digits : `0${digits}`;
    return /^[89a-f]/.test(even) ? `00${even}` : even;
  };
  const tagged = (tag: string, body: string, length = byte(body.length / 2)): string => tag + length + body;
  const integer = (value: bigint): string => tagged("02", content(value));
  const der = (a: string, b: string): string => tagged("30", a + b);
  const good = der(integer(r), integer(s));

  test("the right one is taken, and its twin is the same key's word", async () => {
    const identity = await signerOf(key, good, message);
    expect(identity).toMatch(/^ecdsa-sha2-nistp256 /);
    expect(await signerOf(key, der(integer(r), integer(n - s)), message)).toBe(identity);
    expect(await signerOf(key, good, message.subarray(1))).toBeUndefined();
  });

  test.each<[string, string]>([
    ["r and s in the other order", der(integer(s), integer(r))],
    ["r plus the order", der(integer(r + n), integer(s))],
    ["s plus the order", der(integer(r), integer(s + n))],
    ["r negated", der(integer(n - r), integer(s))],
    ["a long length", tagged("30", integer(r) + integer(s), `81${byte((integer(r) + integer(s)).length / 2)}`)],
    ["an indefinite length", `3080${integer(r)}${integer(s)}0000`],
    ["a zero in front of r", der(tagged("02", `00${content(r)}`), integer(s))],
    ["a zero in front of s", der(integer(r), tagged("02", `00${content(s)}`))],
    ["a negative r", der(tagged("02", `ff${content(r)}`), integer(s))],
    ["an r of zero", der(integer(0n), integer(s))],
    ["an s of zero", der(integer(r), integer(0n))],
    ["both of zero", der(integer(0n), integer(0n))],
    ["both of one", der(integer(1n), integer(1n))],
    ["both of the order", der(integer(n), integer(n))],
    ["an empty integer", der(tagged("02", ""), integer(s))],
    ["an r that is text", der(tagged("0c", content(r)), integer(s))],
    ["a set in place of a list", tagged("31", integer(r) + integer(s))],
    ["one number", tagged("30", integer(r))],
    ["three numbers", tagged("30", integer(r) + integer(s) + integer(1n))],
    ["bytes behind it", `${good}00`],
    ["bytes inside behind it", tagged("30", `${integer(r)}${integer(s)}0500`)],
    ["a byte less", good.slice(0, -2)],
    ["r and s side by side", plain],
    ["nothing", ""],
    ["the same twice", good + good],
  ])("%s is refused", async (_, signature) => {
    expect(await signerOf(key, signature, message)).toBeUndefined();
  });
});
