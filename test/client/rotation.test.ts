/** The rehearsal: each key there is, of every role and of the bundle, is changed while a hundred gateways run and decide. */
import { expect, test } from "vitest";
import { newKeys, pack, readSigner } from "../../src/bundle/index.ts";
import type { JsonObject } from "../../src/json/index.ts";
import { policyOf, wasmOf } from "../gateway/release.ts";
import { mapStore, strangers, utf8 } from "../trust/repository.ts";
import { newWorld, requestOf } from "./world.ts";

const workload = requestOf("svid");

/** A release whose bundle another key signed. */
async function signedAnew(sequence: number): Promise<{ readonly bytes: Uint8Array; readonly keys: JsonObject }> {
  const pair = await newKeys({ kid: `release-${sequence}` });
  const { revision, notBefore: issued, notAfter: expires } = policyOf({ sequence });
  const metadata = { sequence, issued, expires, entrypoints: ["writ/allow", "writ/decision"] };
  const bytes = await pack(
    [{ path: "policy.wasm", bytes: wasmOf({ sequence }) }],
    { revision, roots: ["writ"], rego_version: 1, metadata },
    { signer: await readSigner(utf8(pair.privateKey)) },
  );
  return { bytes, keys: JSON.parse(pair.publicKeys) };
}

test("R05 every key is changed while 100 gateways run: no request is denied, and none is started anew", async () => {
  const { simulation, publisher, open } = await newWorld();
  const { repository } = publisher;
  const absent = mapStore();
  const away = await open({ store: absent });
  const gateways = await Promise.all(Array.from({ length: 100 }, () => open()));
  await simulation.pass(3);
  await away.close();
  let denied = 0;
  const goOn = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) {
      await simulation.pass(1);
      for (const gateway of gateways) if (!gateway.decide(workload).allow) denied++;
    }
  };
  const { sequence: first } = gateways[0]!.health().policy!;
  const steps: readonly (() => Promise<unknown>)[] = [
    async () => {
      // Old and new side by side, as long as it takes.
      repository.signers.timestamp = [...repository.signers.timestamp, strangers[0]!];
      await repository.publishRoot();
    },
    async () => {
      repository.signers.timestamp = [strangers[0]!];
      await repository.publishRoot();
    },
    async () => {
      repository.signers.snapshot = [strangers[1]!];
      await repository.publishRoot();
      await publisher.release({ sequence: first + 1 });
    },
    async () => {
      repository.signers.targets = [strangers[2]!];
      await repository.publishRoot();
      await publisher.release({ sequence: first + 2 });
    },
    async () => {
      repository.signers.root = strangers.slice(2, 5);
      await repository.publishRoot();
    },
    async () => {
      repository.signers.revocations = [strangers[3]!];
      await publisher.release({ sequence: first + 3 });
    },
    async () => {
      const { bytes, keys } = await signedAnew(first + 4);
      await publisher.release({ sequence: first + 4 }, { bytes, keys });
    },
    () => publisher.revoke(["identities", "nobody"]),
  ];
  for (const step of steps) {
    await step();
    await publisher.head();
    await goOn();
  }
  await goOn();
  expect(denied).toBe(0);
  expect(repository.versions.root).toBe(6);
  for (const gateway of gateways)
    expect(gateway.health()).toMatchObject({
      ready: true,
      problems: [],
      policy: { sequence: first + 4 },
      head: { sequence: publisher.size },
    });
  // Whoever was not there meanwhile, and knows the first keys alone, comes to the same.
  for (const store of [absent, mapStore()]) {
    const late = await open({ store });
    await simulation.pass(10);
    expect(late.health()).toMatchObject({ ready: true, problems: [], policy: { sequence: first + 4 } });
    expect(late.decide(workload)).toMatchObject({ allow: true });
  }
  // And a key of before signs nothing any more.
  await publisher.revoke(["identities", "auditor"]);
  await simulation.pass(1);
  for (const gateway of gateways) expect(gateway.decide(workload)).toMatchObject({ allow: false, reason: "revoked" });
}, 120_000);
