/** Targets: files that may be fetched, and roles that may speak of some of them (TUF §4.5). */
import type { JsonObject } from "../json/index.ts";
import type { DelegatedRole, Delegations, Hashes, Signed, TargetFile, Targets } from "./metadata.ts";
import { fileOf } from "./metadata.ts";
import { LONGEST_PATH } from "./path-pattern.ts";
import { readHashes } from "./read-heads.ts";
import { readKeys, readRole } from "./read-root.ts";
import type { Reader } from "./reader.ts";

const TOP_LEVEL: readonly string[] = ["root", "timestamp", "snapshot", "targets"];
/** So that the name of its file fits into any file system. */
const LONGEST_FILE_NAME = 200;

export function readTargets(signed: Reader, common: Signed): Targets {
  const targets = signed.entries("targets").map(([path, file]) => [path, readTarget(path, file)] as const);
  const delegations =
    signed.value("delegations") === undefined
      ? { keys: new Map(), roles: [] }
      : readDelegations(signed.object("delegations"));
  return { ...common, type: "targets", targets: new Map(targets), delegations };
}

/**
 * A file whose hashes we do not know can't be verified: it is listed without any, so that whoever wants it is told, and the
 * others stay usable.
 */
function readTarget(path: string, file: Reader): TargetFile {
  const custom = file.value("custom");
  return {
    path,
    length: file.whole("length", 0),
    hashes: hasKnownHash(file) ? readHashes(file) : (new Map() as Hashes),
    custom: typeof custom === "object" && custom !== null && !Array.isArray(custom) ? (custom as JsonObject) : {},
  };
}

function hasKnownHash(file: Reader): boolean {
  const { json } = file.object("hashes");
  return Object.hasOwn(json, "sha256") || Object.hasOwn(json, "sha512");
}

function readDelegations(delegations: Reader): Delegations {
  const keys = readKeys(delegations);
  // Hash bins by `succinct_roles` are no part of TUF 1.0: what we do not know delegates nothing.
  if (delegations.value("roles") === undefined) return { keys, roles: [] };
  const roles = delegations.list("roles").map((role) => readDelegatedRole(role));
  if (new Set(roles.map(({ name }) => name)).size < roles.length) delegations.refuse("roles");
  return { keys, roles };
}

/** As long as any path that matches; longer ones only cost time. */
function readPatterns(role: Reader): readonly string[] {
  const patterns = role.texts("paths");
  return patterns.every(({ length }) => length <= LONGEST_PATH) ? patterns : role.refuse("paths");
}

function readDelegatedRole(role: Reader): DelegatedRole {
  const name = role.text("name");
  if (!name.isWellFormed() || TOP_LEVEL.includes(name) || fileOf(name).length > LONGEST_FILE_NAME) role.refuse("name");
  const hasPaths = role.value("paths") !== undefined;
  const hasPrefixes = role.value("path_hash_prefixes") !== undefined;
  // §4.5: one of the two, never both.
  if (hasPaths && hasPrefixes) role.refuse("paths");
  return {
    ...readRole(role),
    name,
    terminating: role.flag("terminating"),
    paths: hasPaths ? readPatterns(role) : [],
    hashPrefixes: hasPrefixes ? role.texts("path_hash_prefixes") : [],
  };
}
