/**
 * The attacks on bundles that a stock OPA was measured to fall for, each with its number, served to a real OPA in the documented
 * configuration: it refuses, or what we signed refuses, or nothing is decided otherwise. After each, the next good bundle works.
 */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKeys, verify } from "../../src/bundle/index.ts";
import { codeNamed } from "../bundle/code-named.ts";
import {
  type Entry,
  forgeGzip,
  forgeTar,
  OTHER,
  publicKeyFile,
  RELEASE,
  type Statement,
  utf8,
} from "../bundle/forge.ts";
import { opa, withOpa } from "../opa.ts";
import { DAY, emission, forgeBundle, forgeDelta, looseBundle, NOW, policyBundle, revocationsBundle } from "./estate.ts";
import { StockOpa, temporaryFolder } from "./stock-opa.ts";
import { POLICY, REVOCATIONS, World } from "./world.ts";

const open = { open: true } as const;

/** Takes the condition off the grant: where it is applied, the attacker writes orders of any tenant. */
function grantingDelta(): Uint8Array {
  const bytes = emission(1).artefacts.find(({ path }) => path === "data.json")!.bytes;
  const { writ } = JSON.parse(new TextDecoder().decode(bytes)) as { writ: { grants: { name: string }[] } };
  const rank = writ.grants.findIndex(({ name }) => name === "shopWrites");
  return forgeDelta("writ", [{ op: "remove", path: `/writ/grants/${rank}/when` }]);
}

/** Of the policy bundle, which comes first. */
const withoutSigning = (text: string): string => text.replace(/ {4}signing:\n.*\n.*\n/, "");

describe.skipIf(opa === undefined)(withOpa("a stock OPA in the documented configuration"), () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world.end());

  /** OPA takes these bytes, and decides as it did: they can only be an edition of what was signed. */
  async function isHarmless(bytes: Uint8Array, sequence: number): Promise<void> {
    const before = [await world.decide("own"), await world.decide("other")];
    expect(await world.server.serve(POLICY, bytes)).toBe("activated");
    const { revision } = emission(sequence).policy;
    const after = [await world.decide("own"), await world.decide("other")];
    expect(after).toEqual(before.map((decision) => ({ ...decision, revision })));
    await world.recovers();
  }

  test("attack 1, T20: an unsigned bundle is refused", async () => {
    await world.refuses(await looseBundle(emission(900, open)), /bundle missing \.signatures\.json file/);
  });

  test("attacks 2 and 2b, T21: an unsigned delta is refused", async () => {
    await world.refuses(grantingDelta(), /delta/);
  });

  test("attack 4, F15: an older policy, validly signed, is refused by what it says itself once it is recalled", async () => {
    expect(await world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 8 }))).toBe("activated");
    expect(await world.server.serve(POLICY, await policyBundle(7, open))).toBe("activated");
    expect([await world.reason("own"), await world.reason("other")]).toEqual(Array(2).fill("policy-below-floor"));
    await world.recovers();
  });

  test("attack 4: an older policy that nobody recalled decides, until its end", async () => {
    const expires = NOW + DAY;
    expect(await world.server.serve(POLICY, await policyBundle(9, { expires }))).toBe("activated");
    expect(await world.reason()).toBe("granted");
    await world.server.serve(REVOCATIONS, await revocationsBundle({ at: expires, floor: 8 }));
    expect(await world.reason("own", expires)).toBe("policy-expired");
    await world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 8 }));
    await world.recovers();
  });

  test("attack 5, F16: times in the signature mean nothing to OPA, those in the data mean all", async () => {
    const claims = (statement: Statement) => ({ ...statement, exp: 1_000_000_000, nbf: 4_000_000_000 });
    await isHarmless(forgeBundle(emission(20), { statement: claims }), 20);
    await expect(
      verify(forgeBundle(emission(20), { statement: claims }), await readKeys(publicKeyFile(RELEASE))),
    ).rejects.toMatchObject({ code: codeNamed("signature-malformed") });
    const ended = forgeBundle(emission(21, { ...open, expires: NOW }));
    expect(await world.server.serve(POLICY, ended)).toBe("activated");
    expect([await world.reason("own"), await world.reason("other")]).toEqual(Array(2).fill("policy-expired"));
    const early = forgeBundle(emission(22, { ...open, issued: NOW + 1 }));
    expect(await world.server.serve(POLICY, early)).toBe("activated");
    expect([await world.reason("own"), await world.reason("other")]).toEqual(Array(2).fill("policy-expired"));
    await world.recovers();
  });

  test("attack 6: a key for EdDSA is refused in our key file, and OPA does not start with one", async () => {
    const jwk = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
    await expect(readKeys(utf8(JSON.stringify([{ kid: "k", alg: "EdDSA", jwk }])))).rejects.toMatchObject({
      code: codeNamed("keys-malformed"),
    });
    const config = (await world.config()).replaceAll('algorithm: "ES256"', 'algorithm: "EdDSA"');
    const folder = temporaryFolder();
    expect(await StockOpa.start(opa!, config, folder.path).lastWords()).toContain("unsupported algorithm 'EdDSA'");
    folder.remove();
  });

  test("attack 7, T20: a bundle signed by the other known key, which it names, is refused", async () => {
    const why = /failed to verify JWT signature|signature/;
    await world.refuses(await policyBundle(900, { ...open, key: OTHER }), why);
    await world.refuses(await revocationsBundle({ at: NOW + DAY, floor: 0 }, RELEASE), why, REVOCATIONS);
  });

  test("T20: a bundle signed for another purpose, or for none, is refused", async () => {
    await world.refuses(await looseBundle(emission(900, open), { scope: "other" }), /scope mismatch/);
    const statement = ({ files }: Statement) => ({ files });
    await world.refuses(forgeBundle(emission(900, open), { statement }), /scope mismatch/);
  });

  const data = emission(900, open).artefacts.find(({ path }) => path === "data.json")!.bytes;
  const rego = utf8("package writ.injected\n\nallow := true\n");
  test.each([
    ["a second data.json", "/data.json", data, /data\.json/],
    ["a second data.json under its other name", "data.json", data, /data\.json/],
    ["a policy outside of its folder", "../../x.rego", rego, /x\.rego/],
    ["a policy that nobody signed", "/x.rego", rego, /x\.rego/],
  ])("attack 8: %s is refused, in front and behind", async (_, name, bytes, why) => {
    await world.refuses(forgeBundle(emission(900), { entries: (all) => [...all, { name, bytes }] }), why);
    await world.refuses(forgeBundle(emission(900), { entries: (all) => [{ name, bytes }, ...all] }), why);
  });

  test("attack 8c: other bytes of the same value change no decision, and no gateway of ours takes them", async () => {
    const respelt = forgeBundle(emission(30), {
      entries: (all) =>
        all.map((entry) => {
          if (entry.name !== "/data.json") return entry;
          const text = new TextDecoder().decode(entry.bytes);
          return { ...entry, bytes: utf8(`{ "writ": {"policy": {"sequence": 900}},\n${text.slice(1)} `) };
        }),
    });
    await isHarmless(respelt, 30);
    await expect(verify(respelt, await readKeys(publicKeyFile(RELEASE)))).rejects.toMatchObject({
      code: codeNamed("bundle-digest"),
    });
  });

  test("attack 8d: links in the archive are ignored, and are nowhere on the disk", async () => {
    const link = (name: string, type: string, to: string): Entry => ({
      name,
      type,
      bytes: new Uint8Array(),
      fields: [[157, to]],
    });
    const linked = forgeBundle(emission(31), {
      entries: (all) => [link("/x.rego", "2", "../../../x"), ...all, link("/data.json", "1", "/model.json")],
    });
    await isHarmless(linked, 31);
    const there = readdirSync(join(world.folder.path, "persisted"), { recursive: true, encoding: "utf8" });
    expect(there.filter((name) => /\.(?:rego|json)$/.test(name))).toEqual([]);
  });

  test("attack 8e: another file of signatures is refused, whether it holds what the first one holds or nothing", async () => {
    const add = (bytes?: Uint8Array) => (all: Entry[]) => {
      const there = all.find(({ name }) => name === "/.signatures.json")!.bytes;
      return [...all, { name: "/zz-signatures.json", bytes: bytes ?? there }];
    };
    const why = /zz-signatures\.json not included in bundle signature|missing \.signatures\.json/;
    await world.refuses(forgeBundle(emission(900), { entries: add() }), why);
    await world.refuses(forgeBundle(emission(900), { entries: add(utf8("{}")) }), why);
  });

  test("attack 9: digests in MD5 are taken from who holds the key, and still fit one content only", async () => {
    const md5 = (statement: Statement, artefacts = emission(33).artefacts): Statement => ({
      ...statement,
      files: statement.files.map((file) => {
        const bytes = artefacts.find(({ path }) => path === file.name)?.bytes;
        if (!bytes || file.name === "data.json") return file;
        return { name: file.name, algorithm: "MD5", hash: createHash("md5").update(bytes).digest("hex") };
      }),
    });
    const weak = forgeBundle(emission(33), { statement: md5 });
    await isHarmless(weak, 33);
    await expect(verify(weak, await readKeys(publicKeyFile(RELEASE)))).rejects.toMatchObject({
      code: codeNamed("bundle-manifest"),
    });
    const changed = forgeBundle(emission(900), {
      statement: md5,
      entries: (all) => all.map((entry) => (entry.name === "/policy.rego" ? { ...entry, bytes: rego } : entry)),
    });
    await world.refuses(changed, /policy\.rego: digest mismatch/);
  });

  test("attack 10: two signatures are refused", async () => {
    const twice = forgeBundle(emission(900, open), { signatures: (jws) => [jws, jws] });
    await world.refuses(twice, /multiple JWTs not supported/);
  });
});

describe.skipIf(opa === undefined)(withOpa("a stock OPA that is sent bombs"), () => {
  const mebibyte = 1024 * 1024;
  const bomb = (files: number, size: number) => {
    const bytes = new Uint8Array(size);
    return forgeGzip(forgeTar(Array.from({ length: files }, (_, index) => ({ name: `/${index}.json`, bytes }))));
  };

  test("attack 11: a file above the limit is refused before it is unpacked", async () => {
    const world = await World.begin({ options: { sizeLimit: mebibyte } });
    const before = world.opa.peakMemory();
    await world.refuses(bomb(1, 128 * mebibyte), /exceeds configured size_limit_bytes/);
    expect(world.opa.peakMemory() - before).toBeLessThan(64 * mebibyte);
    await world.end();
  });

  test("attack 11: files within the limit are all unpacked before OPA looks for a signature, and then refused", async () => {
    const world = await World.begin({ options: { sizeLimit: 16 * mebibyte } });
    const before = world.opa.peakMemory();
    await world.refuses(bomb(16, 16 * mebibyte), /bundle missing \.signatures\.json file/);
    // What OPA can't be configured against: it needs a limit of memory from whoever runs it.
    expect(world.opa.peakMemory() - before).toBeGreaterThan(128 * mebibyte);
    await world.end();
  });
});

describe.skipIf(opa === undefined)(withOpa("a stock OPA in another configuration"), () => {
  test("attack 2d: an unsigned delta as the very first answer is refused, and decides nothing", async () => {
    const world = new World();
    await world.server.start();
    const fate = world.server.serve(POLICY, grantingDelta());
    world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1 }));
    await world.startOpa();
    expect(await fate).toBe("refused");
    expect(await world.decide("own")).toBeUndefined();
    await world.recovers();
    await world.end();
  });

  test("attack 2, T21: without `persist: true`, `signing` alone has an unsigned delta refused, which in older ones it had not", async () => {
    const world = await World.begin({ config: (text) => text.replaceAll("persist: true", "persist: false") });
    await world.refuses(grantingDelta(), /delta bundles do not support signature verification/);
    await world.end();
  });

  test("attack 2, T21: without both an unsigned delta is in force: the hole that the documented one closes", async () => {
    const world = await World.begin({
      config: (text) => withoutSigning(text).replaceAll("persist: true", "persist: false"),
      policy: (emission) => looseBundle(emission),
    });
    expect(await world.server.serve(POLICY, grantingDelta())).toBe("activated");
    expect(await world.reason("other")).toBe("granted");
    await world.recovers();
    await world.end();
  });

  test("attack 2b, T21: with `persist: true` alone an unsigned delta is refused", async () => {
    const world = await World.begin({ config: withoutSigning, policy: (emission) => looseBundle(emission) });
    await world.refuses(grantingDelta(), /persisting delta bundle to disk is not supported/);
    await world.end();
  });

  test("attack 3: without `signing` an unsigned bundle is in force: the hole that the documented one closes", async () => {
    const world = await World.begin({ config: withoutSigning, policy: (emission) => looseBundle(emission) });
    expect(await world.server.serve(POLICY, await looseBundle(emission(900, open)))).toBe("activated");
    expect(await world.reason("other")).toBe("granted");
    await world.recovers();
    await world.end();
  });

  test("attack 3: without `keyid` every known key signs policies: the hole that the documented one closes", async () => {
    const world = await World.begin({ config: (text) => text.replace(/ {6}keyid: .*\n/, "") });
    expect(await world.server.serve(POLICY, await policyBundle(900, { ...open, key: OTHER }))).toBe("activated");
    expect(await world.reason("other")).toBe("granted");
    await world.recovers();
    await world.end();
  });
});
