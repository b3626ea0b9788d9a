/** The root: keys, and which of them speak for which role (TUF §4.3). */
import { readTrustKey, type TrustKey } from "./keys.ts";
import type { MetadataType, Role, Root, Signed } from "./metadata.ts";
import type { Reader } from "./reader.ts";

const ROLES = ["root", "timestamp", "snapshot", "targets"] as const satisfies readonly MetadataType[];

export function readRoot(signed: Reader, common: Signed): Root {
  const roles = signed.object("roles");
  const read = ROLES.map((name) => [name, readRole(roles.object(name))] as const);
  return {
    ...common,
    type: "root",
    consistentSnapshot: signed.value("consistent_snapshot") === undefined ? false : signed.flag("consistent_snapshot"),
    keys: readKeys(signed),
    roles: Object.fromEntries(read) as Record<MetadataType, Role>,
  };
}

/** Threat T04: a threshold of nothing verifies nothing. */
export function readRole(role: Reader): Role {
  const keyIds = role.texts("keyids");
  if (new Set(keyIds).size < keyIds.length) role.refuse("keyids");
  return { keyIds, threshold: role.whole("threshold", 1) };
}

export function readKeys(signed: Reader): ReadonlyMap<string, TrustKey> {
  return new Map(
    signed.entries("keys").flatMap(([id, { json }]) => {
      const key = readTrustKey(json);
      return key ? [[id, key] as const] : [];
    }),
  );
}
