/** Threats T01 to T10 and T16: who may sign what. */
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/json/index.ts";
import { delegatedRole, findTarget, keyIdOf, readPublicKey, type TrustClient } from "../../src/trust/index.ts";
import { expectRecovered, expectRefused, type Followed, reasonOf } from "./refused.ts";
import { edited, mapStore, newSigner, Repository, strangers, utf8 } from "./repository.ts";

async function followed(): Promise<Followed> {
  const repository = await Repository.create();
  const store = mapStore();
  const client = await repository.client(store);
  await client.refresh();
  return { repository, client, store };
}

const rolesOf = (draft: Record<string, JsonValue>) => draft.roles as Record<string, Record<string, JsonValue>>;

describe("signatures", () => {
  test("T01 targets signed by an unknown key", async () => {
    const all = await followed();
    await all.repository.publishOne("targets", undefined, [strangers[0]!]);
    await all.repository.publish("snapshot", "timestamp");
    await expectRefused(all, "signature-key-unknown", ["snapshot", "timestamp"]);
    await expectRecovered(all);
  });

  test("T02 one bit flipped in the signature, in the signed part", async () => {
    const all = await followed();
    await all.repository.publish("timestamp");
    const good = all.repository.latest("timestamp");
    for (const edit of [
      (file: { signatures: JsonObject[] }) => {
        const { keyid, sig } = file.signatures[0] as Record<string, string>;
        file.signatures = [{ keyid: keyid!, sig: `${sig!.slice(0, -1)}${sig!.endsWith("0") ? "1" : "0"}` }];
      },
      (file: { signed: Record<string, JsonValue> }) => {
        file.signed.version = 1000;
      },
    ]) {
      all.repository.files.set("timestamp.json", edited(good, edit));
      await expectRefused(all, "signature-invalid");
    }
    await expectRecovered(all);
  });

  test("T02 every bit of a timestamp: nothing else than what was signed is ever trusted", async () => {
    const all = await followed();
    await all.repository.publish("timestamp");
    const good = all.repository.latest("timestamp");
    const held = all.client.current!.timestamp.payload;
    const meant = Buffer.from(JSON.stringify(JSON.parse(new TextDecoder().decode(good)).signed));
    let refused = 0;
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bytes = Uint8Array.from(good);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      all.repository.files.set("timestamp.json", bytes);
      if ((await reasonOf(all.client.refresh())) !== "accepted") refused++;
      const now = Buffer.from(all.client.current!.timestamp.payload);
      expect(now.equals(held) || now.equals(meant)).toBe(true);
    }
    // What is left are bits that make a hexadecimal letter of the signature a capital.
    expect(refused).toBeGreaterThan(good.length * 8 - 128);
    await expectRecovered(all);
  });

  test("T03 threshold 2: the same key's signature twice, one key under two ids", async () => {
    const all = await followed();
    const { repository } = all;
    repository.signers.snapshot = [strangers[0]!, strangers[1]!];
    repository.thresholds.snapshot = 2;
    await repository.publishRoot();
    await repository.publish("snapshot", "timestamp");
    await all.client.refresh();

    await repository.publishOne("snapshot", undefined, [strangers[0]!]);
    const twice = edited(repository.latest("snapshot"), (file) => file.signatures.push(file.signatures[0]!));
    repository.files.set(`${repository.versions.snapshot}.snapshot.json`, twice);
    await repository.publish("timestamp");
    await expectRefused(all, "signature-threshold", ["timestamp"]);

    // The same key again, with a member that changes its id and nothing else.
    const alias = { ...strangers[0]!, key: { ...strangers[0]!.key, json: { ...strangers[0]!.key.json, note: "b" } } };
    repository.signers.snapshot = [strangers[0]!, alias];
    await repository.publishRoot();
    await repository.publish("snapshot", "timestamp");
    await expectRefused(all, "signature-threshold", ["3.root", "timestamp", "snapshot"]);
    repository.signers.snapshot = [strangers[0]!, strangers[1]!];
    await repository.publishRoot();
    await expectRecovered(all);
  });

  test.each([0, -1, 1.5, "1", null])("T04 a role with threshold %j", async (threshold) => {
    const all = await followed();
    const good = all.repository.files.get("1.root.json")!;
    all.repository.files.set(
      "2.root.json",
      edited(good, ({ signed }) => {
        rolesOf(signed).snapshot!.threshold = threshold;
      }),
    );
    await expectRefused(all, "metadata-malformed");
    all.repository.files.delete("2.root.json");
    await expectRecovered(all);
  });

  test("T04 a role with a higher threshold than it has keys", async () => {
    const all = await followed();
    all.repository.thresholds.targets = 2;
    await all.repository.publishRoot();
    await all.repository.publish("targets", "snapshot", "timestamp");
    await expectRefused(all, "metadata-malformed", ["2.root", "snapshot", "timestamp"]);
    all.repository.thresholds.targets = 1;
    await all.repository.publishRoot();
    await expectRecovered(all);
  });

  test("T05 root N+2 offered when N is trusted; N+1 that says N+2 inside", async () => {
    const all = await followed();
    all.repository.versions.root = 2;
    await all.repository.publishRoot({ as: 2 });
    await expectRefused(all, "root-version-gap");
    all.repository.versions.root = 1;
    await all.repository.publishRoot();
    await expectRecovered(all);
    expect(all.client.current!.root.signed.version).toBe(2);
  });

  test("T06 root N+1 signed only by the new keys; only by the old keys", async () => {
    const all = await followed();
    const { repository } = all;
    const [before, after] = [repository.signers.root, strangers.slice(0, 3)];
    repository.signers.root = after;
    for (const by of [after, before, [...before.slice(0, 1), ...after]]) {
      repository.versions.root = 1;
      await repository.publishRoot({ by });
      await expectRefused(all, "root-untrusted");
    }
    repository.versions.root = 1;
    await repository.publishRoot({ by: [...before.slice(1), ...after.slice(1)] });
    await expectRecovered(all);
  });

  test("T07 a root chain that never ends stops at 256, and goes on in the next cycle", async () => {
    const all = await followed();
    for (let version = 2; version <= 300; version++) await all.repository.publishRoot();
    const set = all.client.current;
    expect(await reasonOf(all.client.refresh())).toBe("root-chain-limit");
    expect(all.client.current).toBe(set);
    expect([all.store.files.has("257.root"), all.store.files.has("258.root")]).toEqual([true, false]);
    await expectRecovered(all);
    expect(all.client.current!.root.signed.version).toBe(300);
  });

  test("T08 the release key signs revocations; the revocations key signs targets", async () => {
    const all = await followed();
    const { repository, client } = all;
    await repository.publishOne("revocations", undefined, repository.signers.targets);
    await repository.publish("snapshot", "timestamp");
    await client.refresh();
    expect(await reasonOf(delegatedRole(client, "revocations"))).toBe("signature-key-unknown");
    expect(all.store.files.has("role.revocations")).toBe(false);

    await repository.publish("revocations");
    await repository.publishOne("targets", undefined, repository.signers.revocations);
    await repository.publish("snapshot", "timestamp");
    await expectRefused(all, "signature-key-unknown", ["snapshot", "timestamp"]);
    await expectRecovered(all);
    expect((await delegatedRole(client, "revocations")).signed.version).toBe(repository.versions.revocations);
  });

  test("T08 the revocations key signs a target that is a policy", async () => {
    const { repository, client } = await followed();
    repository.revoked = [...repository.revoked, { path: "policy/evil.tar.gz", bytes: utf8("evil") }];
    await repository.publish("revocations", "snapshot", "timestamp");
    await client.refresh();
    expect(await reasonOf(delegatedRole(client, "revocations"))).toBe("delegation-path");
    expect(await reasonOf(findTarget(client, "policy/evil.tar.gz"))).toBe("target-missing");
    expect(await findTarget(client, "policy/bundle.tar.gz")).toMatchObject({ custom: { sequence: 1 } });
  });

  test("T09 a role cached under one delegator and asked for under another", async () => {
    const { repository, client } = await followed();
    const role = await delegatedRole(client, "revocations");
    const top = client.current!.targets.signed;
    const delegation = top.delegations.roles[0]!;
    const stranger = strangers[2]!.key;
    const other = { role: { ...delegation, keyIds: ["other"] }, keys: new Map([["other", stranger]]) };
    expect(await reasonOf(client.loadRole("revocations", other))).toBe("signature-key-unknown");
    const more = {
      role: { keyIds: [...delegation.keyIds, "other"], threshold: 2 },
      keys: new Map([...top.delegations.keys, ["other", stranger]]),
    };
    expect(await reasonOf(client.loadRole("revocations", more))).toBe("signature-threshold");
    expect((await delegatedRole(client, "revocations")).bytes).toEqual(role.bytes);
    expect(repository.asked.filter((file) => file === "1.revocations.json")).toHaveLength(3);
  });

  test("T10 a snapshot, correctly signed, served as the timestamp", async () => {
    const all = await followed();
    const { repository } = all;
    repository.signers.timestamp = repository.signers.snapshot;
    await repository.publishRoot();
    await repository.publish("timestamp");
    await all.client.refresh();
    await repository.publish("snapshot");
    repository.files.set("timestamp.json", repository.latest("snapshot"));
    await expectRefused(all, "metadata-type");
    await expectRecovered(all);
  });
});

describe("keys", () => {
  // Points of small order, and y = p + 1 in another spelling of 1, from the public collections of Ed25519 edge cases.
  const unsound = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  ];

  test.each(unsound)("T16 the key %s is refused at configuration", async (point) => {
    const key = JSON.stringify({ keytype: "ed25519", scheme: "ed25519", keyval: { public: point } });
    expect(await reasonOf(readPublicKey(utf8(key)))).toBe("role-key-malformed");
  });

  test("T16 a signature whose R has small order, and a root with a key of small order, are worth nothing", async () => {
    const all = await followed();
    const { repository } = all;
    // The point 1, with s = 0, fits every message under the key 1.
    const one = `01${"00".repeat(31)}`;
    const forge = () =>
      edited(repository.latest("timestamp"), (file) => {
        file.signatures = file.signatures.map(({ keyid }) => ({ keyid: keyid!, sig: `${one}${"00".repeat(32)}` }));
      });
    await repository.publish("timestamp");
    repository.files.set("timestamp.json", forge());
    await expectRefused(all, "signature-invalid");

    const { timestamp: before } = repository.signers;
    const key = {
      ...before[0]!.key,
      public: one,
      json: { keytype: "ed25519", scheme: "ed25519", keyval: { public: one } },
    };
    repository.signers.timestamp = [{ ...before[0]!, key }];
    await repository.publishRoot();
    const id = await keyIdOf(key.json);
    const forged = edited(forge(), (file) => {
      file.signatures = file.signatures.map(({ sig }) => ({ keyid: id, sig: sig! }));
    });
    repository.files.set("timestamp.json", forged);
    await expectRefused(all, "signature-invalid", ["2.root", "snapshot", "timestamp"]);
    repository.signers.timestamp = before;
    await repository.publishRoot();
    await expectRecovered(all);
  });

  test("keys of another type, curve, size or scheme than they state are no keys", async () => {
    const spki = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
    for (const key of [
      { keytype: "ed25519", scheme: "ecdsa-sha2-nistp256", keyval: { public: "ab".repeat(32) } },
      { keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256", keyval: { public: "ab".repeat(32) } },
      { keytype: "hmac", scheme: "hmac-sha256", keyval: { public: "ab".repeat(32) } },
      {
        keytype: "rsa",
        scheme: "rsassa-pss-sha256",
        keyval: { public: `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----` },
      },
      { keytype: "constructor", scheme: "ed25519", keyval: { public: "ab".repeat(32) } },
    ]) {
      expect(await reasonOf(readPublicKey(utf8(JSON.stringify(key))))).toBe("role-key-malformed");
    }
  });

  test("all roles may be signed by ECDSA as well", async () => {
    const { repository, client } = await ecdsaRepository();
    expect((await client.refresh()).set.targets.signed.version).toBe(repository.versions.targets);
  });
});

async function ecdsaRepository(): Promise<{ repository: Repository; client: TrustClient }> {
  const repository = await Repository.create();
  const client = await repository.client();
  const signer = await newSigner("ecdsa-sha2-nistp256");
  for (const role of ["timestamp", "snapshot", "targets"] as const) repository.signers[role] = [signer];
  await repository.publishRoot();
  await repository.publish("targets", "snapshot", "timestamp");
  return { repository, client };
}
