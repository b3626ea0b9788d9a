/** Holds stock OPA on the generated Rego against the reference evaluator. */
import { isDeepStrictEqual } from "node:util";
import { type Decision, decide, type Model, type Policy } from "../../src/model/index.ts";
import { emitRego } from "../../src/rego/index.ts";
import type { Random } from "../random.ts";
import { type Answer, askOpa } from "./ask-opa.ts";
import type { Scenario } from "./scenario.ts";

export interface Difference extends Question {
  readonly reference: Decision;
  readonly opa: Answer;
}

const policy: Policy = { revision: "", sequence: 0, notBefore: 0, notAfter: 0 };

/** The decisions of the reference, and where OPA says anything else. */
export function compare(
  model: Model,
  scenarios: readonly Scenario[],
  random?: Random,
): { readonly decisions: readonly Decision[]; readonly differences: readonly Difference[] } {
  // Both ways in which conditions are emitted.
  const artefacts = emitRego(model, { policy, ...(random?.chance(0.4) && { ownConditions: 2 }) });
  const answers = askOpa(artefacts, scenarios, random);
  const decisions: Decision[] = [];
  const differences: Difference[] = [];
  for (const [number, scenario] of scenarios.entries()) {
    const { input, ...loaded } = scenario;
    const reference = decide({ model, ...loaded }, input);
    const opa = answers[number]!;
    decisions.push(reference);
    const same =
      isDeepStrictEqual(plain(reference), opa.decision) && (opa.allow === undefined || opa.allow === reference.allow);
    if (!same) differences.push({ model, scenario, reference, opa });
  }
  return { decisions, differences };
}

/** As JSON has it: own members only, `__proto__` among them. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

export interface Question {
  readonly model: Model;
  readonly scenario: Scenario;
}

/**
 * The same difference on a smaller estate and a smaller question: leaves out what does not matter.
 *
 * @param differ finds the difference again where there still is one; what it throws counts as none
 */
export function minimise<D extends Question>(difference: D, differ: (question: Question) => D | undefined): D {
  let smallest = difference;
  for (let progress = true; progress; ) {
    progress = false;
    for (const candidate of smaller(smallest)) {
      const found = attempt(differ, candidate);
      if (!found) continue;
      smallest = found;
      progress = true;
      break;
    }
  }
  return smallest;
}

/** A part may be needed for the rest to compile: then it stays. */
function attempt<D>(differ: (question: Question) => D | undefined, question: Question): D | undefined {
  try {
    return differ(question);
  } catch {
    return undefined;
  }
}

/** Where OPA says something else than the reference to one question. */
export function differs({ model, scenario }: Question): Difference | undefined {
  return compare(model, [scenario]).differences[0];
}

function* smaller({ model, scenario }: Question): Generator<Question> {
  for (const part of [
    "grants",
    "denies",
    "conditions",
    "groups",
    "identities",
    "apis",
    "scopes",
    "issuers",
    "tiers",
  ] as const) {
    const items = model[part] as readonly unknown[];
    // Large pieces first: of a large estate next to nothing matters.
    for (let size = Math.ceil(items.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let start = 0; start < items.length; start += size)
        yield { model: { ...model, [part]: items.toSpliced(start, size) }, scenario };
    }
  }
  for (const [index, api] of model.apis.entries()) {
    for (const operation of api.operations) {
      const fewer = { ...api, operations: api.operations.filter((o) => o !== operation) };
      yield { model: { ...model, apis: model.apis.with(index, fewer) }, scenario };
    }
  }
  for (const input of withoutMembers(scenario.input)) yield { model, scenario: { ...scenario, input } };
  for (const revocations of withoutMembers(scenario.revocations))
    yield { model, scenario: { ...scenario, revocations } };
}

function* withoutMembers(value: unknown): Generator<unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const entries = Object.entries(value);
  for (const [name] of entries) yield Object.fromEntries(entries.filter(([n]) => n !== name));
  for (const [name, member] of entries) {
    for (const fewer of withoutMembers(member))
      yield Object.fromEntries(entries.map((e) => (e[0] === name ? [name, fewer] : e)));
  }
}
