/** Which grants and denies came near a request, and what each one lacked to decide it. */
import { type Call, type Deny, type Grant, has, holdsFor, type Model, reaches } from "../model/index.ts";
import { dateOf } from "./change.ts";
import { whatIsLacking } from "./condition-words.ts";

export interface Lack {
  readonly kind: "api" | "begins" | "condition" | "ended" | "holder" | "revoked" | "scope";
  readonly words: string;
}

export interface NearRule {
  readonly kind: "deny" | "grant";
  readonly name: string;
  /** The needed scopes that it names. */
  readonly scopes: readonly string[];
  /** Empty when it applies. */
  readonly lacks: readonly Lack[];
}

/** The order in which rules are offered: what is hardest to come by weighs most. */
const weights: Readonly<Record<Lack["kind"], number>> = {
  condition: 1,
  begins: 2,
  ended: 2,
  revoked: 2,
  api: 4,
  holder: 5,
  scope: 6,
};

const most = 5;

/** At most five, those that lack least first. */
export function nearRules(model: Model, call: Call): readonly NearRule[] {
  const names = (rule: Grant | Deny) => rule.scopes.some((scope) => call.found.operation.scopes.includes(scope));
  const own = new Set<Grant | Deny>(call.lookup.grantsTo(call.credential.identity.name));
  const grants = model.grants.filter((grant) => names(grant) || (own.has(grant) && reaches(grant, call.found)));
  const denies = call.lookup.deniesTo(call.credential.identity.name).filter(names);
  const near = [
    ...denies.map((deny) => lacksOf("deny", deny, call, true)),
    ...grants.map((grant) => lacksOf("grant", grant, call, own.has(grant))),
  ];
  const ranked = near.map((rule) => ({ rule, weight: rule.lacks.reduce((sum, lack) => sum + weights[lack.kind], 0) }));
  ranked.sort((a, b) => a.weight - b.weight || (a.rule.name < b.rule.name ? -1 : 1));
  return ranked.slice(0, most).map(({ rule }) => rule);
}

function lacksOf(kind: NearRule["kind"], rule: Grant | Deny, call: Call, held: boolean): NearRule {
  const { identity } = call.credential;
  const { scopes } = call.found.operation;
  const { time } = call.input;
  const lacks: Lack[] = [];
  const lack = (kind: Lack["kind"], words: string) => lacks.push({ kind, words });
  const named = scopes.filter((scope) => rule.scopes.includes(scope));
  if (named.length === 0) lack("scope", `does not name ${scopes.map((scope) => `\`${scope}\``).join(" or ")}`);
  if (!held) lack("holder", `is not to \`${identity.name}\``);
  if (!reaches(rule, call.found))
    lack("api", `is on ${rule.on?.map((name) => `\`${name}\``).join(", ")}, not on \`${call.found.api.name}\``);
  if (rule.from !== undefined && time < rule.from) lack("begins", `begins at ${dateOf(rule.from)}`);
  if (rule.until !== undefined && rule.until <= time) lack("ended", `ended at ${dateOf(rule.until)}`);
  if (kind === "grant" && has(call.revocations.grants, rule.name)) lack("revoked", "is revoked");
  // An unknown fact keeps a grant from applying, and makes a deny apply.
  const met = rule.when === undefined || holdsFor(rule.when, call);
  if (rule.when && (kind === "grant" ? met !== true : met === false))
    for (const words of whatIsLacking(rule.when, call)) lack("condition", words);
  return { kind, name: rule.name, scopes: named, lacks };
}
