import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inspect, type Manifest, manifestBytes, pack, readKeys, readSigner, verify } from "../../src/bundle/index.ts";
import { canonicalJsonBytes } from "../../src/json/index.ts";
import type { Artefact } from "../../src/model/index.ts";
import { canonical, type Edit, editBundle, FILES, MANIFEST } from "./edit-bundle.ts";
import { privateKeyFile, publicKeyFile, RELEASE, utf8 } from "./forge.ts";

const manifest = MANIFEST as Manifest;
const artefacts: readonly Artefact[] = Object.entries(FILES).map(([path, text]) => ({ path, bytes: utf8(text) }));
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("packing", () => {
  it("R06 gives the same bytes whatever the order, and here are they", async () => {
    const bytes = await pack(artefacts, manifest);
    expect(digest(await pack(artefacts.toReversed(), manifest))).toBe(digest(bytes));
    const shuffled = {
      metadata: manifest.metadata,
      rego_version: 1,
      roots: manifest.roots,
      revision: manifest.revision,
    } as const;
    expect(digest(await pack(artefacts, shuffled))).toBe(digest(bytes));
    expect(digest(bytes)).toMatchInlineSnapshot(`"656f5cee5aa3de7ffb7aacf5291bd08a8eef4d181920371304dc4b7ed376e93e"`);
  });

  it("differs between two signings in nothing but the signature", async () => {
    const signer = await readSigner(privateKeyFile(RELEASE));
    const [one, two] = (await Promise.all([1, 2].map(() => pack(artefacts, manifest, { signer })))) as [
      Uint8Array,
      Uint8Array,
    ];
    const withoutSignature = (bytes: Uint8Array) =>
      gunzipSync(bytes)
        .toString("latin1")
        .replace(/\.[\w-]{86}"\]\}/, "");
    expect(digest(one)).not.toBe(digest(two));
    expect(withoutSignature(one)).toBe(withoutSignature(two));
  });

  it("makes the bundle that an independent writer makes, up to compression and signature", async () => {
    const signer = await readSigner(privateKeyFile(RELEASE));
    const ours = gunzipSync(await pack(artefacts, manifest, { signer }));
    const theirs = gunzipSync(editBundle([]).bytes);
    expect(ours.length).toBe(theirs.length);
    const statementOf = (tar: Uint8Array) =>
      /"signatures":\["([^"]+)\.[^."]+"/.exec(Buffer.from(tar).toString("latin1"))![1]!.split(".");
    expect(statementOf(ours)[0]).toBe(statementOf(theirs)[0]);
    const decode = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
    const [mine, other] = [decode(statementOf(ours)[1]!), decode(statementOf(theirs)[1]!)];
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect({ ...mine, files: mine.files.sort(byName) }).toEqual({ ...other, files: other.files.sort(byName) });
    expect(new TextDecoder().decode(manifestBytes(manifest))).toBe(canonical(MANIFEST));
  });

  it("is undone by verification (property)", async () => {
    const signer = await readSigner(privateKeyFile(RELEASE));
    const keys = await readKeys(publicKeyFile(RELEASE));
    const path = fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}(\/[a-z0-9_-]{1,8}){0,3}\.rego$/);
    const files = fc.uniqueArray(fc.record({ path, bytes: fc.uint8Array({ maxLength: 1500 }) }), {
      selector: ({ path }) => path,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(files, fc.dictionary(fc.stringMatching(/^\w{1,5}$/), fc.nat()), async (files, data) => {
        const all = [...files, { path: "data.json", bytes: canonicalJsonBytes({ writ: data }) }];
        const found = await verify(await pack(all, manifest, { signer }), keys);
        const list = (items: Iterable<readonly [string, Uint8Array]>) =>
          [...items].map(([path, bytes]) => `${path} ${digest(bytes)}`).sort();
        expect(list(found.files)).toEqual(list(all.map(({ path, bytes }) => [path, bytes] as const)));
      }),
      { numRuns: 50 },
    );
  });

  it.each([".signatures.json", "x-signatures.json", "a/.manifest", ".manifest", "data.yaml", "../x", "A.rego"])(
    "never writes a file named %s",
    async (path) => {
      await expect(pack([...artefacts, { path, bytes: new Uint8Array() }], manifest)).rejects.toThrow(
        "this is a bug in Writ",
      );
    },
  );

  it("refuses what verification would refuse for its size", async () => {
    const file = (index: number) => ({ path: `f${index}`, bytes: new Uint8Array() });
    await expect(
      pack(
        Array.from({ length: 64 }, (_, index) => file(index)),
        manifest,
      ),
    ).rejects.toMatchObject({ reason: "archive-limit" });
    await expect(pack([{ path: "big", bytes: new Uint8Array(128 << 20) }], manifest)).rejects.toMatchObject({
      reason: "bundle-too-large",
    });
  });

  it("writes no two files of one name", async () => {
    await expect(pack([...artefacts, ...artefacts], manifest)).rejects.toThrow("this is a bug in Writ");
  });
});

describe("inspection", () => {
  const look = (edits: Edit[]) => inspect(editBundle(edits).bytes);

  it("shows what is there and calls none of it verified", async () => {
    const seen = await look([{ sign: "other" }, { flip: { file: "data.json", bit: 0 } }]);
    expect(seen).toMatchObject({
      verified: false,
      manifest: MANIFEST,
      signature: { header: { alg: "ES256", kid: "other-2026", typ: "JWT" }, statement: { scope: "writ" } },
    });
    expect(seen.files.map(({ path, size }) => [path, size])).toContainEqual(["data.json", FILES["data.json"]!.length]);
  });

  it("says what is wrong with a signature", async () => {
    expect((await look([{ jws: { append: "=" } }])).signature).toEqual({
      problem: "the signature can't be read: it is not a compact JWS in its only spelling",
    });
    expect((await look([{ signatures: "{" }])).signature).toEqual({
      problem: "`.signatures.json` can't be read at offset 1: it is not JSON",
    });
    expect((await look([{ jws: { part: [1, "e30"] } }])).signature).toEqual({
      problem: "the signature can't be read: its payload does not hold files, scope and time alone",
    });
  });

  it("leaves out what is not there", async () => {
    const seen = await look([{ sign: "no" }, { write: { file: ".manifest", text: "no JSON" } }]);
    expect(Object.keys(seen)).toEqual(["verified", "files"]);
  });

  it("refuses an archive that verification refuses", async () => {
    await expect(look([{ append: "x" }])).rejects.toMatchObject({ reason: "archive-malformed" });
  });
});
