/** `writ opa-config`: the one configuration in which a stock OPA enforces what we sign, and what is wrong with another one. */
import { createHash } from "node:crypto";
import {
  DISCOVERY,
  type Key,
  type Keys,
  type OpaConfigOptions,
  opaConfig,
  opaDiscovery,
  pack,
  readKeys,
  readSigner,
} from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { complainFindings, type Exit, exits, type Format, printFindings } from "./output.ts";
import { absolute } from "./paths.ts";

interface Options {
  readonly url?: string;
  readonly keys?: string;
  readonly policyKey?: string;
  readonly revocationsKey?: string;
  readonly discovery?: string;
  readonly discoveryKey?: string;
  readonly sign?: string;
  readonly tokenPath?: string;
  readonly decisionLogs?: true;
  readonly check?: string;
  readonly format: Format;
}

export async function opaConfigCommand(host: Host, options: Options): Promise<Exit> {
  return options.check === undefined ? printOpaConfig(host, options) : checkFile(host, options.check, options.format);
}

async function printOpaConfig(host: Host, options: Options): Promise<Exit> {
  const { url = "", decisionLogs = false, tokenPath } = options;
  if (!isServiceUrl(url)) throw badOption("--url", url, "a URL like `https://policies.example.com/opa`");
  if (options.keys === undefined) throw badOption("--keys", "", "a file of public keys");
  const keys = await readKeys(readNamedFile(host, options.keys, largestKeyFile));
  const policyKey = choose(keys, "--policy-key", options.policyKey);
  const revocationsKey = options.revocationsKey ? choose(keys, "--revocations-key", options.revocationsKey) : policyKey;
  const settings = { url, policyKey, revocationsKey, decisionLogs, ...(tokenPath !== undefined && { tokenPath }) };
  const text = await opaConfig(await withDiscovery(host, settings, keys, options));
  host.print(text);
  return complainOf(host, text);
}

/** A publisher serves a configuration of its own; without one, it is written here. */
async function withDiscovery(
  host: Host,
  settings: OpaConfigOptions,
  keys: Keys,
  { discovery, discoveryKey, sign }: Options,
): Promise<OpaConfigOptions> {
  if (discovery !== undefined) return writeDiscovery(host, settings, keys, discovery, sign);
  if (discoveryKey === undefined) return settings;
  return { ...settings, discoveryKey: choose(keys, "--discovery-key", discoveryKey) };
}

/** The signed bundle that configures an OPA which is told of nothing else; gives what has to be said to find it. */
async function writeDiscovery(
  host: Host,
  settings: OpaConfigOptions,
  keys: Keys,
  path: string,
  keyFile: string | undefined,
): Promise<OpaConfigOptions> {
  if (keyFile === undefined) throw badOption("--sign", "", "the private key file that signs the configuration");
  const signer = await readSigner(readNamedFile(host, keyFile, largestKeyFile));
  const discoveryKey = keys.get(signer.kid);
  if (!discoveryKey) throw badOption("--sign", signer.kid, "the private key of one in the file of `--keys`");
  const configuration = { ...settings, discoveryKey };
  const artefacts = await opaDiscovery(configuration);
  const issued = host.time();
  const digest = createHash("sha256");
  for (const { bytes } of artefacts) digest.update(bytes);
  const manifest = {
    revision: `${issued}-${digest.digest("hex").slice(0, 16)}`,
    roots: [DISCOVERY],
    rego_version: 1 as const,
    // OPA asks a configuration for no time; it is valid until the next one is served.
    metadata: { sequence: issued, issued, expires: issued + YEAR, entrypoints: [DISCOVERY] },
  };
  host.write(absolute(host, path), await pack(artefacts, manifest, { signer }));
  return configuration;
}

const YEAR = 365 * 86_400;

/** What was asked for may open a hole by itself: plain HTTP to another machine, or a key that is not for ES256. */
async function complainOf(host: Host, text: string): Promise<Exit> {
  const { checkOpaConfig } = await import("./opa-check.ts");
  const { source, diagnostics } = checkOpaConfig("opa.yaml", new TextEncoder().encode(text));
  if (diagnostics.length === 0) return exits.ok;
  complainFindings(host, { diagnostics, sources: new Map([[source.path, source.text]]), prefix: "" });
  return exits.findings;
}

async function checkFile(host: Host, path: string, format: Format): Promise<Exit> {
  const { checkOpaConfig, largestOpaConfig } = await import("./opa-check.ts");
  const { source, diagnostics } = checkOpaConfig(path, readNamedFile(host, path, largestOpaConfig));
  printFindings(host, { diagnostics, sources: new Map([[source.path, source.text]]), prefix: "" }, format);
  if (diagnostics.length > 0) return exits.findings;
  if (format === "text") host.print(`\`${path}\` has OPA load nothing but what is signed\n`);
  return exits.ok;
}

function badOption(option: string, value: string, expected: string): WritError {
  return WritError.of("WRIT5088", { option, value, expected });
}

function isServiceUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    (url.protocol === "https:" || url.protocol === "http:") &&
    url.username === "" &&
    url.hash === ""
  );
}

function choose(keys: Keys, option: string, id: string | undefined): Key {
  const ids = [...keys.keys()];
  const key = keys.get(id ?? (ids.length === 1 ? (ids[0] ?? "") : ""));
  if (key) return key;
  const expected = `the id of a key in the file: ${ids.map((name) => `\`${name}\``).join(", ")}`;
  throw badOption(option, id ?? "", expected);
}
