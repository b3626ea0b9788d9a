/** What one example exercises: everything that the decision procedure looked at, and how it came out. */
import {
  type Call,
  type Condition,
  type Credential,
  type Decision,
  type Deny,
  type Example,
  type FoundOperation,
  type Grant,
  type GrantState,
  grantsFor,
  holdsFor,
  type Method,
  type Model,
  presentedBy,
  type Row,
  reaches,
  rows,
} from "../model/index.ts";
import { sceneOf } from "../why/index.ts";
import { decisive, leafKey } from "./leaves.ts";

/** A grant or a deny whose turn it was. */
export interface Tried<R> {
  readonly rule: R;
  /** Whether it was in force, and then what its condition said. */
  readonly outcome: boolean | "inactive" | "unknown";
}

export interface Exercise {
  readonly example: Example;
  readonly decision: Decision;
  readonly passed: ReadonlySet<Row>;
  readonly failed?: Row;
  readonly credential?: Credential;
  readonly found?: FoundOperation;
  readonly methods: readonly Method[];
  readonly grants: readonly Tried<Grant>[];
  readonly denies: readonly Tried<Deny>[];
  /** What comparisons said where they decided: `grant acmeOrders 0 true`. */
  readonly leaves: ReadonlySet<string>;
  /** What conditions said, rules and named ones: `condition ownTenant true`. */
  readonly conditions: ReadonlySet<string>;
}

export function exercise(model: Model, example: Example): Exercise {
  const { policy, revocations, input } = example;
  const scene = sceneOf({ loaded: { model, policy, revocations }, input });
  const { decision, observations, call } = scene;
  const credential = typeof scene.credential === "object" ? scene.credential : undefined;
  const passed = new Set(observations.flatMap((o) => (o.passed ? [o.row] : [])));
  const failed = observations.find((o) => !o.passed)?.row;
  const conditions = new Set<string>();
  const leaves = new Set<string>();
  const seen = (row: Row): boolean => passed.has(row) || failed === row;
  const listen = (owner: string, when: Condition | undefined, place: Call): boolean | "unknown" => {
    if (when === undefined) return true;
    return hear(owner, when, place, conditions, leaves);
  };
  const grants = call && seen(rows.scopesGranted) ? triedGrants(call, listen) : [];
  const denies = call && seen(rows.notDenied) ? triedDenies(call, listen) : [];
  return {
    example,
    decision,
    passed,
    ...(failed && { failed }),
    ...(credential && { credential }),
    ...(scene.found && { found: scene.found }),
    methods: credential && scene.input ? presentedBy(credential, scene.input) : [],
    grants,
    denies,
    leaves,
    conditions,
  };
}

type Listen = (owner: string, when: Condition | undefined, call: Call) => boolean | "unknown";

function triedGrants(call: Call, listen: Listen): readonly Tried<Grant>[] {
  const states = new Map<Grant, GrantState>();
  for (const scope of call.found.operation.scopes)
    for (const { grant, state } of grantsFor(call, scope)) states.set(grant, state);
  return [...states].map(([rule, state]) => ({
    rule,
    outcome: state === "inactive" ? state : listen(`grant ${rule.name}`, rule.when, call),
  }));
}

function triedDenies(call: Call, listen: Listen): readonly Tried<Deny>[] {
  const { lookup, credential, found, input } = call;
  const against = lookup
    .deniesTo(credential.identity.name)
    .filter((deny) => deny.scopes.some((scope) => found.operation.scopes.includes(scope)) && reaches(deny, found));
  return against.map((rule) => {
    const { from = 0, until = Number.POSITIVE_INFINITY } = rule;
    const inForce = from <= input.time && input.time < until;
    return { rule, outcome: inForce ? listen(`deny ${rule.name}`, rule.when, call) : "inactive" };
  });
}

/** Notes what the condition says, what each named condition in it says, and which comparisons decided. */
function hear(
  owner: string,
  when: Condition,
  call: Call,
  conditions: Set<string>,
  leaves: Set<string>,
): boolean | "unknown" {
  const named = call.lookup.condition;
  const outcome = holdsFor(when, call);
  conditions.add(`${owner} ${outcome}`);
  for (const name of namesIn(when, named)) conditions.add(`condition ${name} ${holdsFor(named(name), call)}`);
  if (outcome === "unknown") return outcome;
  for (const { leaf, value } of decisive(owner, when, named, (part) => holdsFor(part, call) === true))
    leaves.add(`${leafKey(leaf)} ${value}`);
  return outcome;
}

function namesIn(condition: Condition, named: (name: string) => Condition): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (part: Condition): void => {
    if (part.kind === "and" || part.kind === "or") for (const each of part.of) visit(each);
    else if (part.kind === "not") visit(part.of);
    else if (part.kind === "named" && !names.has(part.name)) {
      names.add(part.name);
      visit(named(part.name));
    }
  };
  visit(condition);
  return names;
}
