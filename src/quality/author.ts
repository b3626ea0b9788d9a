/** A request as the author of an example would say it: who calls, what, when, with which claims; only what is unusual is spelled out. */
import { isDeepStrictEqual } from "node:util";
import { type Caller, defaultMethod, fillIn, type Json, type JsonObject, type Said } from "../check/index.ts";
import {
  type Identity,
  type Input,
  isObject,
  isPatternSubject,
  lookupIn,
  type Method,
  type Model,
  matchesSpiffe,
  own,
  type Revocations,
  splitScopes,
} from "../model/index.ts";

/** What was asked, and what was known. */
export interface Asked {
  readonly input: Input;
  readonly revocations?: Revocations;
}

/**
 * In the words of `example`. `undefined` where a request is of nobody whom the estate knows, or says what no example can.
 *
 * @param meant who calls, where the credential does not say it
 */
export function saidOf(model: Model, { input, revocations }: Asked, meant?: string): Said | undefined {
  const identity = callerOf(model, input) ?? model.identities.find(({ name }) => name === meant);
  const presents = input.token !== undefined || input.peer?.spiffe !== undefined || input.key !== undefined;
  if (presents && !identity) return undefined;
  const caller = identity && presents ? asCaller(model, identity) : undefined;
  const { host, method, path, ip, headers } = input.request;
  const known = revocationsOf(revocations, input.time);
  const call = {
    method,
    host,
    path,
    time: input.time,
    ...(ip !== undefined && { ip }),
    ...(headers && { headers }),
    ...(known && { revocations: known }),
  };
  if (!caller) return call;
  const presented = methodOf(input);
  const usual: Said = {
    ...call,
    caller,
    ...credentialOf(caller, input, presented),
    ...(presented !== defaultMethod(caller) && { presented }),
  };
  return withOverrides(usual, input);
}

function asCaller(model: Model, identity: Identity): Caller | undefined {
  const tier = model.tiers.find(({ name }) => name === identity.tier);
  const issuer = model.issuers.find(({ name }) => name === identity.issuer);
  return tier && { identity, tier, ...(issuer && { issuer }) };
}

function callerOf(model: Model, { token, peer, key }: Input): Identity | undefined {
  const lookup = lookupIn(model);
  if (token) {
    const [url, subject] = [own(token, "iss"), own(token, "sub")];
    const issuer = typeof url === "string" ? lookup.issuerByUrl(url) : undefined;
    return issuer && typeof subject === "string" ? lookup.identityOfToken(issuer.name, subject) : undefined;
  }
  if (peer?.spiffe !== undefined) return lookup.identityOfSpiffe(peer.spiffe);
  return key?.id === undefined ? undefined : lookup.identityOfKey(key.id)?.identity;
}

/** As it would be presented; whether it is accepted so is another matter. */
function methodOf({ token, peer }: Input): Method {
  if (!token) return peer?.spiffe === undefined ? "key" : "svid";
  const confirmation = own(token, "cnf");
  if (!isObject(confirmation)) return "bearer";
  return own(confirmation, "x5t#S256") === undefined ? "dpop" : "mtls";
}

/** What of a request an example says of its credential. */
type SaidCredential = { readonly [Name in "claims" | "key" | "scopes" | "subject"]?: NonNullable<Said[Name]> };

function credentialOf({ identity, issuer }: Caller, { token, peer, key }: Input, presented: Method): SaidCredential {
  const named = identity.subject ?? "";
  const subject = token ? own(token, "sub") : peer?.spiffe;
  // Whoever presents what is another's says so beside what is its own.
  const fits = typeof subject === "string" && matchesSpiffe(named, subject);
  const pattern: SaidCredential = isPatternSubject(named)
    ? { subject: fits ? subject : named.replaceAll("*", "any") }
    : {};
  if (presented === "key") return key?.id === undefined ? {} : { key: key.id };
  if (!token) return pattern;
  const claims = (issuer?.claims ?? []).flatMap(({ name }) => {
    const value = own(token, name);
    return value === undefined ? [] : [[name, value as Json] as const];
  });
  const scope = own(token, "scope");
  const scopes = typeof scope === "string" ? splitScopes(scope) : undefined;
  return {
    ...pattern,
    ...(claims.length > 0 && { claims: Object.fromEntries(claims) }),
    ...(scopes && scopes.length > 0 && { scopes }),
  };
}

function revocationsOf(revocations: Revocations | undefined, time: number): Said["revocations"] | undefined {
  if (!revocations) return "absent";
  const age = time - revocations.at;
  return age > 0 ? { age, names: {} } : undefined;
}

const holders = ["token", "peer", "proof"] as const;

/** Whatever is still otherwise than what is filled in is said as it is. */
function withOverrides(said: Said, input: Input): Said | undefined {
  const filled = fillIn(said).input;
  const overrides = holders.flatMap((holder) => {
    const difference = differenceOf(filled[holder] as JsonObject | undefined, input[holder] as JsonObject | undefined);
    return Object.keys(difference).length > 0 ? [[holder, difference] as const] : [];
  });
  const whole: Said = { ...said, ...Object.fromEntries(overrides) };
  return isDeepStrictEqual(withoutEmpty(fillIn(whole).input), withoutEmpty(input)) ? whole : undefined;
}

/** A holder that says nothing is as good as none. */
function withoutEmpty(input: Input): Input {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => !(isObject(value) && Object.keys(value).length === 0)),
  ) as unknown as Input;
}

function differenceOf(filled: JsonObject = {}, wanted: JsonObject = {}): JsonObject {
  const names = [...new Set([...Object.keys(filled), ...Object.keys(wanted)])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const [is, should] = [filled[name], wanted[name]];
      return isDeepStrictEqual(is, should) ? [] : [[name, should]];
    }),
  );
}
