/** Who is granted a scope by anything at all, found without a look at everybody. */
import type { Model } from "../model/index.ts";

/** Names of identities: members of groups and those that are named themselves. */
export function holdersOf(model: Model, scope: string): ReadonlySet<string> {
  const groups = new Map(model.groups.map((group) => [group.name, group.members]));
  const holders = new Set<string>();
  for (const { scopes, to } of model.grants) {
    if (!scopes.includes(scope)) continue;
    for (const name of to.identities) holders.add(name);
    for (const group of to.groups) for (const name of groups.get(group) ?? []) holders.add(name);
  }
  return holders;
}
