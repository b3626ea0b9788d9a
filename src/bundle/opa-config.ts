/** The one configuration in which a stock OPA enforces what we sign, as a file or by discovery. */
import { canonicalJsonBytes, type JsonObject } from "../json/index.ts";
import type { Artefact } from "../model/index.ts";
import { LIMITS, SCOPE } from "./bundle.ts";
import { type Key, publicPem } from "./keys.ts";

export interface OpaConfigOptions {
  /** Where the bundles are served, and where OPA reports: `https://writ.example.com/opa`. */
  readonly url: string;
  /** The keys that sign the two bundles; each is pinned to its own. */
  readonly policyKey: Key;
  readonly revocationsKey: Key;
  /** Signs the configuration itself: with it OPA is told no more than where to find the rest (`opaDiscovery`). */
  readonly discoveryKey?: Key;
  /** Paths below `url`. */
  readonly policyResource?: string;
  readonly revocationsResource?: string;
  readonly discoveryResource?: string;
  /** The file with the token that OPA shows; it is read again for each request, so a token can be renewed in place. */
  readonly tokenPath?: string;
  /** Whether OPA sends what it decides. Default: no, for a decision tells who called what. */
  readonly decisionLogs?: boolean;
  /** Where OPA keeps the last good bundles. */
  readonly persistenceDirectory?: string;
  /** Of one file in a bundle, unpacked. OPA has no limit for all of them together, so it needs one of memory besides. */
  readonly sizeLimit?: number;
  /** How many seconds the server may hold a request. */
  readonly longPolling?: number;
}

/** The name of the root, and of the decision, by which a discovery bundle configures. */
export const DISCOVERY = "discovery";
const MEBIBYTE = 1024 * 1024;

/**
 * Each setting closes a hole of the stock loader: without `keyid` an unsigned bundle loads; without `persist: true` an unsigned delta
 * does in older ones; `exclude_files` would exempt files; without `size_limit_bytes` a bomb is unpacked before its signature is
 * looked at.
 *
 * @example process.stdout.write(await opaConfig({ url: "https://writ.example.com/opa", policyKey, revocationsKey }))
 */
export async function opaConfig(options: OpaConfigOptions): Promise<string> {
  const { url, tokenPath, discoveryKey } = options;
  const rest = await discovered(options);
  const credentials = tokenPath === undefined ? {} : { credentials: { bearer: { token_path: tokenPath } } };
  const settings: JsonObject = {
    services: { writ: { url, ...credentials } },
    ...(discoveryKey
      ? { keys: await keySettings([discoveryKey]), discovery: discoverySettings(discoveryKey, options) }
      : rest),
    persistence_directory: options.persistenceDirectory ?? "/var/lib/opa",
  };
  return `${yaml(settings).join("\n")}\n`;
}

/**
 * What a discovery bundle holds, for `pack` to sign with the discovery key under the root `discovery`. To rotate the other keys with
 * no restart, serve bundles signed with new ones as other resources, and name both in one edition of it.
 */
export async function opaDiscovery(options: OpaConfigOptions): Promise<readonly Artefact[]> {
  const bytes = canonicalJsonBytes({ [DISCOVERY]: await discovered(options) });
  return [{ path: "data.json", bytes }];
}

async function discovered(options: OpaConfigOptions): Promise<JsonObject> {
  const { policyKey, revocationsKey, discoveryKey } = options;
  // OPA refuses a discovered key that it was given at its start already.
  const keys = [policyKey, revocationsKey].filter(({ kid }) => kid !== discoveryKey?.kid);
  return {
    ...(keys.length > 0 && { keys: await keySettings(keys) }),
    bundles: {
      policy: bundleSettings(options.policyResource ?? "bundles/policy.tar.gz", policyKey, options),
      revocations: bundleSettings(options.revocationsResource ?? "bundles/revocations.tar.gz", revocationsKey, options),
    },
    status: { service: "writ" },
    ...(options.decisionLogs && { decision_logs: decisionLogs }),
  };
}

/** The server may be away for long: what does not fit is lost, and OPA says how much, instead of growing without end. */
const decisionLogs: JsonObject = {
  service: "writ",
  reporting: {
    min_delay_seconds: 5,
    max_delay_seconds: 30,
    upload_size_limit_bytes: MEBIBYTE / 4,
    buffer_size_limit_bytes: 64 * MEBIBYTE,
  },
};

async function keySettings(keys: readonly Key[]): Promise<JsonObject> {
  const entries = keys.map(async (key) => [key.kid, { algorithm: key.alg, key: `${(await publicPem(key)).trim()}\n` }]);
  return Object.fromEntries(await Promise.all(entries));
}

function bundleSettings(resource: string, key: Key, options: OpaConfigOptions): JsonObject {
  return {
    service: "writ",
    resource,
    persist: true,
    size_limit_bytes: options.sizeLimit ?? LIMITS.unpacked,
    signing: { keyid: key.kid, scope: SCOPE },
    polling: polling(options),
  };
}

/** OPA limits no file of a discovery bundle. */
function discoverySettings(key: Key, options: OpaConfigOptions): JsonObject {
  return {
    service: "writ",
    resource: options.discoveryResource ?? "bundles/discovery.tar.gz",
    decision: DISCOVERY,
    persist: true,
    signing: { keyid: key.kid, scope: SCOPE },
    polling: polling(options),
  };
}

function polling({ longPolling = 30 }: OpaConfigOptions): JsonObject {
  return { min_delay_seconds: 1, max_delay_seconds: 5, long_polling_timeout_seconds: longPolling };
}

const comments: Readonly<Record<string, string>> = {
  "bundles.policy.size_limit_bytes":
    "Of each file, not of all: what OPA may take of memory is for whoever runs it to limit.",
  "bundles.revocations":
    "Until this one is served and as fresh as the tiers ask, every request is refused: `revocations-stale`.",
};

function yaml(settings: JsonObject, place = "", indent = ""): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const here = place === "" ? name : `${place}.${name}`;
    const comment = comments[here] === undefined ? [] : [`${indent}# ${comments[here]}`];
    const key = `${indent}${/^[a-z_]+$/.test(name) ? name : JSON.stringify(name)}:`;
    if (typeof value === "object") return [...comment, key, ...yaml(value as JsonObject, here, `${indent}  `)];
    return [...comment, ...scalar(key, value, `${indent}  `)];
  });
}

/** A JSON string is a YAML string; a key in PEM is for people to compare, line by line. */
function scalar(key: string, value: unknown, indent: string): string[] {
  if (typeof value !== "string" || !value.endsWith("\n")) return [`${key} ${JSON.stringify(value)}`];
  const lines = value.trimEnd().split("\n");
  return [`${key} |`, ...lines.map((line) => `${indent}${line}`)];
}
