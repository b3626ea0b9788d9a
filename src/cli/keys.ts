/** `writ keys new` and `writ keys show` */
import { newKeys, publicPem, readKeys } from "../bundle/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson, renderTable } from "./output.ts";
import { absolute } from "./paths.ts";

interface NewOptions {
  readonly kid?: string;
  readonly format: string;
}

/** The secret file is written first and never over another one: a key that is lost cannot be made again. */
export async function newKeyFiles(host: Host, name: string, { kid, format }: NewOptions): Promise<Exit> {
  const pair = await newKeys(kid === undefined ? {} : { kid });
  const [secret, trusted] = [`${name}.key.json`, `${name}.keys.json`];
  host.write(absolute(host, secret), pair.privateKey, "secret");
  host.write(absolute(host, trusted), pair.publicKeys);
  if (format === "json") printJson(host, { kid: pair.kid, secret, trusted });
  else host.print(`key ${pair.kid}\n${secret} signs: keep it secret\n${trusted} is for who verifies\n`);
  return exits.ok;
}

export async function showKeys(host: Host, path: string, { format }: { readonly format: string }): Promise<Exit> {
  const keys = await readKeys(readNamedFile(host, path, largestKeyFile));
  const rows = await Promise.all(
    [...keys.values()].map(async (key) => ({ kid: key.kid, algorithm: key.alg, pem: await publicPem(key) })),
  );
  if (format === "json") printJson(host, { keys: rows });
  else host.print(renderTable([["kid", "algorithm"], ...rows.map((row) => [row.kid, row.algorithm])]));
  return exits.ok;
}
