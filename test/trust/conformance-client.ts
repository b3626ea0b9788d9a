/**
 * Our client behind the command line of the public TUF conformance suite (theupdateframework/tuf-conformance, CLIENT-CLI.md).
 * The suite is no part of this project. Beside a checkout of it, with its Python packages and `faketime` installed:
 *
 *     pytest tuf_conformance --entrypoint <this project>/test/trust/conformance-client
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fetchTarget, findTarget, folderStore, httpSource, type Store, TrustClient } from "../../src/trust/index.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "metadata-dir": { type: "string" },
    "metadata-url": { type: "string" },
    "target-name": { type: "string", multiple: true },
    "target-base-url": { type: "string" },
    "target-dir": { type: "string" },
  },
});
const [command, trustedRoot = ""] = positionals;
const metadataFolder = options["metadata-dir"] ?? ".";

try {
  if (command === "init") await newestRootOnly(metadataFolder).write("1.root", readFileSync(trustedRoot));
  else if (command === "refresh") await refresh();
  else if (command === "download") await download();
  else {
    process.stderr.write("usage: conformance-client [options] init FILE | refresh | download\n");
    process.exitCode = 2;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}

async function refresh(): Promise<TrustClient> {
  const client = await TrustClient.open({
    root: readFileSync(join(metadataFolder, "root.json")),
    source: httpSource(options["metadata-url"] ?? ""),
    store: newestRootOnly(metadataFolder),
    now: () => Date.now() / 1000,
  });
  const { conflict } = await client.refresh();
  if (conflict) process.stderr.write(`${conflict.message}\n`);
  return client;
}

async function download(): Promise<void> {
  const client = await refresh();
  for (const path of options["target-name"] ?? []) {
    await fetchTarget(await findTarget(client, path), {
      source: httpSource(options["target-base-url"] ?? ""),
      cache: folderStore(options["target-dir"] ?? ".", ""),
      consistentSnapshot: client.current?.root.signed.consistentSnapshot ?? true,
    });
  }
}

/** The suite knows one `root.json`, the newest, and pins that; a gateway keeps each and pins the one it was shipped with. */
function newestRootOnly(folder: string): Store {
  const store = folderStore(folder);
  const isRoot = (name: string) => /^[0-9]+\.root$/.test(name);
  return {
    read: async (name) => (isRoot(name) ? undefined : await store.read(name)),
    write: (name, bytes) => store.write(isRoot(name) ? "root" : name, bytes),
    remove: (name) => store.remove(name),
  };
}
