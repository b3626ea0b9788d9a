/** A credential of each kind for an identity of the model, as a gateway would have verified it. */
import type { Claim, Identity, Issuer, Method, Model } from "../model/index.ts";

/** Stand for what a caller proves. */
export const certificate = "certificate";
const proofKey = "proof-key";
export const tokenId = "token-1";
/** How long ago a token was issued. */
const age = 10;

/** What of an input says who calls. */
export interface Presented {
  readonly token?: Readonly<Record<string, unknown>>;
  readonly peer?: { readonly spiffe?: string; readonly "x5t#S256"?: string };
  readonly proof?: { readonly jkt: string };
  readonly key?: { readonly id: string };
}

/** The ways in which this identity can present itself at all, whatever its tier thinks of them. */
export function methodsOf({ issuer, subject, keys }: Identity): readonly Method[] {
  return [
    ...(issuer !== undefined && subject !== undefined ? (["bearer", "dpop", "mtls"] as const) : []),
    ...(subject?.startsWith("spiffe://") ? (["svid"] as const) : []),
    ...(keys.length > 0 ? (["key"] as const) : []),
  ];
}

/** Presents the identity in one of its ways, with the scopes where the credential carries any. */
export function present(
  model: Model,
  identity: Identity,
  method: Method,
  scopes: readonly string[],
  time: number,
): Presented {
  if (method === "key") return { key: { id: identity.keys[0]?.id ?? "" } };
  const subject = exampleSubject(identity);
  if (method === "svid") return { peer: { spiffe: subject, "x5t#S256": certificate } };
  const issuer = model.issuers.find((one) => one.name === identity.issuer);
  const tier = model.tiers.find((one) => one.name === identity.tier);
  const lifetime = (method === "bearer" ? tier?.tokenLifetime.bearer : tier?.tokenLifetime.bound) ?? 0;
  const token = {
    iss: issuer?.url,
    sub: subject,
    aud: issuer?.audience,
    iat: time - Math.min(age, time),
    exp: time - Math.min(age, time) + Math.max(lifetime, age + 1),
    jti: tokenId,
    scope: scopes.join(" "),
    ...Object.fromEntries((issuer?.claims ?? []).map((claim) => [claim.name, exampleValue(claim)])),
  };
  switch (method) {
    case "bearer":
      return { token };
    case "dpop":
      return { token: { ...token, cnf: { jkt: proofKey } }, proof: { jkt: proofKey } };
    case "mtls":
      return { token: { ...token, cnf: { "x5t#S256": certificate } }, peer: { "x5t#S256": certificate } };
  }
}

/** The subject; of a pattern, one that matches. */
export function exampleSubject({ subject = "" }: Identity): string {
  return subject.startsWith("spiffe://") ? subject.replaceAll("*", "any") : subject;
}

/** Who signs for the identity. */
export function issuerOf(model: Model, { issuer }: Identity): Issuer | undefined {
  return model.issuers.find((one) => one.name === issuer);
}

function exampleValue({ type, values }: Claim): unknown {
  switch (type) {
    case "boolean":
      return true;
    case "integer":
      return 1;
    case "string":
      return values?.[0] ?? "text";
    case "strings":
      return ["text"];
  }
}
