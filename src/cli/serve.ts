/** `writ serve FILE`: the publisher that a file sets up, until somebody ends it. */
import { readKeys, readSigner } from "../bundle/index.ts";
import { type Directory, largestCallersFile, readCallers } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import {
  openPublisher,
  type Publisher,
  type PublisherOptions,
  signerRoles,
  type TrustSource,
} from "../publish/index.ts";
import { fileDecisionSink, type Served, type ServeOptions, serve } from "../server/index.ts";
import { FolderStore, type Store } from "../store/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { activation, rebuilding } from "./judging.ts";
import { complainError, type Exit, exits } from "./output.ts";
import { absolute } from "./paths.ts";
import { type PublisherConfig, readPublisherConfig } from "./publisher-config.ts";
import { newest, readKeyAt, signersOf } from "./trust-folder.ts";

/** @param openStore instead of the disk of this machine */
export async function serveEstate(
  host: Host,
  path: string,
  openStore: (folder: string) => Promise<Store> = (folder) => FolderStore.open(folder),
): Promise<Exit> {
  const config = readPublisherConfig(host, path);
  const callers = await readCallers(readNamedFile(host, config.callers, largestCallersFile));
  const gateways = callers.all.flatMap(({ name, roles, ring }) =>
    roles.has("gateway") ? [{ name, ring: ring ?? "stable" }] : [],
  );
  const parts = await publisherParts(host, config);
  const options = serveOptions(host, config);
  const store = await openStore(config.store);
  const publisher = await openPublisher({ ...parts, store, gateways });
  const directory = () => publisher.directory() ?? nobody;
  try {
    return await servePublisher(host, publisher, () => serve(publisher, callers, { ...options, directory }));
  } finally {
    // Also where no port could be had: its heartbeats would keep the process, and the store, for nobody.
    await publisher.close().catch(unlessFailed);
  }
}

async function servePublisher(host: Host, publisher: Publisher, begin: () => Promise<Served>): Promise<Exit> {
  const served = await begin();
  try {
    await Promise.race([host.untilStopped(), publisher.failed]);
    return exits.ok;
  } catch (error) {
    // Nothing is known of the disk any more: whoever looks after this process starts another one (threat model §8).
    if (!(error instanceof WritError)) throw error;
    complainError(host, error);
    return exits.trouble;
  } finally {
    await served.close();
  }
}

/** That the disk failed was said when it did; a store that failed can't be closed better than it is. */
function unlessFailed(error: unknown): void {
  if (!(error instanceof WritError && error.code === "WRIT8004")) throw error;
}

/** Before the first release: then nothing is allowed that an event could take away. */
const nobody: Directory = { issuerNamed: () => undefined, identityNamed: () => undefined, tokenLifetime: 0 };

async function publisherParts(
  host: Host,
  config: PublisherConfig,
): Promise<Omit<PublisherOptions, "store" | "gateways">> {
  const { origin, address, repository, provenance, rollout } = config;
  const bundles = await bundleKeysOf(host, config);
  return {
    origin,
    address,
    trust: trustFolder(host, config),
    bundleSigner: bundles.signer,
    bundleKeys: bundles.keys,
    judging: {
      provenance: {
        keys: await Promise.all(provenance.keys.map((place) => readKeyAt(host, place))),
        threshold: provenance.threshold,
        sources: provenance.sources,
      },
      activate: activation(host),
      ...(repository && { rebuild: rebuilding(host, repository) }),
    },
    ...(rollout && { rollout }),
    now: () => host.time(),
    elapsed: () => host.elapsed(),
    random: Math.random,
  };
}

async function bundleKeysOf(host: Host, { bundleSigner, bundleKeys }: PublisherConfig) {
  const keys = readNamedFile(host, bundleKeys, largestKeyFile);
  await readKeys(keys);
  return { signer: await readSigner(readNamedFile(host, bundleSigner, largestKeyFile)), keys };
}

/** Keys of bundles too, wherever they lie: read at the start, and again when `writ reload` says that keys were changed there. */
function trustFolder(host: Host, config: PublisherConfig): TrustSource {
  const folder = config.trust;
  return {
    async load() {
      const names = (host.entries(absolute(host, `${folder}/metadata`)) ?? []).map(({ name }) => name);
      const versions = names.flatMap((name) => /^([1-9][0-9]{0,8})\.root\.json$/.exec(name)?.[1] ?? []).map(Number);
      const roots = versions
        .toSorted((a, b) => a - b)
        .map((version) => readNamedFile(host, `${folder}/metadata/${version}.root.json`, largestKeyFile));
      const signers = await Promise.all(
        signerRoles.map(async (role) => [role, await signersOf(host, folder, role, undefined)] as const),
      );
      return {
        roots,
        targets: newest(host, folder, "targets"),
        signers: Object.fromEntries(signers) as Awaited<ReturnType<TrustSource["load"]>>["signers"],
        bundles: await bundleKeysOf(host, config),
      };
    },
  };
}

function serveOptions(host: Host, config: PublisherConfig): ServeOptions {
  const { gateway, admin, tls, openPage, insecureHttp, limits, decisions } = config;
  const text = (path: string) => new TextDecoder().decode(readNamedFile(host, path, largestKeyFile));
  const lost = (lines: number) => host.complain(`writ: ${lines} decisions could not be written\n`);
  return {
    gateway,
    admin,
    ...(tls && { tls: { certificate: text(tls.certificate), key: text(tls.key) } }),
    openPage,
    insecureHttp,
    ...(limits && { limits }),
    ...(decisions !== undefined && { decisions: fileDecisionSink(decisions, lost) }),
    log: (line) => host.print(line),
    now: () => host.time(),
  };
}
