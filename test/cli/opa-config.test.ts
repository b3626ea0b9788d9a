/** `writ opa-config`: what it prints, what it writes for discovery, and what it finds in the configuration of somebody else. */
import { beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readKeys, verifySigned } from "../../src/bundle/index.ts";
import type { MapHost } from "./map-host.ts";
import { again, codesIn, writ } from "./run.ts";

const url = "https://policies.example.com/opa";
const line = `opa-config --url ${url} --keys all.keys.json --policy-key policy`;
let host: MapHost;

const text = (path: string) => {
  const file = host.files.get(`/here/${path}`) as string | Uint8Array;
  return typeof file === "string" ? file : new TextDecoder().decode(file);
};

beforeAll(async () => {
  host = (await writ("keys new policy --kid policy")).host;
  await again("keys new config --kid config", host);
  const keys = ["policy", "config"].flatMap((name) => JSON.parse(text(`${name}.keys.json`)));
  host.files.set("/here/all.keys.json", JSON.stringify(keys));
});

/** The codes that are found in a configuration, each with the place that it is said of. */
async function found(
  config: unknown,
  format = "text",
): Promise<{ exit: number; codes: readonly string[]; out: string }> {
  host.files.set("/here/opa.yaml", typeof config === "string" ? config : stringify(config));
  const { exit, stdout } = await again(`opa-config --check opa.yaml --format ${format}`, host);
  return { exit, codes: codesIn(stdout), out: stdout };
}

// biome-ignore lint/suspicious/noExplicitAny: a configuration is spoilt in every place.
async function printed(): Promise<any> {
  return parse((await again(`${line} --token-path /run/token --decision-logs`, host)).stdout);
}

describe("what is printed", () => {
  test("names the file of a token, and sends decisions, where asked", async () => {
    const plain = parse((await again(line, host)).stdout);
    expect([plain.services.writ.credentials, plain.decision_logs, plain.status]).toEqual([
      undefined,
      undefined,
      { service: "writ" },
    ]);
    const whole = await printed();
    expect(whole.services.writ.credentials).toEqual({ bearer: { token_path: "/run/token" } });
    expect(whole.decision_logs.service).toBe("writ");
  });

  test("by discovery is what finds the bundle that is written, signed by another key", async () => {
    const { exit, stdout } = await again(`${line} --discovery out/discovery.tar.gz --sign config.key.json`, host);
    expect(exit).toBe(0);
    const config = parse(stdout);
    expect([Object.keys(config.keys), config.bundles]).toEqual([["config"], undefined]);
    expect(config.discovery).toMatchObject({ persist: true, signing: { keyid: "config", scope: "writ" } });
    const bytes = host.files.get("/here/out/discovery.tar.gz") as Uint8Array;
    const keys = await readKeys(new TextEncoder().encode(text("config.keys.json")));
    const { manifest, files } = await verifySigned(bytes, keys, { roots: ["discovery"] });
    expect(manifest.metadata.sequence).toBe(host.time());
    const { discovery } = JSON.parse(new TextDecoder().decode(files.get("data.json")));
    const { keys: pinned, bundles, status } = parse((await again(line, host)).stdout);
    expect(discovery).toEqual({ keys: pinned, bundles, status });
    expect(await found(stdout)).toMatchObject({ exit: 0, codes: [] });
  });

  test("is what finds the configuration that a publisher serves, and writes nothing", async () => {
    const files = host.files.size;
    const { exit, stdout } = await again(`${line} --discovery-key config`, host);
    expect([exit, host.files.size]).toEqual([0, files]);
    const config = parse(stdout);
    expect([config.discovery.signing.keyid, Object.keys(config.keys), config.bundles]).toEqual([
      "config",
      ["config"],
      undefined,
    ]);
    const unknown = await again(`${line} --discovery-key nobody`, host);
    expect([unknown.exit, codesIn(unknown.stderr)]).toEqual([2, ["WRIT5088"]]);
  });

  test("is complained of where what was asked for opens a hole by itself", async () => {
    const { exit, stdout, stderr } = await again(line.replace("https", "http"), host);
    expect([exit, codesIn(stderr)]).toEqual([1, ["WRIT7026"]]);
    expect(parse(stdout).services.writ.url).toBe("http://policies.example.com/opa");
    const loopback = await again(line.replace("https://policies.example.com", "http://127.0.0.1:8080"), host);
    expect([loopback.exit, loopback.stderr]).toEqual([0, ""]);
  });

  test.each([
    ["without a URL", "opa-config --keys all.keys.json --policy-key policy", "`--url` is a URL"],
    ["without keys", `opa-config --url ${url}`, "`--keys` is a file of public keys"],
    ["without saying which key", `opa-config --url ${url} --keys all.keys.json`, "`--policy-key` is the id of a key"],
    ["by discovery that nobody signs", `${line} --discovery d.tar.gz`, "`--sign` is the private key file"],
    [
      "by discovery that an unknown key signs",
      `opa-config --url ${url} --keys policy.keys.json --discovery d.tar.gz --sign config.key.json`,
      "`--sign` is the private key of one in the file",
    ],
  ])("%s is nothing", async (_, command, why) => {
    const { exit, stdout, stderr } = await again(command, host);
    expect([exit, stdout, codesIn(stderr)]).toEqual([2, "", ["WRIT5088"]]);
    expect(stderr).toContain(why);
    expect(host.files.has("/here/d.tar.gz")).toBe(false);
  });
});

describe("what is checked", () => {
  test("of what we print ourselves, there is nothing to say", async () => {
    expect(await found(await printed())).toEqual({
      exit: 0,
      codes: [],
      out: "`opa.yaml` has OPA load nothing but what is signed\n",
    });
  });

  // biome-ignore lint/suspicious/noExplicitAny: a configuration is spoilt in every place.
  const spoilt: [string, string, (config: any) => void][] = [
    ["no key", "WRIT7020", ({ bundles }) => delete bundles.policy.signing.keyid],
    ["an empty key", "WRIT7020", ({ bundles }) => Object.assign(bundles.policy.signing, { keyid: "" })],
    ["no scope", "WRIT7021", ({ bundles }) => delete bundles.policy.signing.scope],
    ["no persistence", "WRIT7022", ({ bundles }) => delete bundles.revocations.persist],
    ["persistence in words", "WRIT7022", ({ bundles }) => Object.assign(bundles.policy, { persist: "true" })],
    ["persistence switched off", "WRIT7022", ({ bundles }) => Object.assign(bundles.policy, { persist: false })],
    ["excluded files", "WRIT7023", ({ bundles }) => Object.assign(bundles.policy.signing, { exclude_files: ["*"] })],
    ["no limit of size", "WRIT7024", ({ bundles }) => delete bundles.policy.size_limit_bytes],
    ["a limit of nothing", "WRIT7024", ({ bundles }) => Object.assign(bundles.policy, { size_limit_bytes: 0 })],
    ["a limit as none", "WRIT7024", ({ bundles }) => Object.assign(bundles.policy, { size_limit_bytes: 2 ** 30 })],
    ["a shared secret", "WRIT7025", ({ keys }) => Object.assign(keys.policy, { algorithm: "HS256" })],
    ["no algorithm", "WRIT7025", ({ keys }) => delete keys.policy.algorithm],
    ["plain HTTP", "WRIT7026", ({ services }) => Object.assign(services.writ, { url: "http://10.0.0.1:8181" })],
    [
      "the name of loopback in front",
      "WRIT7026",
      ({ services }) => Object.assign(services.writ, { url: "http://127.0.0.1.example.com" }),
    ],
    [
      "a host of the environment",
      "WRIT7026",
      ({ services }) => Object.assign(services.writ, { url: "HTTP://${HOST}/opa" }),
    ],
    ["any certificate", "WRIT7026", ({ services }) => Object.assign(services.writ, { allow_insecure_tls: true })],
    ["a registry of images", "WRIT7026", ({ services }) => Object.assign(services.writ, { type: "oci" })],
    ["a token", "WRIT7027", ({ services }) => Object.assign(services.writ.credentials.bearer, { token: "abc" })],
    ["no bundles", "WRIT7028", (config) => delete config.bundles],
    [
      "discovery by no key",
      "WRIT7020",
      (config) => Object.assign(config, { discovery: { persist: true, signing: { scope: "writ" } } }),
    ],
  ];
  test.each(spoilt)("%s is found, and nothing else", async (_, code, spoil) => {
    const config = await printed();
    spoil(config);
    expect(await found(config)).toMatchObject({ exit: 1, codes: [code] });
  });

  // biome-ignore lint/suspicious/noExplicitAny: a configuration is changed in every place.
  const fine: [string, (config: any) => void][] = [
    ["loopback", ({ services }) => Object.assign(services.writ, { url: "http://127.0.0.1:8181" })],
    ["loopback by its new address", ({ services }) => Object.assign(services.writ, { url: "http://[::1]:8181" })],
    ["loopback by its name", ({ services }) => Object.assign(services.writ, { url: "http://localhost:8181" })],
    ["a URL of the environment", ({ services }) => Object.assign(services.writ, { url: "${WRIT_URL}" })],
    [
      "a token of the environment",
      ({ services }) => Object.assign(services.writ.credentials.bearer, { token: "${TOKEN}" }),
    ],
    ["services in a list", (config) => Object.assign(config, { services: [{ name: "writ", url }] })],
    ["an empty list of excluded files", ({ bundles }) => Object.assign(bundles.policy.signing, { exclude_files: [] })],
    [
      "the scope at the key",
      ({ bundles, keys }) => {
        delete bundles.policy.signing.scope;
        keys.policy.scope = "writ";
      },
    ],
  ];
  test.each(fine)("%s is fine", async (_, change) => {
    const config = await printed();
    change(config);
    expect(await found(config)).toMatchObject({ exit: 0, codes: [] });
  });

  test("says where, and in which bundle, in every format", async () => {
    const config = await printed();
    delete config.bundles.revocations.persist;
    const { out } = await found(config);
    const at = text("opa.yaml").split("\n").indexOf("  revocations:") + 1;
    expect(out).toContain(`opa.yaml:${at}:3`);
    expect(out).toContain("`bundles.revocations` is not kept");
    expect(JSON.parse((await found(config, "json")).out).diagnostics).toMatchObject([{ code: "WRIT7022" }]);
    expect(JSON.parse((await found(config, "sarif")).out).runs[0].results).toHaveLength(1);
    expect((await found(config, "github")).out).toMatch(/^::error file=opa\.yaml/);
  });

  test("a service in a list, and a bundle under its older name, are looked at too", async () => {
    const config = {
      services: [{ name: "old", url: "http://old.example.com" }],
      bundle: { name: "b", service: "old" },
    };
    const { codes } = await found(config);
    expect(codes).toEqual(["WRIT7020", "WRIT7021", "WRIT7022", "WRIT7024", "WRIT7026"]);
  });

  test.each([
    ["no YAML", "bundles: [", ["WRIT5005"]],
    ["nothing", "", ["WRIT5005"]],
    ["a list", "- a\n", ["WRIT7028"]],
    ["a text", "bundles", ["WRIT7028"]],
    ["bundles that are none", "bundles: 5\n", ["WRIT7028"]],
    ["what is not text", "\u{fffd}".replace("\u{fffd}", "\ufeffbundles: {}"), ["WRIT5003"]],
  ])("%s is found", async (_, config, codes) => {
    expect(await found(config)).toMatchObject({ exit: 1, codes });
  });

  test("a key that is written twice is found, as OPA may take the other one", async () => {
    const { stdout } = await again(line, host);
    const twice = stdout.replace("    persist: true\n", "    persist: true\n    persist: false\n");
    expect((await found(twice)).codes).toEqual(["WRIT5008"]);
  });

  test("neither aliases nor a thousand bundles keep it busy, and there is no file that it chokes on", async () => {
    const rows = Array.from({ length: 30 }, (_, row) => {
      const items = Array.from({ length: 300 }, (_, item) => `k${item}: *a${row - 1}`);
      return `a${row}: &a${row} {${row === 0 ? "x: 1" : items.join(", ")}}`;
    });
    const count = async (config: string) => JSON.parse((await found(config, "json")).out).diagnostics.length;
    expect(await count(`${rows.join("\n")}\nbundles: *a29\n`)).toBe(1000);
    const many = Array.from({ length: 5000 }, (_, index) => `  b${index}: {}`);
    expect(await count(`bundles:\n${many.join("\n")}\n`)).toBe(1000);
    host.files.set("/here/large.yaml", { size: 2 ** 30 });
    const { exit, stderr } = await again("opa-config --check large.yaml", host);
    expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT5083"]]);
  });
});
