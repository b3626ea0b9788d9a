/** Each bundle that verification refuses, given to a gateway at work: it says why, decides as before, and takes the next good one. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { pack, readKeys, readSigner, verifySigned } from "../../src/bundle/index.ts";
import { Gateway } from "../../src/gateway/index.ts";
import { codeNamed } from "../bundle/code-named.ts";
import { editBundle } from "../bundle/edit-bundle.ts";
import { privateKeyFile, publicKeyFile, RELEASE } from "../bundle/forge.ts";
import { refused } from "../bundle/refused.cases.ts";
import { bases } from "../decide/estate.ts";
import { now, policyOf, wasmOf } from "./release.ts";

const keys = await readKeys(publicKeyFile(RELEASE));
const signer = await readSigner(privateKeyFile(RELEASE));

function good(sequence: number): Promise<Uint8Array> {
  const { revision, notBefore: issued, notAfter: expires } = policyOf({ sequence });
  const metadata = { sequence, issued, expires, entrypoints: ["writ/allow", "writ/decision"] };
  const artefacts = [{ path: "policy.wasm", bytes: wasmOf({ sequence }) }];
  return pack(artefacts, { revision, roots: ["writ"], rego_version: 1, metadata }, { signer });
}

const faults: unknown[] = [];
const gateway = new Gateway(keys, { onFault: (fault) => faults.push(fault) });
const fetched = vi.spyOn(globalThis, "fetch");

beforeAll(async () => {
  await gateway.load(await good(5));
  gateway.setRevocations({ sequence: 1, at: now, floor: 0, identities: { till: now } });
});

afterAll(async () => {
  // None of them has changed what comes next.
  await gateway.load(await good(6));
  expect(gateway.decide(bases.mtls)).toMatchObject({ allow: true, revision: "r6" });
  expect(gateway.decide(bases.key)).toMatchObject({ reason: "revoked", revision: "r6" });
  expect([faults, fetched.mock.calls]).toEqual([[], []]);
});

/** What is wrong only by what was asked for besides is a matter of verification alone. */
const bundles = refused.filter(([, , edits]) => !edits.some((edit) => "verify" in edit));

test.each(bundles)("%s: %s", async (name, _what, edits) => {
  const policy = gateway.policy!;
  const { bytes } = editBundle(edits);
  // A gateway does not read what only OPA reads; where that alone is wrong, it still misses its module.
  const isSound = await verifySigned(bytes, keys).then(
    () => true,
    () => false,
  );
  await expect(gateway.load(bytes)).rejects.toMatchObject({ code: codeNamed(isSound ? "wasm-refused" : name) });
  expect(gateway.policy).toBe(policy);
  expect([policy.sequence, policy.revision]).toEqual([5, "r5"]);
  expect(gateway.decide(bases.mtls)).toMatchObject({ allow: true, revision: "r5" });
  expect(gateway.decide(bases.key)).toMatchObject({ allow: false, reason: "revoked", revision: "r5" });
});

test("the next good one is taken right after a bad one, and after that the bad one is as bad", async () => {
  for (const [, , edits] of bundles.slice(0, 20)) {
    const own = new Gateway(keys);
    const { bytes } = editBundle(edits);
    await expect(own.load(bytes)).rejects.toThrow();
    expect(own.decide(bases.mtls)).toEqual({ allow: false, reason: "policy-missing" });
    await own.load(await good(8));
    await expect(own.load(bytes)).rejects.toThrow();
    expect(own.policy?.sequence).toBe(8);
  }
});
