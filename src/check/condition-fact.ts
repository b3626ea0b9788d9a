/** What `r` holds: the facts of a request by name, their types, and how far each can be trusted. */
import { type Diagnostic, report } from "../diagnostics/index.ts";
import { type Claim, type Fact, factKey } from "../model/index.ts";
import type { Expression } from "../syntax/index.ts";
import type { FoundFact, Step } from "./condition-language.ts";
import { claimType, optional, type Type, textOf, types } from "./condition-type.ts";
import { nearest } from "./nearest.ts";
import { verbs } from "./verbs.ts";

/** Whose claims can be read, where the credentials of all who are meant come from one issuer. */
export interface ClaimSource {
  readonly name: string;
  readonly claims: readonly Claim[];
}

/** *Verified* by cryptography or compiled in, *asserted* by the gateway, or *claimed* by the client. */
export type Provenance = "verified" | "asserted" | "claimed";

/** Method, host, path and its parameters are what is being decided: nobody gains by changing them. */
export function provenance(fact: Fact): Provenance {
  if (fact.kind === "header") return "claimed";
  return fact.kind === "request" && fact.name === "ip" ? "asserted" : "verified";
}

/** What stands under a name: a fact, a group of named ones, or a group that any name is in. */
type Place =
  | { readonly kind: "fact"; readonly fact: Fact; readonly type: Type }
  | { readonly kind: "group"; readonly places: ReadonlyMap<string, Place> }
  | { readonly kind: "claims" }
  | { readonly kind: "parameters" }
  | { readonly kind: "headers" };

function fact(found: Fact, type: Type): Place {
  return { kind: "fact", fact: found, type };
}

function group(places: Readonly<Record<string, Place>>): Place {
  return { kind: "group", places: new Map(Object.entries(places)) };
}

const request = group({
  claims: { kind: "claims" },
  params: { kind: "parameters" },
  request: group({
    method: fact({ kind: "request", name: "method" }, textOf(verbs)),
    host: fact({ kind: "request", name: "host" }, types.text),
    path: fact({ kind: "request", name: "path" }, types.text),
    ip: fact({ kind: "request", name: "ip" }, types.address),
    headers: { kind: "headers" },
  }),
  token: group({
    age: fact({ kind: "token", name: "age" }, types.number),
    lifetime: fact({ kind: "token", name: "lifetime" }, types.number),
  }),
  identity: group({
    name: fact({ kind: "identity", name: "name" }, types.text),
    owner: fact({ kind: "identity", name: "owner" }, types.text),
    tags: fact({ kind: "identity", name: "tags" }, types.texts),
    tier: fact({ kind: "identity", name: "tier" }, types.tier),
  }),
});

/** The fact that `steps` lead to from `r`. Without an issuer there are no claims. */
export function requestFact(
  steps: readonly Step[],
  path: Expression,
  issuer: ClaimSource | undefined,
  say: (diagnostic: Diagnostic) => void,
): FoundFact<Fact> | undefined {
  let place: Place = request;
  for (const [i, step] of steps.entries()) {
    const next = enter(place, step, issuer, say);
    if (!next) return undefined;
    if (next.kind === "fact" && i < steps.length - 1) {
      const beyond = steps[i + 1];
      if (beyond) say(report("WRIT2217", beyond.expression.span, { name: beyond.name }));
      return undefined;
    }
    place = next;
  }
  if (place.kind === "fact") return { fact: place.fact, key: factKey(place.fact), type: place.type };
  say(report("WRIT2205", path.span, {}, { help: `name what you mean of it: ${examplesOf(place, issuer)}` }));
  return undefined;
}

function enter(
  place: Place,
  step: Step,
  issuer: ClaimSource | undefined,
  say: (diagnostic: Diagnostic) => void,
): Place | undefined {
  const { name } = step;
  const { span } = step.expression;
  switch (place.kind) {
    case "fact":
      return undefined;
    case "group": {
      const next = place.places.get(name);
      if (!next) say(report("WRIT2202", span, { name }, { help: suggest(name, [...place.places.keys()]) }));
      return next;
    }
    case "claims": {
      if (!issuer) {
        say(report("WRIT2204", span, { name }));
        return undefined;
      }
      const claim = issuer.claims.find((c) => c.name === name);
      if (claim) return fact({ kind: "claim", issuer: issuer.name, name }, claimType(claim));
      const declared = issuer.claims.map((c) => c.name);
      say(report("WRIT2203", span, { name, issuer: issuer.name }, { help: suggest(name, declared) }));
      return undefined;
    }
    case "parameters":
      if (inherited.has(name)) return refuseInherited(step, say);
      return fact({ kind: "parameter", name }, types.text);
    case "headers":
      if (inherited.has(name)) return refuseInherited(step, say);
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
        say(report("WRIT2239", span, { name })); // RFC 9110 §5.1
      else if (name !== name.toLowerCase()) say(report("WRIT2228", span, { name, lower: name.toLowerCase() }));
      return fact({ kind: "header", name: name.toLowerCase() }, optional(types.text));
  }
}

/** Names that mean something else on every object, so that no editor can type them as what they are here. */
const inherited: ReadonlySet<string> = new Set([
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "toLocaleString",
  "toString",
  "valueOf",
]);

function refuseInherited({ name, expression }: Step, say: (diagnostic: Diagnostic) => void): undefined {
  say(
    report(
      "WRIT2202",
      expression.span,
      { name },
      { help: "give it another name: every object has something of that name" },
    ),
  );
}

function suggest(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return candidates.length > 0 ? `there is ${list(candidates)}` : "declare it in the issuer's `claims`";
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((n) => `\`${n}\``);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}

function examplesOf(place: Place, issuer: ClaimSource | undefined): string {
  switch (place.kind) {
    case "claims":
      return issuer && issuer.claims.length > 0 ? list(issuer.claims.map((c) => c.name)) : "none is declared";
    case "parameters":
      return "`r.params.id` for `{id}` in the operation's path";
    case "headers":
      return '`r.request.headers["x-name"]`';
    case "group":
      return list([...place.places.keys()]);
    case "fact":
      return "";
  }
}
