/** The publisher's side: the same bytes each time, rotation under both thresholds, and threat T19. */
import { describe, expect, test } from "vitest";
import { signedBytes } from "../../src/trust/canonical.ts";
import { derSignature, plainSignature } from "../../src/trust/ecdsa-signature.ts";
import {
  addSignatures,
  commandSigner,
  newTrustKeys,
  readPublicKey,
  readTrustSigner,
  signMetadata,
} from "../../src/trust/index.ts";
import { reasonOf } from "./refused.ts";
import { Repository, strangers, utf8 } from "./repository.ts";

/** A key file whose secret half is behind a program of Node's. */
async function behind(script: string): Promise<Uint8Array> {
  const { secret } = await newTrustKeys();
  return utf8(JSON.stringify({ key: JSON.parse(secret).key, command: [process.execPath, "--eval", script] }));
}

async function reasonOfScript(script: string, limits = {}): Promise<string> {
  const signer = await readTrustSigner(await behind(script), commandSigner(limits));
  return reasonOf(signMetadata({ _type: "root" }, [signer]));
}

describe("T19 a signer command", () => {
  test("that signs with its key is used", async () => {
    const { secret } = await newTrustKeys("ecdsa-sha2-nistp256");
    const { key, jwk } = JSON.parse(secret);
    const script = `
      const { createPrivateKey, sign } = require("node:crypto");
      const bytes = require("node:fs").readFileSync(0);
      const key = createPrivateKey({ key: ${JSON.stringify(jwk)}, format: "jwk" });
      process.stdout.write(sign("sha256", bytes, key));
    `;
    const file = JSON.stringify({ key, command: [process.execPath, "--eval", script] });
    const signer = await readTrustSigner(utf8(file), commandSigner());
    const bytes = await signMetadata({ _type: "root" }, [signer]);
    expect(JSON.parse(new TextDecoder().decode(bytes)).signatures).toHaveLength(1);
  });

  test("that signs with another key", async () => {
    expect(await reasonOfScript("process.stdout.write(Buffer.alloc(64, 7))")).toBe("signer-invalid");
  });

  test("that says nothing, fails, or is not there", async () => {
    expect(await reasonOfScript("")).toBe("signer-invalid");
    expect(await reasonOfScript("process.exit(3)")).toBe("signer-invalid");
    const { secret } = await newTrustKeys();
    const file = JSON.stringify({ key: JSON.parse(secret).key, command: ["writ-no-such-program"] });
    const signer = await readTrustSigner(utf8(file), commandSigner());
    expect(await reasonOf(signMetadata({ _type: "root" }, [signer]))).toBe("signer-invalid");
  });

  test("that answers without end, with flat memory", async () => {
    const before = process.memoryUsage.rss();
    const script =
      "const b = Buffer.alloc(1 << 20); const more = () => { while (process.stdout.write(b)); }; process.stdout.on('drain', more); more()";
    expect(await reasonOfScript(script)).toBe("signer-invalid");
    expect(process.memoryUsage.rss() - before).toBeLessThan(128 * 1024 * 1024);
  });

  test("that hangs is ended", async () => {
    const started = performance.now();
    expect(await reasonOfScript("setInterval(() => {}, 1000)", { seconds: 0.3 })).toBe("signer-timeout");
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test("nothing is published: the draft never becomes a file", async () => {
    const repository = await Repository.create();
    const before = new Map(repository.files);
    const signer = await readTrustSigner(await behind("process.stdout.write('no')"), commandSigner());
    repository.versions.targets--;
    expect(await reasonOf(repository.publishOne("targets", undefined, [signer]))).toBe("signer-invalid");
    expect(repository.files).toEqual(before);
  });
});

describe("signing", () => {
  test("the same facts give the same bytes, in whatever order they are told", async () => {
    const [a, b] = [strangers[0]!, strangers[1]!];
    const one = await signMetadata({ _type: "root", version: 1, b: [1, { d: 2, c: 3 }] }, [a, b]);
    const two = await signMetadata({ b: [1, { c: 3, d: 2 }], version: 1, _type: "root" }, [b, a]);
    expect(two).toEqual(one);
    expect(
      await addSignatures("x", await signMetadata({ _type: "root", version: 1, b: [1, { d: 2, c: 3 }] }, [b]), [a]),
    ).toEqual(one);
  });

  test("canonical JSON escapes two characters only and sorts by code points", () => {
    const text = new TextDecoder().decode(signedBytes({ "\u{1F600}": 1, "\uFFFD": 2, a: 'x"\\\n\u0001é' }));
    expect(text).toBe('{"a":"x\\"\\\\\n\u0001é","\uFFFD":2,"\u{1F600}":1}');
  });

  test("only one DER spelling of an ECDSA signature is read", () => {
    const plain = new Uint8Array(64).fill(0x81);
    plain[32] = 0;
    plain[33] = 1;
    const der = derSignature(plain);
    expect(plainSignature(der)).toEqual(plain);
    const spoiled = [
      der.subarray(1),
      Uint8Array.from([...der, 0]),
      Uint8Array.from([0x30, der[1]! + 1, ...der.subarray(2), 0]),
      Uint8Array.from([0x30, 8, 2, 2, 0, 1, 2, 2, 0, 1]),
      Uint8Array.from([0x30, 6, 2, 1, 0x81, 2, 1, 1]),
      Uint8Array.from([0x30, 4, 2, 0, 2, 0]),
      Uint8Array.from([]),
    ];
    for (const bytes of spoiled) expect(plainSignature(bytes)).toBeUndefined();
  });

  test("a key file holds a key, and a secret or a command where one has to sign", async () => {
    const { secret, public: shared, keyId } = await newTrustKeys();
    expect((await readPublicKey(utf8(secret))).public).toBe((await readPublicKey(utf8(shared))).public);
    expect(keyId).toMatch(/^[0-9a-f]{64}$/);
    const run = commandSigner();
    for (const text of [
      shared,
      "[]",
      "{}",
      '{"key":{}}',
      `{"key":${shared},"command":[]}`,
      `{"key":${shared},"jwk":{}}`,
    ]) {
      expect(await reasonOf(readTrustSigner(utf8(text), run))).toBe("role-key-malformed");
    }
    expect(await reasonOf(readTrustSigner(utf8('{"key":1,"key":2}'), run))).toBe("json-malformed");
  });
});

test("R05 every role's key is rotated, one after the other, while a gateway follows", async () => {
  const repository = await Repository.create();
  const client = await repository.client();
  await client.refresh();
  const fresh = strangers.slice(0, 4);
  for (const [index, role] of (["timestamp", "snapshot", "targets", "revocations"] as const).entries()) {
    const before = repository.signers[role];
    for (const signers of [[...before, fresh[index]!], [fresh[index]!]]) {
      repository.signers[role] = signers;
      if (role !== "revocations") await repository.publishRoot();
      await repository.publish("targets", "revocations", "snapshot", "timestamp");
      expect((await client.refresh()).set.timestamp.signed.version).toBe(repository.versions.timestamp);
    }
  }
  const [a, b, c] = repository.signers.root;
  for (const signers of [
    [a!, b!, c!, fresh[0]!],
    [b!, c!, fresh[0]!],
    [c!, fresh[0]!, fresh[1]!],
  ]) {
    repository.signers.root = signers;
    await repository.publishRoot();
    await repository.publish("timestamp");
    expect((await client.refresh()).set.root.signed.version).toBe(repository.versions.root);
  }
});
