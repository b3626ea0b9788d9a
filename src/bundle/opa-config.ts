/** The one configuration in which a stock OPA enforces what we sign. */
import { SCOPE } from "./bundle.ts";
import { type Key, publicPem } from "./keys.ts";

export interface OpaConfigOptions {
  /** Where the bundles are served: `https://writ.example.com`. */
  readonly url: string;
  /** The keys that sign the two bundles; each is pinned to its own. */
  readonly policyKey: Key;
  readonly revocationsKey: Key;
  /** Paths below `url`. */
  readonly policyResource?: string;
  readonly revocationsResource?: string;
  /** Where OPA keeps the last good bundles. */
  readonly persistenceDirectory?: string;
  /** Of one file in a bundle, unpacked. */
  readonly sizeLimit?: number;
  /** How many seconds the server may hold a request. */
  readonly longPolling?: number;
}

/**
 * Each line closes a hole of the stock loader: without `keyid` an unsigned bundle loads; without `persist: true` an unsigned delta
 * does; `exclude_files` would exempt files; without `size_limit_bytes` a bomb is unpacked before its signature is looked at.
 *
 * @example process.stdout.write(await opaConfig({ url: "https://writ.example.com", policyKey, revocationsKey }))
 */
export async function opaConfig(options: OpaConfigOptions): Promise<string> {
  const { url, policyKey, revocationsKey } = options;
  const keys = policyKey.kid === revocationsKey.kid ? [policyKey] : [policyKey, revocationsKey];
  const lines = [
    "services:",
    "  writ:",
    `    url: ${quote(url)}`,
    "keys:",
    ...(await Promise.all(keys.map(keyLines))).flat(),
    "bundles:",
    ...bundleLines("policy", options.policyResource ?? "bundles/policy.tar.gz", policyKey, options),
    "  # Until this one is served and as fresh as the tiers ask, every request is refused: `revocations-stale`.",
    ...bundleLines("revocations", options.revocationsResource ?? "bundles/revocations.tar.gz", revocationsKey, options),
    `persistence_directory: ${quote(options.persistenceDirectory ?? "/var/lib/opa")}`,
  ];
  return `${lines.join("\n")}\n`;
}

async function keyLines(key: Key): Promise<string[]> {
  const pem = (await publicPem(key)).trim().split("\n");
  return [`  ${quote(key.kid)}:`, `    algorithm: ${key.alg}`, "    key: |", ...pem.map((line) => `      ${line}`)];
}

function bundleLines(name: string, resource: string, key: Key, options: OpaConfigOptions): string[] {
  return [
    `  ${name}:`,
    "    service: writ",
    `    resource: ${quote(resource)}`,
    "    persist: true",
    `    size_limit_bytes: ${options.sizeLimit ?? 128 * 1024 * 1024}`,
    "    signing:",
    `      keyid: ${quote(key.kid)}`,
    `      scope: ${SCOPE}`,
    "    polling:",
    "      min_delay_seconds: 1",
    "      max_delay_seconds: 5",
    `      long_polling_timeout_seconds: ${options.longPolling ?? 30}`,
  ];
}

/** A JSON string is a YAML string. */
function quote(text: string): string {
  return JSON.stringify(text);
}
