/** A stock OPA beside `policy.wasm`: whether it decides by the Rego or by the module, it decides as the reference does. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { opaConfig, pack, readKeys, readSigner, verify } from "../../src/bundle/index.ts";
import { emit, type OpaBackend, packRelease } from "../../src/compile.ts";
import { canonicalJsonBytes } from "../../src/json/index.ts";
import { decide } from "../../src/model/index.ts";
import { bigModel } from "../bench/big-model.ts";
import { OTHER, privateKeyFile, publicKeyFile, RELEASE } from "../bundle/forge.ts";
import { opa, runOpa, withOpa } from "../opa.ts";
import { BundleServer } from "../opa-client/bundle-server.ts";
import { eventually, StockOpa, temporaryFolder } from "../opa-client/stock-opa.ts";

const now = 1_800_000_000;
const { model, input } = bigModel({ identities: 40, operations: 40, grants: 40 });
const release = { sequence: 7, issued: now - 100, expires: now + 100_000 };
const emission = emit(model, { release });
const revocations = { at: now - 5, floor: 3 };
const inputs: readonly unknown[] = [
  input,
  { ...input, request: { ...input.request, path: "/v1/../x" } },
  { ...input, token: { ...input.token, tenant: "t2" } },
  { time: now, request: { host: "api.example.com", method: "PATCH", path: "/" } },
  {},
];
/** What Envoy asks of somebody who shows nothing. */
const question = {
  attributes: {
    source: {},
    request: {
      time: { seconds: String(now) },
      http: { method: "GET", host: "api.example.com", path: "/v1", headers: {} },
    },
  },
};

async function bundleFor(opaBackend: OpaBackend): Promise<Uint8Array> {
  return packRelease(emission, await readSigner(privateKeyFile(RELEASE)), opaBackend);
}

test("a bundle by whose module OPA decides verifies, and holds no rules of the same name", async () => {
  const { manifest, files } = await verify(await bundleFor("wasm"), await readKeys(publicKeyFile(RELEASE)));
  const module = "/policy.wasm";
  expect(manifest.wasm).toEqual(["writ/decision", "writ/allow"].map((entrypoint) => ({ entrypoint, module })));
  expect([...files.keys()].sort()).toEqual(["data.json", "envoy.rego", "model.json", "policy.wasm"]);
  const rego = await verify(await bundleFor("rego"), await readKeys(publicKeyFile(RELEASE)));
  expect(rego.manifest.wasm).toBeUndefined();
  expect(files.get("policy.wasm")).toEqual(rego.files.get("policy.wasm"));
});

describe.skipIf(opa === undefined)(withOpa("a stock OPA"), () => {
  const folder = temporaryFolder();
  const run = (bundle: string, query: string, asked: unknown): unknown => {
    const options = [
      "eval",
      "--format",
      "raw",
      "--stdin-input",
      "--bundle",
      bundle,
      "--data",
      "revocations.json",
      query,
    ];
    const { status, output, errors } = runOpa(options, folder.path, JSON.stringify(asked));
    expect([status, errors]).toEqual([0, ""]);
    return output === "" ? undefined : JSON.parse(output);
  };

  beforeAll(async () => {
    for (const backend of ["rego", "wasm"] as const)
      writeFileSync(join(folder.path, `${backend}.tar.gz`), await bundleFor(backend));
    writeFileSync(join(folder.path, "revocations.json"), JSON.stringify({ revocations }));
  });
  afterAll(() => folder.remove());

  test.each(["rego", "wasm"])("decides by the %s of a bundle", async (backend) => {
    const bundle = `${backend}.tar.gz`;
    for (const asked of inputs) {
      const expected = decide({ model, policy: emission.policy, revocations }, asked);
      expect(run(bundle, "data.writ.decision", asked)).toEqual(expected);
      expect(run(bundle, "data.writ.allow", asked)).toBe(expected.allow);
    }
    expect(run(bundle, "data.writ.envoy.response", question)).toMatchObject({
      allowed: false,
      http_status: 401,
      dynamic_metadata: { writ: { reason: "credential-missing" } },
    });
  });
});

describe.skipIf(opa === undefined)(withOpa("a stock OPA that is served bundles"), () => {
  test("verifies the module, and decides by the next one", async () => {
    const folder = temporaryFolder();
    const server = new BundleServer();
    await server.start();
    const [policyKey, revocationsKey] = [RELEASE, OTHER];
    const keys = await readKeys(publicKeyFile(policyKey, revocationsKey));
    const known = [{ path: "data.json", bytes: canonicalJsonBytes({ revocations }) }];
    const manifest = {
      revision: "1",
      roots: ["revocations"],
      rego_version: 1 as const,
      metadata: { sequence: 1, issued: now, expires: now + 1, entrypoints: [] },
    };
    server.serve("bundles/policy.tar.gz", await bundleFor("wasm"));
    const signer = await readSigner(privateKeyFile(revocationsKey));
    server.serve("bundles/revocations.tar.gz", await pack(known, manifest, { signer }));
    const config = await opaConfig({
      url: server.url,
      policyKey: keys.get(policyKey.kid)!,
      revocationsKey: keys.get(revocationsKey.kid)!,
      persistenceDirectory: join(folder.path, "persisted"),
    });
    const running = StockOpa.start(opa!, config, folder.path);
    try {
      const revision = async () =>
        ((await running.query("writ/decision")) as { revision?: string } | undefined)?.revision;
      expect(await eventually(revision, (value) => value === emission.policy.revision)).toBe(emission.policy.revision);
      const next = emit(model, { release: { ...release, sequence: 8 } });
      const bytes = await packRelease(next, await readSigner(privateKeyFile(RELEASE)), "wasm");
      server.serve("bundles/policy.tar.gz", bytes);
      expect(await eventually(revision, (value) => value === next.policy.revision)).toBe(next.policy.revision);
    } finally {
      await running.stop();
      await server.stop();
      folder.remove();
    }
  });
});
