/** Step 3: what is known of revocations, and whether it names this credential. */
import type { Credential } from "./credential.ts";
import type { Input, Revocations } from "./decision.ts";
import { isObject, isTime, own } from "./input-shape.ts";

/**
 * Freshness is proved: what lacks its time or its floor counts as not known at all (threat model F25). The lists are not looked
 * through: an engine could do so only by reading every entry for every decision. A list that is none holds nothing.
 */
export function readRevocations(value: unknown): Revocations | undefined {
  if (!isObject(value) || !isTime(own(value, "at")) || !isTime(own(value, "floor"))) return undefined;
  return value as unknown as Revocations;
}

/** An entry of the revocations that names what was presented. */
export interface Revoking {
  /** Where it stands. */
  readonly at: readonly string[];
  readonly words: string;
}

/** The first entry that names the credential. An entry counts by being there, whatever its value. */
export function revokedBy(revocations: Revocations, credential: Credential, input: Input): Revoking | undefined {
  const { identity } = credential;
  const token = credential.kind === "token" ? credential.token : undefined;
  const tokens = token ? entry(revocations.tokens, token.issuer.name) : undefined;
  if (token?.id !== undefined && entry(tokens, token.id) !== undefined)
    return { at: ["tokens", token.issuer.name, token.id], words: `the token \`${token.id}\`` };
  const names: readonly (readonly [
    "identities" | "issuers" | "keys" | "owners" | "tiers",
    string,
    string | undefined,
  ])[] = [
    ["keys", "key", input.key?.id],
    ["keys", "key", input.peer?.["x5t#S256"]],
    ["keys", "key", input.proof?.jkt],
    ["keys", "key", token?.confirmation?.certificate],
    ["keys", "key", token?.confirmation?.key],
    ["identities", "identity", identity.name],
    ["owners", "owner", identity.owner],
    ["issuers", "issuer", identity.issuer],
    ["tiers", "tier", identity.tier],
  ];
  for (const [map, noun, name] of names) {
    if (name !== undefined && has(revocations[map], name)) return { at: [map, name], words: `the ${noun} \`${name}\`` };
  }
  if (!issuedBefore(revocations, credential)) return undefined;
  const time = entry(revocations.issuedBefore, identity.name);
  const when = isTime(time) ? `before ${time}` : "at any time";
  return { at: ["issuedBefore", identity.name], words: `credentials of \`${identity.name}\` issued ${when}` };
}

/** An SVID does not say when it was issued, so it cannot show that it is younger. */
function issuedBefore(revocations: Revocations, credential: Credential): boolean {
  const time = entry(revocations.issuedBefore, credential.identity.name);
  if (time === undefined) return false;
  if (!isTime(time) || credential.kind === "svid") return true;
  return (credential.kind === "token" ? credential.token.issued : credential.created) < time;
}

export function has(map: unknown, name: string): boolean {
  return entry(map, name) !== undefined;
}

function entry(map: unknown, name: string): unknown {
  return isObject(map) ? own(map, name) : undefined;
}
