/** The publisher's side of TUF: what each file says, before it is signed. The same facts give the same bytes. */
import type { JsonObject, JsonValue } from "../json/index.ts";
import { hashOf } from "./hashes.ts";
import { keyIdOf, type TrustKey } from "./keys.ts";
import type { MetadataType, WritHead } from "./metadata.ts";

const SPECIFICATION = "1.0.34";

/** The part of a file that is signed. */
export type Draft = JsonObject;

export interface Edition {
  readonly version: number;
  /** Seconds since 1970 UTC. */
  readonly expires: number;
}

export interface RoleKeys {
  readonly keys: readonly TrustKey[];
  readonly threshold: number;
}

/** A file as another one names it. */
export interface NamedFile {
  readonly version: number;
  readonly bytes: Uint8Array;
}

export interface NewTarget {
  readonly path: string;
  /** The bytes, or what is known of them already. */
  readonly bytes: Uint8Array | { readonly length: number; readonly sha256: string };
  /** What a gateway has to know of it beside its digest. */
  readonly custom?: JsonObject;
}

export interface Delegation extends RoleKeys {
  readonly name: string;
  readonly paths: readonly string[];
}

export async function makeRoot(edition: Edition, roles: Readonly<Record<MetadataType, RoleKeys>>): Promise<Draft> {
  const names = ["root", "snapshot", "targets", "timestamp"] as const;
  const said = await Promise.all(names.map(async (name) => [name, await sayRole(roles[name])] as const));
  return {
    ...sayEdition("root", edition),
    consistent_snapshot: true,
    keys: await sayKeys(names.flatMap((name) => roles[name].keys)),
    roles: Object.fromEntries(said),
  };
}

export async function makeTargets(
  edition: Edition,
  targets: readonly NewTarget[],
  delegation?: Delegation,
): Promise<Draft> {
  const said = await Promise.all(targets.map(async (target) => [target.path, await sayTarget(target)] as const));
  const delegations = delegation && {
    delegations: {
      keys: await sayKeys(delegation.keys),
      roles: [
        { ...(await sayRole(delegation)), name: delegation.name, paths: [...delegation.paths], terminating: true },
      ],
    },
  };
  return { ...sayEdition("targets", edition), targets: Object.fromEntries(said), ...delegations };
}

/** @param files by role: `targets`, `revocations` */
export async function makeSnapshot(edition: Edition, files: ReadonlyMap<string, NamedFile>): Promise<Draft> {
  const said = await Promise.all(
    [...files].map(async ([role, file]) => [`${role}.json`, await sayFile(file)] as const),
  );
  return { ...sayEdition("snapshot", edition), meta: Object.fromEntries(said) };
}

export async function makeTimestamp(
  edition: Edition,
  snapshot: NamedFile,
  { at, floor, audit }: WritHead,
): Promise<Draft> {
  return {
    ...sayEdition("timestamp", edition),
    meta: { "snapshot.json": await sayFile(snapshot) },
    "x-writ": { at, floor, audit: { size: audit.size, root: audit.root } },
  };
}

function sayEdition(type: MetadataType, { version, expires }: Edition): JsonObject {
  const time = new Date(expires * 1000).toISOString().replace(/\.000Z$/, "Z");
  return { _type: type, spec_version: SPECIFICATION, version, expires: time };
}

async function sayRole({ keys, threshold }: RoleKeys): Promise<JsonObject> {
  const keyIds = await Promise.all(keys.map(({ json }) => keyIdOf(json)));
  return { keyids: [...new Set(keyIds)].sort(), threshold };
}

async function sayKeys(keys: readonly TrustKey[]): Promise<JsonObject> {
  return Object.fromEntries(await Promise.all(keys.map(async ({ json }) => [await keyIdOf(json), json] as const)));
}

async function sayFile({ version, bytes }: NamedFile): Promise<JsonValue> {
  return { version, length: bytes.length, hashes: { sha256: await hashOf(bytes) } };
}

async function sayTarget({ bytes, custom }: NewTarget): Promise<JsonObject> {
  const sha256 = bytes instanceof Uint8Array ? await hashOf(bytes) : bytes.sha256;
  return { length: bytes.length, hashes: { sha256 }, ...(custom && { custom }) };
}
