/** Which role speaks for a target: the delegations in the order of their trust, depth first (TUF §5.6.7). */
import { WritError } from "../diagnostics/index.ts";
import type { TrustClient } from "./client.ts";
import { type DelegatedRole, fileOf, type Metadata, type TargetFile, type Targets } from "./metadata.ts";
import { covers } from "./path-pattern.ts";
import { delegatorIn } from "./update-targets.ts";

/** Roles asked for one target; estates of ours have two. */
const MOST_ROLES = 32;

/** The target as the most trusted role lists it. */
export async function findTarget(client: TrustClient, path: string): Promise<TargetFile> {
  const missing = WritError.of("WRIT9113", { path });
  const top = client.current?.targets;
  if (!top) throw missing;
  const visited = new Set<string>();
  let toVisit: readonly Visit[] = [{ name: "targets", load: async () => top }];
  while (toVisit.length > 0 && visited.size < MOST_ROLES) {
    const [{ name, load }, ...others] = toVisit as [Visit, ...Visit[]];
    toVisit = others;
    // §5.6.7.1: a circle ends here.
    if (visited.has(name)) continue;
    visited.add(name);
    const role = await load();
    const target = role.signed.targets.get(path);
    if (target) return target;
    const { roles, endsSearch } = await delegatesFor(role, path);
    const next = roles.map(({ name: child }) => ({
      name: child,
      load: () => client.loadRole(child, delegatorIn(role, child)!),
    }));
    // §5.6.7.2.1: a terminating delegation is the last word for its paths.
    toVisit = endsSearch ? next : [...next, ...toVisit];
  }
  throw missing;
}

interface Visit {
  readonly name: string;
  readonly load: () => Promise<Metadata<Targets>>;
}

interface Delegates {
  readonly roles: readonly DelegatedRole[];
  readonly endsSearch: boolean;
}

async function delegatesFor(role: Metadata<Targets>, path: string): Promise<Delegates> {
  const roles: DelegatedRole[] = [];
  for (const delegated of role.signed.delegations.roles) {
    if (!(await covers(delegated, path))) continue;
    roles.push(delegated);
    if (delegated.terminating) return { roles, endsSearch: true };
  }
  return { roles, endsSearch: false };
}

/**
 * A role that the top one delegates to, as estates of ours have it: all that it lists is covered by the delegation, or its key is
 * in other hands (threat T08).
 *
 * @example const revocations = await delegatedRole(client, "revocations")
 */
export async function delegatedRole(client: TrustClient, name: string): Promise<Metadata<Targets>> {
  const top = client.current?.targets;
  const delegator = top && delegatorIn(top, name);
  if (!delegator) throw WritError.of("WRIT9107", { file: fileOf(name) });
  const role = await client.loadRole(name, delegator);
  await refusePathsBeyond(top, name, role);
  return role;
}

export async function refusePathsBeyond(top: Metadata<Targets>, name: string, role: Metadata<Targets>): Promise<void> {
  const delegation = top.signed.delegations.roles.find((delegated) => delegated.name === name);
  for (const path of role.signed.targets.keys()) {
    if (!delegation || !(await covers(delegation, path))) throw WritError.of("WRIT9112", { role: name, path });
  }
}
