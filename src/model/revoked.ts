/** Step 3: what is known of revocations, and whether it names this credential. */
import type { Credential } from "./credential.ts";
import type { Input, Revocations } from "./decision.ts";
import { isObject, isTime, own } from "./input-shape.ts";

const maps = ["tokens", "identities", "issuedBefore", "keys", "issuers", "tiers", "owners", "grants"] as const;

/** Freshness is proved: what lacks its time, its floor or its shape counts as not known at all (threat model F25). */
export function readRevocations(value: unknown): Revocations | undefined {
  if (!isObject(value) || !isTime(own(value, "at")) || !isTime(own(value, "floor"))) return undefined;
  if (!maps.every((name) => own(value, name) === undefined || isObject(own(value, name)))) return undefined;
  const tokens = own(value, "tokens");
  if (isObject(tokens) && !Object.values(tokens).every(isObject)) return undefined;
  return value as unknown as Revocations;
}

/** Which entry names the credential, in words, or `undefined`. An entry counts by being there, whatever its value. */
export function revokedBy(revocations: Revocations, credential: Credential, input: Input): string | undefined {
  const { identity } = credential;
  const token = credential.kind === "token" ? credential.token : undefined;
  const tokens = token ? own(revocations.tokens ?? {}, token.issuer.name) : undefined;
  if (token?.id !== undefined && isObject(tokens) && own(tokens, token.id) !== undefined)
    return `the token \`${token.id}\``;
  const keys = [
    input.key?.id,
    input.peer?.["x5t#S256"],
    input.proof?.jkt,
    token?.confirmation?.certificate,
    token?.confirmation?.key,
  ];
  for (const key of keys) if (key !== undefined && has(revocations.keys, key)) return `the key \`${key}\``;
  if (has(revocations.identities, identity.name)) return `the identity \`${identity.name}\``;
  if (has(revocations.owners, identity.owner)) return `the owner \`${identity.owner}\``;
  if (identity.issuer !== undefined && has(revocations.issuers, identity.issuer))
    return `the issuer \`${identity.issuer}\``;
  if (has(revocations.tiers, identity.tier)) return `the tier \`${identity.tier}\``;
  if (issuedBefore(revocations, credential))
    return `credentials of \`${identity.name}\` issued before ${String(own(revocations.issuedBefore ?? {}, identity.name))}`;
  return undefined;
}

/** An SVID does not say when it was issued, so it cannot show that it is younger. */
function issuedBefore(revocations: Revocations, credential: Credential): boolean {
  const time = own(revocations.issuedBefore ?? {}, credential.identity.name);
  if (time === undefined) return false;
  if (!isTime(time) || credential.kind === "svid") return true;
  return (credential.kind === "token" ? credential.token.issued : credential.created) < time;
}

export function has(map: Readonly<Record<string, unknown>> | undefined, name: string): boolean {
  return map !== undefined && own(map, name) !== undefined;
}
