/** The configuration that a stock OPA is given, and the digests that it takes of what we sign. */
import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inspect, type Manifest, opaConfig, opaDiscovery, pack, readKeys, readSigner } from "../../src/bundle/index.ts";
import { canonicalJsonBytes, readJson } from "../../src/json/index.ts";
import { opa, withOpa } from "../opa.ts";
import { temporaryFolder } from "../opa-client/stock-opa.ts";
import { OTHER, privateKeyFile, publicKeyFile, RELEASE, utf8 } from "./forge.ts";

const manifest: Manifest = {
  revision: "r-1",
  roots: ["writ"],
  rego_version: 1,
  metadata: { sequence: 1, issued: 1795478400, expires: 1798070400, entrypoints: ["writ/allow"] },
};

const keys = await readKeys(publicKeyFile(RELEASE, OTHER));
const [policyKey, revocationsKey] = [keys.get(RELEASE.kid)!, keys.get(OTHER.kid)!];
const url = "https://policies.example.com/opa";
const pem = /^-----BEGIN PUBLIC KEY-----\n[^-]+\n-----END PUBLIC KEY-----\n$/;
const polling = { min_delay_seconds: 1, max_delay_seconds: 5, long_polling_timeout_seconds: 30 };

describe("the configuration for a stock OPA", () => {
  test("pins key and scope of each bundle, bounds its size, persists, and reports", async () => {
    const text = await opaConfig({ url, policyKey, revocationsKey });
    const bundle = { service: "writ", persist: true, size_limit_bytes: 128 * 1024 * 1024, polling };
    expect(parse(text)).toEqual({
      services: { writ: { url } },
      keys: {
        [RELEASE.kid]: { algorithm: "ES256", key: expect.stringMatching(pem) },
        [OTHER.kid]: { algorithm: "ES256", key: expect.stringMatching(pem) },
      },
      bundles: {
        policy: { ...bundle, resource: "bundles/policy.tar.gz", signing: { keyid: RELEASE.kid, scope: "writ" } },
        revocations: {
          ...bundle,
          resource: "bundles/revocations.tar.gz",
          signing: { keyid: OTHER.kid, scope: "writ" },
        },
      },
      status: { service: "writ" },
      persistence_directory: "/var/lib/opa",
    });
  });

  test("names a shared key once, and quotes what a URL may hold", async () => {
    const odd = "http://[::1]:8080/a: b#'";
    const config = parse(await opaConfig({ url: odd, policyKey, revocationsKey: policyKey }));
    expect(Object.keys(config.keys)).toEqual([RELEASE.kid]);
    expect(config.services.writ.url).toBe(odd);
  });

  test("names the file of a token, never a token, and sends decisions where asked, within bounds", async () => {
    const asked = { tokenPath: "/run/secrets/writ", decisionLogs: true, longPolling: 7, sizeLimit: 4096 };
    const config = parse(await opaConfig({ url, policyKey, revocationsKey, ...asked }));
    expect(config.services.writ.credentials).toEqual({ bearer: { token_path: "/run/secrets/writ" } });
    expect(config.decision_logs).toEqual({
      service: "writ",
      reporting: {
        min_delay_seconds: 5,
        max_delay_seconds: 30,
        upload_size_limit_bytes: 256 * 1024,
        buffer_size_limit_bytes: 64 * 1024 * 1024,
      },
    });
    const seven = { size_limit_bytes: 4096, polling: { ...polling, long_polling_timeout_seconds: 7 } };
    expect(config.bundles).toMatchObject({ policy: seven, revocations: seven });
  });

  test("by discovery tells OPA one key and one bundle, and all the rest in that bundle", async () => {
    const [discoveryKey, options] = [revocationsKey, { url, tokenPath: "/t", decisionLogs: true }];
    const config = parse(await opaConfig({ ...options, policyKey, revocationsKey: policyKey, discoveryKey }));
    expect(config).toEqual({
      services: { writ: { url, credentials: { bearer: { token_path: "/t" } } } },
      keys: { [OTHER.kid]: { algorithm: "ES256", key: expect.stringMatching(pem) } },
      discovery: {
        service: "writ",
        resource: "bundles/discovery.tar.gz",
        decision: "discovery",
        persist: true,
        signing: { keyid: OTHER.kid, scope: "writ" },
        polling,
      },
      persistence_directory: "/var/lib/opa",
    });
    const [file, ...others] = await opaDiscovery({ ...options, policyKey, revocationsKey: policyKey, discoveryKey });
    expect([file!.path, others]).toEqual(["data.json", []]);
    const whole = parse(await opaConfig({ ...options, policyKey, revocationsKey: policyKey }));
    const { keys, bundles, status, decision_logs } = whole;
    expect(JSON.parse(new TextDecoder().decode(file!.bytes))).toEqual({
      discovery: { keys, bundles, status, decision_logs },
    });
  });

  test("does not give a key again in the bundle that OPA verified by it: it would refuse it", async () => {
    const options = { url, policyKey, revocationsKey, discoveryKey: policyKey };
    const [file] = await opaDiscovery(options);
    const { discovery } = JSON.parse(new TextDecoder().decode(file!.bytes));
    expect(Object.keys(discovery.keys)).toEqual([OTHER.kid]);
    const [alone] = await opaDiscovery({ ...options, revocationsKey: policyKey });
    expect(JSON.parse(new TextDecoder().decode(alone!.bytes)).discovery.keys).toBeUndefined();
  });
});

describe.skipIf(opa === undefined)(withOpa("a stock OPA"), () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  test("takes the digests that we take", async () => {
    const text = `{ "writ": {"\\u0061/<>&": "é\\u2028\\u2029\\u0007\\b\\f", "😀": 1, "\uffff": 2, "10": -3, "9": [true, null, {}, []], "": "\u007f" } }\n`;
    const read = readJson(text);
    if (read.failure) throw read.failure;
    const artefacts = [
      { path: "data.json", bytes: canonicalJsonBytes(read.value) },
      { path: "writ/nested/data.json", bytes: utf8("5") },
      { path: "policy.rego", bytes: utf8("package writ\r\n\nallow := true") },
      { path: "policy.wasm", bytes: Uint8Array.of(0, 0x61, 0x73, 0x6d, 255) },
    ];
    const ours = await inspect(await pack(artefacts, manifest, { signer: await readSigner(privateKeyFile(RELEASE)) }));
    const bundle = join(folder.path, "bundle");
    mkdirSync(join(bundle, "writ", "nested"), { recursive: true });
    for (const { path, bytes } of artefacts) writeFileSync(join(bundle, path), bytes);
    // What OPA parses first may be spelled as one likes.
    writeFileSync(join(bundle, "data.json"), text);
    writeFileSync(join(bundle, ".manifest"), JSON.stringify(manifest, undefined, 4));
    const privatePem = createPrivateKey({ key: { ...RELEASE.jwk, d: RELEASE.d }, format: "jwk" }).export({
      type: "pkcs8",
      format: "pem",
    });
    const keyFile = join(folder.path, "key.pem");
    writeFileSync(keyFile, privatePem);
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
