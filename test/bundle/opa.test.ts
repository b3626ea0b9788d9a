import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inspect, type Manifest, opaConfig, pack, readKeys, readSigner, type Signer } from "../../src/bundle/index.ts";
import { canonicalJsonBytes, readJson } from "../../src/json/index.ts";
import type { Artefact } from "../../src/model/index.ts";
import { opa, withOpa } from "../opa.ts";
import { forgeGzip, forgeTar, OTHER, privateKeyFile, publicKeyFile, RELEASE, utf8 } from "./forge.ts";
import { BundleServer, eventually, StockOpa, temporaryFolder } from "./stock-opa.ts";

const [POLICY, REVOCATIONS] = ["bundles/policy.tar.gz", "bundles/revocations.tar.gz"];

function manifest(sequence: number, root = "writ"): Manifest {
  return {
    revision: `r-${sequence}`,
    roots: [root],
    rego_version: 1,
    metadata: { sequence, issued: 1795478400, expires: 1798070400, entrypoints: ["writ/allow"] },
  };
}

function policy(sequence: number): Artefact[] {
  return [
    {
      path: "policy.rego",
      bytes: utf8("package writ\n\nallow if {\n\tdata.writ.open\n\tdata.revocations.at > 0\n}\n"),
    },
    { path: "data.json", bytes: canonicalJsonBytes({ writ: { open: true, sequence } }) },
  ];
}

const revocations: Artefact[] = [
  { path: "data.json", bytes: canonicalJsonBytes({ revocations: { at: 1795478395, floor: 1 } }) },
];

describe("the configuration for a stock OPA", () => {
  it("pins the key, the scope, the size, and persists", async () => {
    const keys = await readKeys(publicKeyFile(RELEASE, OTHER));
    const text = await opaConfig({
      url: "https://writ.example.com",
      policyKey: keys.get(RELEASE.kid)!,
      revocationsKey: keys.get(OTHER.kid)!,
    });
    const config = parse(text);
    expect(Object.keys(config.keys)).toEqual([RELEASE.kid, OTHER.kid]);
    expect(config.keys[RELEASE.kid]).toEqual({
      algorithm: "ES256",
      key: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n[^-]+\n-----END PUBLIC KEY-----\n$/),
    });
    expect(config.bundles.policy).toEqual({
      service: "writ",
      resource: POLICY,
      persist: true,
      size_limit_bytes: 128 * 1024 * 1024,
      signing: { keyid: RELEASE.kid, scope: "writ" },
      polling: { min_delay_seconds: 1, max_delay_seconds: 5, long_polling_timeout_seconds: 30 },
    });
    expect(config.bundles.revocations.signing).toEqual({ keyid: OTHER.kid, scope: "writ" });
    expect(config.services.writ.url).toBe("https://writ.example.com");
    expect(text).not.toContain("exclude_files");
  });

  it("names a shared key once", async () => {
    const key = (await readKeys(publicKeyFile(RELEASE))).get(RELEASE.kid)!;
    expect(
      Object.keys(parse(await opaConfig({ url: "http://[::1]:8080/a: b", policyKey: key, revocationsKey: key })).keys),
    ).toEqual([RELEASE.kid]);
  });
});

describe.skipIf(opa === undefined)(withOpa("a stock OPA"), () => {
  let server: BundleServer;
  let folder: ReturnType<typeof temporaryFolder>;
  let running: StockOpa | undefined;
  let release: Signer;
  let other: Signer;

  beforeEach(async () => {
    folder = temporaryFolder();
    server = new BundleServer();
    await server.start();
    release = await readSigner(privateKeyFile(RELEASE));
    other = await readSigner(privateKeyFile(OTHER));
    server.serve(POLICY, await pack(policy(1), manifest(1), { signer: release }));
    server.serve(REVOCATIONS, await pack(revocations, manifest(1, "revocations"), { signer: other }));
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await server.stop();
    folder.remove();
  });

  async function start(change: (config: string) => string = (config) => config): Promise<StockOpa> {
    const keys = await readKeys(publicKeyFile(RELEASE, OTHER));
    const config = await opaConfig({
      url: server.url,
      policyKey: keys.get(RELEASE.kid)!,
      revocationsKey: keys.get(OTHER.kid)!,
      persistenceDirectory: join(folder.path, "persisted"),
    });
    running = StockOpa.start(opa!, change(config), folder.path);
    expect(
      await eventually(
        () => running!.query("writ/allow"),
        (value) => value === true,
      ),
    ).toBe(true);
    return running;
  }

  /** OPA has asked again twice, so it has dealt with what it was given in between. */
  async function settled(path: string): Promise<void> {
    const before = server.requests(path);
    await eventually(
      () => server.requests(path),
      (count) => count >= before + 2,
    );
    expect(server.requests(path)).toBeGreaterThanOrEqual(before + 2);
  }

  it("loads our bundles and keeps up with new ones", async () => {
    const running = await start();
    expect(await running.query("writ/sequence")).toBe(1);
    server.serve(POLICY, await pack(policy(2), manifest(2), { signer: release }));
    expect(
      await eventually(
        () => running.query("writ/sequence"),
        (value) => value === 2,
      ),
    ).toBe(2);
  });

  it("T20 keeps the old one when the new one is unsigned, signed by another key or for another scope", async () => {
    const running = await start();
    for (const bad of [
      await pack(policy(666), manifest(666)),
      await pack(policy(666), manifest(666), { signer: other }),
      await pack(policy(666), manifest(666), { signer: release, scope: "other" }),
    ]) {
      server.serve(POLICY, bad);
      await settled(POLICY);
      expect(await running.query("writ/sequence")).toBe(1);
    }
    server.serve(POLICY, await pack(policy(3), manifest(3), { signer: release }));
    expect(
      await eventually(
        () => running.query("writ/sequence"),
        (value) => value === 3,
      ),
    ).toBe(3);
  });

  const delta = () =>
    forgeGzip(
      forgeTar([
        { name: "/.manifest", bytes: canonicalJsonBytes({ revision: "r-666", roots: ["writ"] }) },
        { name: "/patch.json", bytes: utf8('{"data":[{"op":"upsert","path":"/writ/sequence","value":666}]}') },
      ]),
    );

  it("T21 refuses an unsigned delta, because it persists", async () => {
    const running = await start();
    server.serve(POLICY, delta());
    await settled(POLICY);
    expect(await running.query("writ/sequence")).toBe(1);
  });

  it("T21 refuses it without `persist: true` too, as older ones did not", async () => {
    const running = await start((config) => config.replaceAll("persist: true", "persist: false"));
    server.serve(POLICY, delta());
    await settled(POLICY);
    expect(await running.query("writ/sequence")).toBe(1);
  });

  it("loads an unsigned bundle where `signing` is left out: the hole that our configuration closes", async () => {
    server.serve(POLICY, await pack(policy(666), manifest(666)));
    const running = await start((config) => config.replace(/ {4}signing:\n.*\n.*\n/, ""));
    expect(await running.query("writ/sequence")).toBe(666);
  });

  it("takes the digests that we take", async () => {
    const text = `{ "writ": {"\\u0061/<>&": "é\\u2028\\u2029\\u0007\\b\\f", "😀": 1, "\uffff": 2, "10": -3, "9": [true, null, {}, []], "": "\u007f" } }\n`;
    const read = readJson(text);
    if (read.failure) throw read.failure;
    const artefacts = [
      { path: "data.json", bytes: canonicalJsonBytes(read.value) },
      { path: "writ/nested/data.json", bytes: utf8("5") },
      { path: "policy.rego", bytes: utf8("package writ\r\n\nallow := true") },
      { path: "policy.wasm", bytes: Uint8Array.of(0, 0x61, 0x73, 0x6d, 255) },
    ];
    const ours = await inspect(await pack(artefacts, manifest(1), { signer: release }));
    const bundle = join(folder.path, "bundle");
    mkdirSync(join(bundle, "writ", "nested"), { recursive: true });
    for (const { path, bytes } of artefacts) writeFileSync(join(bundle, path), bytes);
    // What OPA parses first may be spelled as one likes.
    writeFileSync(join(bundle, "data.json"), text);
    writeFileSync(join(bundle, ".manifest"), JSON.stringify(manifest(1), undefined, 4));
    const pem = createPrivateKey({ key: { ...RELEASE.jwk, d: RELEASE.d }, format: "jwk" }).export({
      type: "pkcs8",
      format: "pem",
    });
    const keyFile = join(folder.path, "key.pem");
    writeFileSync(keyFile, pem);
    const signing = ["--signing-alg", "ES256", "--signing-key", keyFile, "--output-file-path", folder.path];
    execFileSync(opa!, ["sign", ...signing, "--bundle", "."], { cwd: bundle });
    const [jws] = JSON.parse(readFileSync(join(folder.path, ".signatures.json"), "utf8")).signatures as [string];
    const { files } = JSON.parse(Buffer.from(jws.split(".")[1]!, "base64url").toString());
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    const expected = ours.files
      .filter(({ path }) => path !== ".signatures.json")
      .map(({ path, digest }) => ({ name: path, hash: digest, algorithm: "SHA-256" }));
    expect(files.sort(byName)).toEqual(expected.sort(byName));
  });
});
