/** Changes of the credential in a request: another caller, or the same caller presenting itself otherwise. */
import {
  type Credential,
  fitsClaim,
  type Identity,
  type Issuer,
  isObject,
  isPatternSubject,
  isTexts,
  isTime,
  type Method,
  own,
  splitScopes,
  type Tier,
} from "../model/index.ts";
import { type Change, inRequest } from "./change.ts";
import { valueFor } from "./repair-facts.ts";
import type { Scene } from "./scene.ts";

type Repairs = readonly (readonly Change[])[];

/** Stands for a thumbprint that a caller would prove. */
const anyKey = "key";
const mostCallers = 3;
const simplestFirst: readonly Method[] = ["svid", "key", "bearer", "mtls", "dpop"];

/** Row 1: the credential becomes one that names an identity. */
export function repairIdentity(scene: Scene): Repairs {
  const { model } = scene.question.loaded;
  const token = scene.input?.token;
  switch (scene.credential) {
    case "issuer-unknown":
      return model.issuers.slice(0, mostCallers).map((issuer) => [inRequest(["token", "iss"], issuer.url)]);
    case "claims-malformed":
      return [token ? repairClaims(token, scene) : []];
    case "identity-conflict":
      return [[inRequest(["peer", "spiffe"])]];
    case "identity-unknown": {
      const url = token && own(token, "iss");
      const issuer = typeof url === "string" ? scene.lookup.issuerByUrl(url) : undefined;
      if (issuer)
        return callers(scene, (i) => i.issuer === issuer.name && isExact(i)).map((i) => [
          inRequest(["token", "sub"], i.subject),
        ]);
      if (scene.input?.peer?.spiffe !== undefined)
        return callers(scene, isExactSpiffe).map((i) => [inRequest(["peer", "spiffe"], i.subject)]);
      return callers(scene, hasKey).map((i) => [inRequest(["key", "id"], i.keys[0]?.id)]);
    }
    case "credential-missing":
      return callers(scene, (i) => isExact(i) || hasKey(i)).flatMap((i) => presentations(i, scene));
    default:
      return [];
  }
}

function isExact(identity: Identity): boolean {
  return identity.subject !== undefined && !isPatternSubject(identity.subject);
}

/** A few identities, those first that hold what the operation needs. */
function callers(scene: Scene, fits: (identity: Identity) => boolean): readonly Identity[] {
  const { model } = scene.question.loaded;
  const needed = scene.found?.operation.scopes ?? [];
  const grants = model.grants.filter((grant) => grant.scopes.some((scope) => needed.includes(scope)));
  const groups = new Set(grants.flatMap((grant) => grant.to.groups));
  const holders = new Set(grants.flatMap((grant) => grant.to.identities));
  for (const group of model.groups) if (groups.has(group.name)) for (const name of group.members) holders.add(name);
  const fitting = model.identities.filter(fits);
  const first = fitting.filter((identity) => holders.has(identity.name)).slice(0, mostCallers);
  const then = fitting.filter((identity) => !holders.has(identity.name)).slice(0, mostCallers);
  return [...first, ...then].slice(0, mostCallers);
}

/** Everyone whom `repairIdentity` may name. */
export function possibleCallers(scene: Scene): readonly Identity[] {
  if (typeof scene.credential !== "string") return [];
  const { model } = scene.question.loaded;
  const ofIssuers = model.issuers.map(
    (issuer) => (identity: Identity) => identity.issuer === issuer.name && isExact(identity),
  );
  return [...ofIssuers, isExactSpiffe, hasKey, (i: Identity) => isExact(i) || hasKey(i)].flatMap((fits) =>
    callers(scene, fits),
  );
}

function isExactSpiffe(identity: Identity): boolean {
  return isExact(identity) && identity.subject?.startsWith("spiffe://") === true;
}

function hasKey(identity: Identity): boolean {
  return identity.keys.length > 0;
}

/** Every claim that is not as it must be, put right; nothing else of the token. */
function repairClaims(token: Readonly<Record<string, unknown>>, scene: Scene): readonly Change[] {
  const { model } = scene.question.loaded;
  const time = scene.input?.time ?? 0;
  const issuer = model.issuers.find((i) => i.url === own(token, "iss")) ?? model.issuers[0];
  if (!issuer) return [];
  const isName = (value: unknown) => typeof value === "string" && value !== "";
  const absent = (test: (value: unknown) => boolean) => (value: unknown) => value === undefined || test(value);
  const subject = callers(scene, (i) => i.issuer === issuer.name && isExact(i))[0]?.subject;
  const registered: readonly [string, (value: unknown) => boolean, unknown][] = [
    ["iss", (value) => value === issuer.url, issuer.url],
    ["sub", isName, subject],
    ["aud", (value) => typeof value === "string" || isTexts(value), issuer.audience],
    ["exp", isTime, time + 60],
    ["iat", isTime, time],
    ["nbf", absent(isTime), undefined],
    ["jti", absent(isName), undefined],
    ["scope", absent((value) => typeof value === "string" && splitScopes(value) !== undefined), undefined],
    ["cnf", absent((value) => isObject(value) && ["x5t#S256", "jkt"].every((n) => isText(own(value, n)))), undefined],
  ];
  const changes = registered.filter(([name, fits]) => !fits(own(token, name))).map(([name, , to]) => claim(name, to));
  for (const declared of issuer.claims) {
    const value = own(token, declared.name);
    if (!fitsClaim(declared, value))
      changes.push(claim(declared.name, declared.optional ? undefined : valueFor(declared)));
  }
  return changes;
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function claim(name: string, to: unknown): Change {
  return inRequest(["token", name], to);
}

/** The caller with each credential that its tier accepts. */
function presentations(identity: Identity, scene: Scene): Repairs {
  const tier = scene.lookup.tier(identity.tier);
  return simplestFirst
    .filter((method) => tier?.authentication.includes(method))
    .flatMap((method): Repairs => {
      const key = identity.keys[0];
      if (method === "key") return key ? [[inRequest(["key", "id"], key.id)]] : [];
      if (!isExact(identity)) return [];
      if (method === "svid")
        return identity.subject?.startsWith("spiffe://") ? [[inRequest(["peer", "spiffe"], identity.subject)]] : [];
      const issuer = scene.question.loaded.model.issuers.find((i) => i.name === identity.issuer);
      return issuer && tier
        ? [[inRequest(["token"], tokenOf(identity, issuer, tier, method, scene)), ...proofOf(method)]]
        : [];
    });
}

function tokenOf(identity: Identity, issuer: Issuer, tier: Tier, method: Method, scene: Scene): object {
  const time = scene.input?.time ?? 0;
  const lifetime = (method === "bearer" ? tier.tokenLifetime.bearer : tier.tokenLifetime.bound) ?? 0;
  const required = issuer.claims.filter((c) => !c.optional).map((c) => [c.name, valueFor(c)]);
  return {
    iss: issuer.url,
    sub: identity.subject,
    aud: issuer.audience,
    iat: time,
    exp: time + lifetime,
    ...(tier.revokesTokens && { jti: "new" }),
    ...(scene.found && { scope: scene.found.operation.scopes.join(" ") }),
    ...Object.fromEntries(required),
    ...(method === "mtls" && { cnf: { "x5t#S256": anyKey } }),
    ...(method === "dpop" && { cnf: { jkt: anyKey } }),
  };
}

function proofOf(method: Method): readonly Change[] {
  if (method === "mtls") return [inRequest(["peer", "x5t#S256"], anyKey)];
  return method === "dpop" ? [inRequest(["proof", "jkt"], anyKey)] : [];
}

/** Row 5: the same caller presents itself in a way that its tier accepts. */
export function repairPresentation(credential: Credential, tier: Tier, scene: Scene): Repairs {
  if (credential.kind !== "token") return presentations(credential.identity, scene);
  const bound = credential.token.confirmation;
  return tier.authentication.flatMap((method): Repairs => {
    switch (method) {
      case "mtls":
        return [bindTo("x5t#S256", "peer", bound?.certificate, scene.input?.peer?.["x5t#S256"])];
      case "dpop":
        return [bindTo("jkt", "proof", bound?.key, scene.input?.proof?.jkt)];
      case "bearer":
        return [[claim("cnf", undefined)]];
      default:
        return presentations(credential.identity, scene)
          .filter((changes) => changes.some((change) => change.at[0] === (method === "key" ? "key" : "peer")))
          .map((changes) => [inRequest(["token"]), ...changes]);
    }
  });
}

/** What is already proved, or already asked for, stays; else both sides become the same. */
function bindTo(
  member: string,
  proved: string,
  asked: string | undefined,
  shown: string | undefined,
): readonly Change[] {
  if (asked !== undefined) return [inRequest([proved, member], asked)];
  const binding = inRequest(["token", "cnf", member], shown ?? anyKey);
  return shown === undefined ? [binding, inRequest([proved, member], anyKey)] : [binding];
}
