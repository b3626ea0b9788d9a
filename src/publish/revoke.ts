/** Takes away: entries of the list of revocations, within the scope of whoever asks, and policies below a floor. */
import type { Caller, RevokerScope } from "../callers/index.ts";
import { type RevocationFault, WritError } from "../diagnostics/index.ts";
import type { JsonValue } from "../json/index.ts";
import type { Identity } from "../model/index.ts";
import { type RevocationPath, revocationLists } from "../protocol/index.ts";
import { type Core, forbidden } from "./core.ts";
import { mostPieces } from "./pieces.ts";
import { type FactsByRing, holdersOf } from "./policy-facts.ts";
import type { Accepted, Call, NewRevocation } from "./publisher.ts";

/** Entries of one call (threat model §9). */
const MOST = 1000;

/** Bytes of them: with everything else they are one line of the audit log. */
const LARGEST = 96 * 1024;

const LONGEST_NAME = 1024;
const LONGEST_REASON = 1024;

/** All of the entries or none. */
export function revoke(
  core: Core,
  call: Call,
  entries: readonly NewRevocation[],
  reason: string,
  pieces: number,
): Promise<Accepted> {
  const asked = entries.map(({ path, value }) => ({ path: [...path], ...(value !== undefined && { value }) }));
  return core.once(call, "revoke", "revoker", { entries: asked as unknown as JsonValue, reason }, async (by) => {
    refuseReason(reason);
    if (entries.length === 0) throw refused("none");
    if (entries.length > MOST || Buffer.byteLength(JSON.stringify(asked)) > LARGEST) throw refused("many");
    // Who may revoke only some of it fills only half of it: tokens never come back, so a thief of that credential could make sure
    // that nobody revokes anything any more.
    if (pieces >= (call.caller.scope ? mostPieces / 2 : mostPieces)) throw refused("full");
    const sound = entries.map((entry, index) => soundEntry(entry, index, core.now));
    // A scope is one of the policy in force, which may have come a moment ago.
    if (call.caller.scope) await core.current.looked;
    for (const { path } of sound) refuseBeyondScope(core, call.caller, path);
    return core.commit("revoke", { ...by, reason, entries: sound });
  });
}

/** Policies up to this sequence decide no more: urgent as a revocation is, and never taken back. */
export function recall(core: Core, call: Call, sequence: number, reason: string): Promise<Accepted> {
  return core.once(call, "recall", "operator", { sequence, reason }, async (by) => {
    refuseReason(reason);
    const highest = Math.max(0, ...[...core.estate.candidates.values()].map(({ body }) => body.sequence));
    if (!Number.isSafeInteger(sequence) || sequence < 1 || sequence > highest)
      throw WritError.of("WRIT8306", { sequence, highest });
    return core.commit("revoke", { ...by, reason, entries: [], floor: sequence + 1 });
  });
}

function refuseReason(reason: string): void {
  if (reason.trim() === "" || reason.length > LONGEST_REASON || !reason.isWellFormed()) throw refused("reason");
}

function soundEntry({ path, value }: NewRevocation, index: number, now: number) {
  const [list, ...names] = path as readonly string[];
  const isToken = list === "tokens";
  const isKnown = isToken ? names.length === 2 : names.length === 1 && revocationLists.some((known) => known === list);
  if (!isKnown) throw refused("list", index);
  if (!names.every(isName)) throw refused("name", index);
  // A token that ends by itself is listed until then; without its end the list would only grow.
  const since = value ?? (isToken ? undefined : now);
  if (since === undefined || !Number.isSafeInteger(since) || since < 0) throw refused("value", index);
  return { path, value: since };
}

/** What may stand in a token or a policy; line ends and the like only make logs hard to read (threats P12, P18). */
function isName(name: string): boolean {
  return name !== "" && name.length <= LONGEST_NAME && name.isWellFormed() && !/\p{Cc}/u.test(name);
}

/** Threat P05: what is not known to be within the scope is beyond it. */
function refuseBeyondScope({ current: { facts } }: Core, caller: Caller, path: RevocationPath): void {
  if (caller.scope && !isWithin(caller.scope, path, facts))
    throw forbidden(caller, `revoke ${path.slice(0, 2).join(" ")}`);
}

function isWithin(scope: RevokerScope, [list, name]: RevocationPath, facts: FactsByRing): boolean {
  if (list === "tokens" || list === "issuers") return scope.issuers?.includes(name) ?? false;
  if (list === "tiers") return scope.tiers?.includes(name) ?? false;
  if (list === "owners") return scope.owners?.includes(name) ?? false;
  // In every policy in force: the ring that comes next may give a name to somebody else.
  const touched = [...facts.values()].map((policy) => {
    if (list === "grants") return holdersOf(policy, name);
    const identity = list === "keys" ? policy.keys.get(name) : policy.identities.get(name);
    return identity ? [identity] : [];
  });
  const all = touched.flat();
  return all.length > 0 && all.every((identity) => isInScope(scope, identity));
}

function isInScope({ issuers = [], owners = [], tiers = [] }: RevokerScope, identity: Identity): boolean {
  const { issuer, owner, tier } = identity;
  return owners.includes(owner) || tiers.includes(tier) || (issuer !== undefined && issuers.includes(issuer));
}

function refused(fault: RevocationFault, index?: number): WritError {
  return WritError.of("WRIT8305", { fault, ...(index !== undefined && { index }) });
}
