/** `writ opa-config`: the one configuration in which a stock OPA enforces what we sign. */
import { type Key, type Keys, opaConfig, readKeys } from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { type Exit, exits } from "./output.ts";

interface Options {
  readonly url: string;
  readonly keys: string;
  readonly policyKey?: string;
  readonly revocationsKey?: string;
}

export async function printOpaConfig(host: Host, options: Options): Promise<Exit> {
  const { url } = options;
  if (!isServiceUrl(url))
    throw WritError.of("WRIT5088", {
      option: "--url",
      value: url,
      expected: "a URL like `https://policies.example.com`",
    });
  const keys = await readKeys(readNamedFile(host, options.keys, largestKeyFile));
  const policyKey = choose(keys, "--policy-key", options.policyKey);
  const revocationsKey = options.revocationsKey ? choose(keys, "--revocations-key", options.revocationsKey) : policyKey;
  host.print(await opaConfig({ url, policyKey, revocationsKey }));
  return exits.ok;
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
  throw WritError.of("WRIT5088", {
    option,
    value: id ?? "",
    expected: `the id of a key in the file: ${ids.map((name) => `\`${name}\``).join(", ")}`,
  });
}
