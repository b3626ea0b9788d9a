/** The folder of a trust repository: `metadata/` is published, `keys/` is secret, `root.json` is shipped with gateways. */
import { WritError } from "../diagnostics/index.ts";
import {
  commandSigner,
  keyIdOf,
  type Metadata,
  newTrustKeys,
  type Root,
  readPinnedRoot,
  readPublicKey,
  readTrustSigner,
  type SigningScheme,
  type TrustKey,
  type TrustSigner,
  updateRoot,
} from "../trust/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { absolute } from "./paths.ts";

export const roles = ["root", "targets", "snapshot", "timestamp", "revocations"] as const;
export type TrustRole = (typeof roles)[number];

/** A file, or `env:NAME` for what a variable of the environment holds. */
function keyText(host: Host, place: string): Uint8Array {
  if (!place.startsWith("env:")) return readNamedFile(host, place, largestKeyFile);
  const text = host.environment[place.slice(4)];
  if (text === undefined) throw WritError.of("WRIT5083", { path: place, problem: "missing" });
  return new TextEncoder().encode(text);
}

export function readKeyAt(host: Host, place: string): Promise<TrustKey> {
  return readPublicKey(keyText(host, place));
}

export function readSignerAt(host: Host, place: string): Promise<TrustSigner> {
  return readTrustSigner(keyText(host, place), commandSigner());
}

/** A new key for a role; its file says whose it is. */
export async function newKeyOf(host: Host, folder: string, role: TrustRole, scheme: SigningScheme): Promise<TrustKey> {
  const { keyId, secret } = await newTrustKeys(scheme);
  host.write(absolute(host, `${folder}/keys/${role}-${keyId.slice(0, 8)}.key.json`), secret, "secret");
  return readPublicKey(new TextEncoder().encode(secret));
}

/** Those that are named; otherwise all that lie in the folder and are a role's by their name. */
export async function signersOf(
  host: Host,
  folder: string,
  role: TrustRole,
  named: readonly string[] | undefined,
): Promise<readonly TrustSigner[]> {
  const lying = (host.entries(absolute(host, `${folder}/keys`)) ?? [])
    .filter(({ name }) => name.startsWith(`${role}-`) && name.endsWith(".key.json"))
    .map(({ name }) => `${folder}/keys/${name}`)
    .sort();
  return Promise.all((named ?? lying).map((place) => readSignerAt(host, place)));
}

/** The bytes of the highest version of a role that is published. */
export function newest(host: Host, folder: string, role: "root" | "targets"): Uint8Array {
  const versions = (host.entries(absolute(host, `${folder}/metadata`)) ?? []).flatMap(({ name }) => {
    const version = new RegExp(`^([0-9]{1,9})\\.${role}\\.json$`).exec(name)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
  const path = `${folder}/metadata/${Math.max(1, ...versions)}.${role}.json`;
  return readNamedFile(host, path, largestKeyFile);
}

export async function newestRoot(host: Host, folder: string): Promise<Metadata<Root>> {
  return readPinnedRoot(newest(host, folder, "root"));
}

/** Published once it is signed by enough keys, old and new; before that it is a draft that goes round. */
export async function writeRoot(
  host: Host,
  folder: string,
  before: Metadata<Root> | undefined,
  version: number,
  bytes: Uint8Array,
): Promise<WritError | undefined> {
  const path = `${folder}/metadata/${version}.root`;
  try {
    await (before ? updateRoot(before, bytes) : readPinnedRoot(bytes));
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    host.write(absolute(host, `${path}.draft.json`), bytes);
    return error;
  }
  host.write(absolute(host, `${path}.json`), bytes);
  if (!before) host.write(absolute(host, `${folder}/root.json`), bytes);
  host.remove(absolute(host, `${path}.draft.json`));
  return undefined;
}

export async function idsOf(keys: readonly TrustKey[]): Promise<readonly string[]> {
  return (await Promise.all(keys.map(({ json }) => keyIdOf(json)))).toSorted();
}
