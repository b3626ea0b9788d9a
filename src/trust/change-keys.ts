/** The next root, or the next targets, with other keys for a role: what rotation signs (threat model §4). */
import { WritError } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";
import { keyIdOf } from "./keys.ts";
import { type Draft, type Edition, makeRoot, makeTargets, type RoleKeys } from "./make-metadata.ts";
import type { Delegator, Metadata, MetadataType, Root, Targets } from "./metadata.ts";
import { delegatorOf } from "./update-root.ts";
import { delegatorIn } from "./update-targets.ts";

export type KeyChange = (before: RoleKeys) => RoleKeys | Promise<RoleKeys>;

/** One version further, as a chain of roots asks; every other role as it was. */
export async function changeRoot(
  root: Metadata<Root>,
  expires: number,
  role: MetadataType,
  change: KeyChange,
): Promise<Draft> {
  const names = ["root", "snapshot", "targets", "timestamp"] as const;
  const before = names.map((name) => [name, roleKeysOf(root, delegatorOf(root, name))] as const);
  const roles = Object.fromEntries(before) as Record<MetadataType, RoleKeys>;
  const edition = { version: root.signed.version + 1, expires };
  return makeRoot(edition, { ...roles, [role]: await change(roles[role]) });
}

/** The keys of a delegated role stand in the file that delegates, so that one has a next version; its targets stay. */
export async function changeDelegation(
  targets: Metadata<Targets>,
  expires: number,
  name: string,
  change: KeyChange,
): Promise<Draft> {
  const delegator = delegatorIn(targets, name);
  const delegation = targets.signed.delegations.roles.find((role) => role.name === name);
  if (!delegator || !delegation) throw WritError.of("WRIT9101", { file: targets.file, place: "signed.delegations" });
  const edition: Edition = { version: targets.signed.version + 1, expires };
  const keys = await change(roleKeysOf(targets, delegator));
  const draft = await makeTargets(edition, [], { ...keys, name, paths: delegation.paths });
  const { signed } = JSON.parse(new TextDecoder().decode(targets.bytes)) as { signed: JsonObject };
  return { ...draft, targets: signed.targets as JsonValue };
}

/** A key that we do not know would be lost on the way. */
function roleKeysOf({ file }: Metadata, { role, keys }: Delegator): RoleKeys {
  const found = role.keyIds.map((id) => {
    const key = keys.get(id);
    if (!key) throw WritError.of("WRIT9101", { file, place: "signed.keys" });
    return key;
  });
  return { keys: found, threshold: role.threshold };
}

export async function addKey({ keys, threshold }: RoleKeys, key: RoleKeys["keys"][number]): Promise<RoleKeys> {
  const id = await keyIdOf(key.json);
  const ids = await Promise.all(keys.map(({ json }) => keyIdOf(json)));
  return { keys: ids.includes(id) ? keys : [...keys, key], threshold };
}

/** @param start of the id, as long as it takes to mean one key */
export async function removeKey({ keys, threshold }: RoleKeys, start: string): Promise<RoleKeys | undefined> {
  const ids = await Promise.all(keys.map(({ json }) => keyIdOf(json)));
  const kept = keys.filter((_key, index) => !ids[index]!.startsWith(start));
  return kept.length === keys.length - 1 ? { keys: kept, threshold } : undefined;
}
