/** Step 1: which identity the credential names. */
import type { Input } from "./decision.ts";
import { isObject, isTexts, isTime, type JsonObject, own } from "./input-shape.ts";
import type { Lookup } from "./lookup.ts";
import type { Claim, Identity, Issuer, Method } from "./model.ts";
import { splitScopes } from "./scope.ts";

/** A token whose registered claims have their types and whose other claims fit the issuer's schema. */
export interface Token {
  readonly issuer: Issuer;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly expires: number;
  readonly issued: number;
  readonly notBefore?: number;
  readonly id?: string;
  readonly scopes: readonly string[];
  /** RFC 7800: to which key the token is bound; absent on a bearer token. */
  readonly confirmation?: { readonly certificate: string | undefined; readonly key: string | undefined };
  readonly claims: JsonObject;
}

/** Who calls, and by what. */
export type Credential =
  | { readonly kind: "token"; readonly identity: Identity; readonly subject: string; readonly token: Token }
  | { readonly kind: "svid"; readonly identity: Identity; readonly subject: string }
  | { readonly kind: "key"; readonly identity: Identity; readonly subject: string; readonly created: number };

export type CredentialProblem =
  | "credential-missing"
  | "issuer-unknown"
  | "claims-malformed"
  | "identity-unknown"
  | "identity-conflict";

/** A token first; with no token, the SVID of the peer; with neither, the static key. */
export function identify(input: Input, lookup: Lookup): Credential | CredentialProblem {
  const spiffe = input.peer?.spiffe;
  if (input.token) {
    const token = readToken(input.token, lookup);
    if (typeof token === "string") return token;
    const identity = lookup.identityOfToken(token.issuer.name, token.subject);
    if (!identity) return "identity-unknown";
    // An SVID that names another identity, or none that is declared, is another caller's.
    if (spiffe !== undefined && lookup.identityOfSpiffe(spiffe) !== identity) return "identity-conflict";
    return { kind: "token", identity, subject: token.subject, token };
  }
  if (spiffe !== undefined) {
    const identity = lookup.identityOfSpiffe(spiffe);
    return identity ? { kind: "svid", identity, subject: spiffe } : "identity-unknown";
  }
  const id = input.key?.id;
  if (id === undefined) return "credential-missing";
  const key = lookup.identityOfKey(id);
  return key ? { kind: "key", identity: key.identity, subject: id, created: key.created } : "identity-unknown";
}

/** How the credential was presented: row 5. No method where a binding of the token does not hold. */
export function presentedBy(credential: Credential, input: Input): readonly Method[] {
  if (credential.kind !== "token") return [credential.kind];
  const bound = credential.token.confirmation;
  if (!bound) return ["bearer"];
  const methods: Method[] = [];
  // RFC 8705 §3.1: the certificate of this connection. RFC 9449 §6.1: the key of this proof. Every binding must hold.
  if (bound.certificate !== undefined) {
    if (bound.certificate !== input.peer?.["x5t#S256"]) return [];
    methods.push("mtls");
  }
  if (bound.key !== undefined) {
    if (bound.key !== input.proof?.jkt) return [];
    methods.push("dpop");
  }
  return methods; // a binding of another kind is one that nobody proved: no method
}

function readToken(claims: JsonObject, lookup: Lookup): Token | "issuer-unknown" | "claims-malformed" {
  const url = own(claims, "iss");
  if (typeof url !== "string") return "claims-malformed";
  const issuer = lookup.issuerByUrl(url);
  if (!issuer) return "issuer-unknown";
  const registered = readRegistered(claims);
  if (!registered || !issuer.claims.every((claim) => fitsClaim(claim, own(claims, claim.name))))
    return "claims-malformed";
  return { issuer, claims, ...registered };
}

/** What every token has besides its issuer (RFC 7519 §4.1, RFC 8693 §4.2, RFC 7800 §3.1); `undefined` where a part has another type. */
export function readRegistered(claims: JsonObject): Omit<Token, "claims" | "issuer"> | undefined {
  const [subject, audience, expires, issued] = ["sub", "aud", "exp", "iat"].map((name) => own(claims, name));
  const [notBefore, id, scope, confirmation] = ["nbf", "jti", "scope", "cnf"].map((name) => own(claims, name));
  const audiences = typeof audience === "string" ? [audience] : audience;
  const scopes = scope === undefined ? [] : typeof scope === "string" ? splitScopes(scope) : undefined;
  if (
    typeof subject !== "string" ||
    subject === "" ||
    !isTexts(audiences) ||
    !isTime(expires) ||
    !isTime(issued) ||
    !scopes
  )
    return undefined;
  if ((notBefore !== undefined && !isTime(notBefore)) || (id !== undefined && (typeof id !== "string" || id === "")))
    return undefined;
  const bound = confirmation === undefined ? undefined : readConfirmation(confirmation);
  if (bound === "claims-malformed") return undefined;
  return {
    subject,
    audiences,
    expires,
    issued,
    scopes,
    ...(notBefore !== undefined && { notBefore: notBefore as number }),
    ...(id !== undefined && { id: id as string }),
    ...(bound && { confirmation: bound }),
  };
}

function readConfirmation(value: unknown): NonNullable<Token["confirmation"]> | "claims-malformed" {
  if (!isObject(value)) return "claims-malformed";
  const [certificate, key] = [own(value, "x5t#S256"), own(value, "jkt")];
  if ((certificate !== undefined && typeof certificate !== "string") || (key !== undefined && typeof key !== "string"))
    return "claims-malformed";
  return { certificate, key };
}

/** An absent claim fits only where it is optional; `null` is a value of no type. */
export function fitsClaim(claim: Claim, value: unknown): boolean {
  if (value === undefined) return claim.optional;
  switch (claim.type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value);
    case "string":
      return typeof value === "string" && (!claim.values || claim.values.includes(value));
    case "strings":
      return isTexts(value);
  }
}
