import { createHash } from "node:crypto";
import { deflateRawSync, gunzipSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gunzip, gzip } from "../../src/bundle/gzip.ts";
import { inflate } from "../../src/bundle/inflate.ts";
import { isName, writeTar } from "../../src/bundle/tar.ts";
import { forgeTar, utf8 } from "./forge.ts";

const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 400 })), { maxLength: 20 })
  .map((parts) => Buffer.concat(parts.flatMap(([part, times]) => Array<Uint8Array>(times).fill(part))));
const contents = fc.oneof(fc.uint8Array({ maxLength: 3000 }), repetitive, fc.json().map(utf8));

/** Numbers that look random and are the same in every run. */
function noise(size: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  });
}

/** Counts like Fibonacci's numbers would make codes longer than deflate allows. */
function skewed(): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let symbol = 0, a = 1, b = 1; symbol < 24; symbol++, [a, b] = [b, a + b])
    parts.push(new Uint8Array(a).fill(symbol));
  const bytes = Buffer.concat(parts);
  const order = noise(bytes.length * 2);
  for (let at = bytes.length - 1; at > 0; at--) {
    const other = (order[2 * at]! * 256 + order[2 * at + 1]!) % (at + 1);
    [bytes[at], bytes[other]] = [bytes[other]!, bytes[at]!];
  }
  return bytes;
}

describe("gzip", () => {
  it("is undone by the platform's and by ours (property)", () => {
    fc.assert(
      fc.property(contents, (content) => {
        const packed = gzip(content);
        expect(Buffer.compare(gunzipSync(packed), content)).toBe(0);
        expect(Buffer.compare(gunzip(packed, 1 << 20), content)).toBe(0);
      }),
    );
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["one byte", new Uint8Array(1)],
    ["zeros", new Uint8Array(1_000_000)],
    ["noise", noise(300_000)],
    ["skewed counts", skewed()],
    ["a match at the edge of the window", Buffer.concat([noise(32768), noise(32768), noise(70000)])],
    ["exactly one block", noise(32768).map((byte) => byte & 1)],
  ])("survives %s", (_what, content) => {
    const packed = gzip(content);
    expect(Buffer.compare(gunzipSync(packed), content)).toBe(0);
    expect(Buffer.compare(gunzip(packed, content.length), content)).toBe(0);
  });

  it("has pinned bytes: what changes them changes every published bundle", () => {
    const sample = utf8(
      Array.from({ length: 3000 }, (_, index) => `{"id":"svc-${index}","tier":${index % 6}}`).join("\n"),
    );
    const packed = gzip(sample);
    expect(packed.length).toBeLessThan(sample.length / 6);
    expect(createHash("sha256").update(packed).digest("hex")).toMatchInlineSnapshot(
      `"9dbecd3b63ee181e80b8669e228d42386aa0dcd640e47140b30387c74ead0e48"`,
    );
  });
});

describe("inflate", () => {
  it.each([0, 1, 6, 9])("reads what the platform deflates at level %d (property)", (level) => {
    fc.assert(
      fc.property(contents, fc.constantFrom(0, 2, 4), (content, strategy) => {
        expect(Buffer.compare(inflate(deflateRawSync(content, { level, strategy }), content.length), content)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("never disagrees with the platform on bent data (property)", () => {
    const bends = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(contents, bends, fc.constantFrom(0, 2, 4), (content, bends, strategy) => {
        const packed = Uint8Array.from(deflateRawSync(content, { strategy }));
        for (const [at, change] of bends) packed[at % packed.length]! ^= change;
        let theirs: Uint8Array | undefined;
        try {
          theirs = inflateRawSync(packed, { maxOutputLength: 1 << 24 });
        } catch {
          // Refused, so ours must refuse it as well, whatever size it is told.
        }
        try {
          const ours = inflate(packed, theirs?.length ?? content.length);
          expect(theirs && Buffer.compare(ours, theirs)).toBe(0);
        } catch (error) {
          // Ours refuses what is left over after the end too, and never anything else that the platform accepts.
          expect(error).toMatchObject({ reason: "archive-malformed" });
          if (theirs) expect((error as Error).message).toContain("left over");
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("tar", () => {
  it("writes the archive that an independent writer writes, sorted", () => {
    const artefacts = [
      { path: "policy.rego", bytes: utf8("package writ\n") },
      { path: ".manifest", bytes: utf8("{}") },
      { path: "a/b.rego", bytes: new Uint8Array(512) },
    ];
    const sorted = [artefacts[1]!, artefacts[2]!, artefacts[0]!];
    const expected = forgeTar(sorted.map(({ path, bytes }) => ({ name: `/${path}`, bytes })));
    expect(Buffer.compare(writeTar(artefacts), expected)).toBe(0);
  });

  it.each(["", "/a", "a/", "../a", "A", "a".repeat(99)])("has no place for %j", (path) => {
    expect(isName(path)).toBe(false);
    expect(() => writeTar([{ path, bytes: new Uint8Array() }])).toThrow("this is a bug in Writ");
  });

  it("has room for 98 letters", () => {
    expect(isName("a".repeat(98))).toBe(true);
  });
});
