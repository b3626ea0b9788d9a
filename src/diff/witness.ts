/** A request that shows a change, decided by both policies. */
import { assert } from "../diagnostics/index.ts";
import { type Decision, decide, type Model, type Policy } from "../model/index.ts";
import type { Question } from "../space/index.ts";
import type { ChangeKind, Witness } from "./change.ts";
import { type Comparisons, example } from "./compare.ts";
import { type Rectangle, regionIn, type Way } from "./gather.ts";

/** A policy that is in force whenever the request comes. */
export const witnessPolicy: Policy = {
  revision: "1-0000000000000000",
  sequence: 1,
  notBefore: 0,
  notAfter: Number.MAX_SAFE_INTEGER,
};

export function witnessOf(
  [caller, operation]: Rectangle["example"],
  way: Way,
  models: { readonly before: Model; readonly after: Model },
  comparisons: Comparisons,
): Witness {
  const compared = comparisons.of(caller, operation);
  const region = regionIn(compared, way);
  assert(region, "a change that is found only once");
  const question = example(compared, region);
  const [before, after] = [decideBy(models.before, question), decideBy(models.after, question)];
  const kind = kindOf(before, after);
  assert(kind === way.kind, `a witness of a ${kind} for a ${way.kind}`);
  return { ...question, before, after };
}

export function decideBy(model: Model, { input, revocations }: Question): Decision {
  return decide({ model, policy: witnessPolicy, revocations }, input);
}

/** How two decisions of one request differ. */
export function kindOf(before: Decision, after: Decision): ChangeKind | undefined {
  if (!before.allow) {
    if (after.allow) return "gain";
    return before.reason === after.reason ? undefined : "reason";
  }
  if (!after.allow) return "loss";
  if (!sameTexts(before.headers, after.headers)) return "headers";
  return before.until === after.until ? undefined : "until";
}

function sameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
