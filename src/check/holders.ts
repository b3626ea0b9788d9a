/** Whom a rule or group is about: identities, registries, groups, or a list of them. */
import type { Holders, Identity } from "../model/index.ts";
import type { Estate } from "./estate.ts";
import type { Given } from "./given.ts";
import { listOf } from "./shape.ts";
import { type Found, oneOrMore, thingOf } from "./values.ts";

export interface Reached extends Holders {
  /** Each once. */
  readonly members: () => readonly Identity[];
  readonly makeup: Makeup;
  /** Some of it is already reported, so that somebody may be missing. */
  readonly partial: boolean;
}

type Holder = Found<"identity" | "registry" | "group">;

const one = thingOf("identity", "registry", "group");
const read = oneOrMore(one, listOf(one, "a list of identities, registries and groups"));

export function readHolders(estate: Estate, given: Given, title: string): Reached | undefined {
  const holders = read(estate, given, title) as readonly Holder[] | undefined;
  return holders && reachedBy(holders);
}

const oneCaller = thingOf("identity", "registry", "group", "tier");
const readThem = oneOrMore(oneCaller, listOf(oneCaller, "a list of identities, registries, groups and tiers"));

export interface Callers extends Reached {
  readonly tiers: readonly string[];
}

/** Whom a `never` is about: holders, and tiers, of whose identities only those are members here that are named besides. */
export function readCallers(estate: Estate, given: Given, title: string): Callers | undefined {
  const found = readThem(estate, given, title) as readonly (Holder | Found<"tier">)[] | undefined;
  if (!found) return undefined;
  const tiers = found.flatMap((caller) => (caller.kind === "tier" ? [caller.name] : []));
  return { ...reachedBy(found.filter((caller) => caller.kind !== "tier")), tiers };
}

function reachedBy(holders: readonly Holder[]): Reached {
  const identities: string[] = [];
  const groups: string[] = [];
  for (const holder of holders) (holder.kind === "identity" ? identities : groups).push(holder.name);
  const partial = holders.some((holder) => holder.kind !== "identity" && holder.partial);
  const [first] = holders;
  const members = () =>
    first && holders.length === 1 ? membersOf(first) : [...new Set(holders.flatMap((holder) => membersOf(holder)))];
  return { identities, groups, members, makeup: unite(holders.map(makeupOf)), partial };
}

function membersOf(holder: Holder): readonly Identity[] {
  return holder.kind === "identity" ? [holder.identity] : holder.members;
}

/** The tiers and issuers of a set of identities. */
export interface Makeup {
  readonly tiers: ReadonlySet<string>;
  readonly issuers: ReadonlySet<string>;
}

/** Many rules name the same big group: it is looked through once. */
const makeups = new WeakMap<readonly Identity[], Makeup>();

function makeupOf(holder: Holder): Makeup {
  const members = membersOf(holder);
  if (holder.kind !== "identity" && members.length === 0) return { tiers: new Set(), issuers: holder.issuers };
  let makeup = makeups.get(members);
  if (!makeup) {
    const tiers = new Set<string>();
    const issuers = new Set<string>();
    for (const { tier, issuer } of members) {
      tiers.add(tier);
      if (issuer !== undefined) issuers.add(issuer);
    }
    makeup = { tiers, issuers };
    makeups.set(members, makeup);
  }
  return makeup;
}

function unite(parts: readonly Makeup[]): Makeup {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  return {
    tiers: new Set(parts.flatMap((part) => [...part.tiers])),
    issuers: new Set(parts.flatMap((part) => [...part.issuers])),
  };
}
