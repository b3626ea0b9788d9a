/** Content under another policy is what the compiler would have made of it, and its digest says that it is the same. */
import { expect, test } from "vitest";
import { type Bundle, newKeys, readKeys, readSigner, verify } from "../../src/bundle/index.ts";
import { emit, type OpaBackend, packRelease, type Release } from "../../src/compile.ts";
import { Gateway } from "../../src/gateway/index.ts";
import { canonicalJsonBytes, type JsonValue } from "../../src/json/index.ts";
import type { Model } from "../../src/model/index.ts";
import { contentDigest, reissue, revisionUnder } from "../../src/publish/reissue.ts";
import { randomModel } from "../agree/random-model.ts";
import { bigModel } from "../bench/big-model.ts";
import { estate, now } from "../decide/estate.ts";
import { Random } from "../random.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const pair = await newKeys({ kid: "release" });
const signer = await readSigner(utf8(pair.privateKey));
const keys = await readKeys(utf8(pair.publicKeys));

async function built(model: Model, release: Release, opaBackend: OpaBackend = "rego"): Promise<Bundle> {
  return verify(await packRelease(emit(model, { release }), signer, opaBackend), keys);
}

async function again(bundle: Bundle, { sequence, issued, expires }: Release): Promise<Bundle> {
  const policy = { revision: revisionUnder(bundle.manifest, sequence), sequence, notBefore: issued, notAfter: expires };
  return verify(await reissue(bundle, policy, signer), keys);
}

const first: Release = { sequence: 9, issued: now - 60, expires: now + 3600 };
const second: Release = { sequence: 1_234_567, issued: now, expires: now + 30 * 86_400 };
const models = [
  ["a small estate", estate],
  ["a large one", bigModel({ identities: 300, operations: 60, grants: 40 }).model],
  ...Array.from({ length: 12 }, (_, seed) => [`random estate ${seed}`, speakable(seed)] as const),
] as const;

/** The checker lets no such name through, nor does any reader of JSON. */
function speakable(seed: number): Model {
  return JSON.parse(JSON.stringify(randomModel(new Random(seed))).replaceAll("__proto__", "proto")) as Model;
}

test.each(models)("R04 %s under another sequence is what its own build would have been", async (_, model) => {
  for (const opaBackend of ["rego", "wasm"] as const) {
    const [one, other] = [await built(model, first, opaBackend), await built(model, second, opaBackend)];
    const moved = await again(one, second);
    expect(moved.manifest).toEqual(other.manifest);
    expect([...moved.files.keys()].sort()).toEqual([...other.files.keys()].sort());
    for (const [path, bytes] of other.files) expect([path, moved.files.get(path)]).toEqual([path, bytes]);
    // There and back is where it came from.
    expect(await again(moved, first)).toEqual(one);
    expect(await contentDigest(moved)).toBe(await contentDigest(one));
    expect(await contentDigest(other)).toBe(await contentDigest(one));
  }
});

test("R04 in `data.json` the policy alone changes, also where something else looks the same", async () => {
  const bundle = await built(estate, first);
  const { revision } = bundle.manifest;
  const policy = { revision, sequence: first.sequence, notBefore: first.issued, notAfter: first.expires };
  const dataOf = (value: JsonValue): Bundle => ({
    ...bundle,
    files: new Map([...bundle.files, ["data.json", canonicalJsonBytes(value)]]),
  });
  const moved = { ...policy, revision: revisionUnder(bundle.manifest, second.sequence), sequence: second.sequence };
  const cases: readonly (readonly [JsonValue, JsonValue])[] = [
    [{ writ: { policy } }, { writ: { policy: moved } }],
    [{ writ: { operations: { policy }, policy } }, { writ: { operations: { policy }, policy: moved } }],
    [{ writ: { operations: {} } }, { writ: { operations: {} } }],
  ];
  for (const [before, after] of cases) {
    const again = await verify(await reissue(dataOf(before), moved, signer), keys);
    expect(JSON.parse(Buffer.from(again.files.get("data.json")!).toString())).toEqual(after);
  }
});

test("R04 other content has another digest, be it in one byte of one file", async () => {
  const bundle = await built(estate, first);
  const digest = await contentDigest(bundle);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  const digests = new Set([digest]);
  const others = [
    { ...estate, grants: estate.grants.slice(1) },
    { ...estate, tiers: estate.tiers.map((tier) => ({ ...tier, revocationDelay: tier.revocationDelay + 1 })) },
  ];
  for (const model of others) digests.add(await contentDigest(await built(model, first)));
  for (const [path, bytes] of bundle.files) {
    if (path === "data.json" || path === "policy.wasm") continue;
    digests.add(await contentDigest({ ...bundle, files: new Map([...bundle.files, [path, utf8(`${bytes[0]}`)]]) }));
  }
  digests.add(await contentDigest({ ...bundle, files: new Map([...bundle.files, ["extra.rego", utf8("")]]) }));
  expect(digests.size).toBe(bundle.files.size - 2 + others.length + 2);
});

test("R04 a gateway takes released content again under a higher sequence, and no policy below it afterwards", async () => {
  const one = await packRelease(emit(estate, { release: first }), signer);
  const { revision } = emit(estate, { release: second }).policy;
  const policy = { revision, sequence: second.sequence, notBefore: second.issued, notAfter: second.expires };
  const moved = await reissue(await verify(one, keys), policy, signer);
  const gateway = new Gateway(keys);
  await gateway.load(one);
  await gateway.load(moved);
  expect(gateway.policy).toMatchObject({ sequence: second.sequence, revision });
  await expect(gateway.load(one)).rejects.toMatchObject({ reason: "policy-rollback" });
  expect(gateway.policy).toMatchObject({ sequence: second.sequence });
});
