/** Steps 7 to 9: what the token carries, what is granted, what is denied. */
import { type Condition, type Fact, readsAge } from "./condition.ts";
import type { Credential } from "./credential.ts";
import type { Input, Revocations } from "./decision.ts";
import { evaluateCondition, type Read, type Reading } from "./evaluate-condition.ts";
import { own } from "./input-shape.ts";
import { parseIp } from "./ip.ts";
import type { FoundOperation, Lookup } from "./lookup.ts";
import type { Deny, Grant } from "./model.ts";
import { has } from "./revoked.ts";

/** What steps 1 to 6 have established. */
export interface Call {
  readonly input: Input;
  readonly lookup: Lookup;
  readonly revocations: Revocations;
  readonly credential: Credential;
  readonly found: FoundOperation;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Step 7: needed scopes that the token does not carry. An SVID or a key carries what it is granted. */
export function missingScopes({ credential, lookup, found }: Call): readonly string[] {
  if (credential.kind !== "token") return [];
  const carried = lookup.scopesOfToken(credential.token.issuer, credential.token.scopes);
  return found.operation.scopes.filter((scope) => !carried.has(scope));
}

/** Step 8, per needed scope: how far each grant that names it comes. */
export type GrantState = "applies" | "condition" | "inactive";

export function grantsFor(call: Call, scope: string): readonly { readonly grant: Grant; readonly state: GrantState }[] {
  return call.lookup
    .grantsTo(call.credential.identity.name)
    .filter((grant) => grant.scopes.includes(scope) && reaches(grant, call.found))
    .map((grant) => ({ grant, state: stateOf(grant, call) }));
}

function stateOf(grant: Grant, call: Call): GrantState {
  if (!inForce(grant, call.input.time) || has(call.revocations.grants, grant.name)) return "inactive";
  return grant.when === undefined || holdsFor(grant.when, call) === true ? "applies" : "condition";
}

/** Step 9. A deny whose condition cannot be read applies, and no revocation lifts one. */
export function denyThatApplies(call: Call): Deny | undefined {
  return deniesAgainst(call).find(
    (deny) => inForce(deny, call.input.time) && (deny.when === undefined || holdsFor(deny.when, call) !== false),
  );
}

/** The denies that are about this caller and operation, at any time. */
function deniesAgainst({ lookup, credential, found }: Call): readonly Deny[] {
  return lookup
    .deniesTo(credential.identity.name)
    .filter((deny) => deny.scopes.some((scope) => found.operation.scopes.includes(scope)) && reaches(deny, found));
}

/** When time alone may decide otherwise: where a deny begins, and with every second where a condition reads the age of the token. */
export function turnsOf(call: Call, grants: readonly Grant[]): readonly number[] {
  const { time } = call.input;
  const denies = deniesAgainst(call);
  const turns = denies.flatMap(({ from = 0 }) => (from > time ? [from] : []));
  const rules = [...grants, ...denies].filter(({ until = Number.POSITIVE_INFINITY }) => time < until);
  return rules.some(({ when }) => when && readsAge(when, call.lookup.condition)) ? [...turns, time + 1] : turns;
}

/** Whether the rule is on the API of the operation. */
export function reaches(rule: Grant | Deny, found: FoundOperation): boolean {
  return rule.on === undefined || rule.on.includes(found.api.name);
}

function inForce(rule: Grant | Deny, time: number): boolean {
  return (rule.from === undefined || rule.from <= time) && (rule.until === undefined || time < rule.until);
}

export function holdsFor(condition: Condition, call: Call): boolean | "unknown" {
  return evaluateCondition(condition, call.lookup.condition, readFactsOf(call));
}

const unknown: Reading = { state: "unknown" };

export function readFactsOf({ input, credential, parameters }: Call): Read {
  const token = credential.kind === "token" ? credential.token : undefined;
  const known = (value: Extract<Reading, { state: "known" }>["value"]): Reading => ({ state: "known", value });
  return (fact: Fact): Reading => {
    switch (fact.kind) {
      case "claim": {
        if (token?.issuer.name !== fact.issuer) return unknown;
        const value = own(token.claims, fact.name);
        return value === undefined ? { state: "absent" } : known(value as string); // the schema has checked its type
      }
      case "parameter": {
        const value = parameters.get(fact.name);
        return value === undefined || value.includes("%") ? unknown : known(value);
      }
      case "request": {
        const value = input.request[fact.name];
        return value === undefined || (fact.name === "ip" && !parseIp(value)) ? unknown : known(value);
      }
      case "header": {
        const value = own(input.request.headers ?? {}, fact.name);
        if (value === undefined) return { state: "absent" };
        if (typeof value === "string") return known(value);
        const [only, ...more] = value as readonly string[];
        return only === undefined || more.length > 0 ? unknown : known(only);
      }
      case "token":
        if (!token) return unknown;
        return known(fact.name === "age" ? input.time - token.issued : token.expires - token.issued);
      case "identity":
        return known(credential.identity[fact.name]);
    }
  };
}
