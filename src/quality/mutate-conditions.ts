/** Careless edits of conditions: a part that is gone, a comparison the other way round, a bound that moved, a set that grew. */
import type { Claim, Comparison, Condition, Fact, Model } from "../model/index.ts";
import { conditionText } from "./condition-text.ts";
import { type Declaration, declarationOf, type Places } from "./declarations.ts";
import { edited, type Mutant, type MutantKind } from "./mutant.ts";

interface Edit {
  readonly kind: MutantKind;
  readonly words: string;
  /** Absent: there is no condition any more. */
  readonly to?: Condition;
}

export function conditionMutants(model: Model, places: Places): readonly Mutant[] {
  const denyOnly = new Set(
    model.conditions
      .filter(({ name }) => !model.grants.some(({ when }) => when && names(when, model).has(name)))
      .map(({ name }) => name),
  );
  return [
    ...model.conditions.flatMap(({ name, when }) =>
      editsOf(when, !denyOnly.has(name), model)
        .filter(({ to }) => to !== undefined)
        .map(
          (edit): Mutant => ({
            ...about(edit, declarationOf("condition", name, places)),
            make: () => ({
              ...model,
              conditions: edited(model.conditions, name, (one) => ({ ...one, when: edit.to ?? one.when })),
            }),
          }),
        ),
    ),
    ...model.grants.flatMap(({ name, when }) =>
      (when ? editsOf(when, true, model) : []).map(
        (edit): Mutant => ({
          ...about(edit, declarationOf("grant", name, places)),
          make: () => ({ ...model, grants: edited(model.grants, name, (grant) => withCondition(grant, edit.to)) }),
        }),
      ),
    ),
    ...model.denies.flatMap(({ name, when }) =>
      (when ? editsOf(when, false, model) : []).flatMap((edit): readonly Mutant[] =>
        // A deny without its condition denies more; nobody is let in by that, and whoever needs access complains.
        edit.to === undefined
          ? []
          : [
              {
                ...about(edit, declarationOf("deny", name, places)),
                make: () => ({ ...model, denies: edited(model.denies, name, (deny) => withCondition(deny, edit.to)) }),
              },
            ],
      ),
    ),
  ];
}

function about({ kind, words }: Edit, of: Declaration): Pick<Mutant, "kind" | "of" | "words"> {
  return { kind, of, words };
}

function withCondition<R extends { readonly when?: Condition }>(rule: R, to: Condition | undefined): R {
  const { when: _, ...rest } = rule;
  return { ...rest, ...(to && { when: to }) } as R;
}

function names(condition: Condition, model: Model): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: Condition): void => {
    if (part.kind === "and" || part.kind === "or") for (const each of part.of) visit(each);
    else if (part.kind === "not") visit(part.of);
    else if (part.kind === "named" && !found.has(part.name)) {
      found.add(part.name);
      const there = model.conditions.find(({ name }) => name === part.name);
      if (there) visit(there.when);
    }
  };
  visit(condition);
  return found;
}

/** @param widens whether access grows with the condition: in a grant it does, in a deny it shrinks */
function editsOf(condition: Condition, widens: boolean, model: Model): readonly Edit[] {
  const edits: Edit[] = [{ kind: "condition-dropped", words: "its condition is gone" }];
  const visit = (part: Condition, grows: boolean, rebuild: (to: Condition) => Condition): void => {
    switch (part.kind) {
      case "and":
      case "or":
        part.of.forEach((one, i) => {
          const rest = part.of.toSpliced(i, 1);
          // Of a conjunction each part that goes lets more through; of a disjunction, less.
          if ((part.kind === "and") === grows)
            edits.push({
              kind: grows === widens ? "conjunct-dropped" : "deny-narrowed",
              words: `\`${conditionText(one)}\` is gone from its condition`,
              to: rebuild(rest.length === 1 && rest[0] ? rest[0] : { ...part, of: rest }),
            });
          visit(one, grows, (to) => rebuild({ ...part, of: part.of.with(i, to) }));
        });
        return;
      case "not":
        visit(part.of, !grows, (to) => rebuild({ kind: "not", of: to }));
        return;
      case "constant":
      case "named":
        return;
      default:
        edits.push(...leafEdits(part, grows, model).map((edit) => ({ ...edit, to: rebuild(edit.to) })));
    }
  };
  visit(condition, widens, (to) => to);
  return edits;
}

type LeafEdit = Edit & { readonly to: Condition };

function leafEdits(leaf: Condition, grows: boolean, model: Model): readonly LeafEdit[] {
  const became = (kind: MutantKind, to: Condition): LeafEdit => ({
    kind,
    words: `\`${conditionText(leaf)}\` became \`${conditionText(to)}\``,
    to,
  });
  return [
    became("comparison-negated", { kind: "not", of: leaf }),
    ...moved(leaf).map((to) => became("comparison-moved", to)),
    ...(grows ? widened(leaf, model) : narrowed(leaf)).map((to) => became("comparison-widened", to)),
  ];
}

const neighbours: Readonly<Partial<Record<Comparison, Comparison>>> = {
  greater: "greater-or-equal",
  "greater-or-equal": "greater",
  less: "less-or-equal",
  "less-or-equal": "less",
};

/** `<=` for `<`, and so on. */
function moved(leaf: Condition): readonly Condition[] {
  const operator = leaf.kind === "compare" ? neighbours[leaf.operator] : undefined;
  return leaf.kind === "compare" && operator ? [{ ...leaf, operator }] : [];
}

function widened(leaf: Condition, model: Model): readonly Condition[] {
  switch (leaf.kind) {
    case "compare": {
      const other = leaf.operator === "equal" ? another(leaf.fact, [leaf.literal], model) : undefined;
      return other === undefined ? [] : [{ kind: "in", fact: leaf.fact, values: [leaf.literal, other] }];
    }
    case "in": {
      const other = another(leaf.fact, leaf.values, model);
      return other === undefined ? [] : [{ ...leaf, values: [...leaf.values, other] }];
    }
    case "starts-with":
      return leaf.text.length > 1 ? [{ ...leaf, text: leaf.text.slice(0, -1) }] : [];
    case "ends-with":
      return leaf.text.length > 1 ? [{ ...leaf, text: leaf.text.slice(1) }] : [];
    case "cidr":
      return inRange(leaf, -1);
    default:
      return [];
  }
}

function narrowed(leaf: Condition): readonly Condition[] {
  switch (leaf.kind) {
    case "in":
      return leaf.values.length > 1 ? [{ ...leaf, values: leaf.values.slice(0, -1) }] : [];
    case "starts-with":
      return [{ ...leaf, text: `${leaf.text}x` }];
    case "ends-with":
      return [{ ...leaf, text: `x${leaf.text}` }];
    case "cidr":
      return inRange(leaf, 1);
    default:
      return [];
  }
}

/** One bit less or more of the prefix. The first half of the range stays where it narrows. */
function inRange(leaf: Extract<Condition, { kind: "cidr" }>, by: 1 | -1): readonly Condition[] {
  const [address = "", bits = ""] = leaf.range.split("/");
  const length = Number(bits) + by;
  if (length < 1 || length > (address.includes(":") ? 128 : 32)) return [];
  const range = by > 0 ? address : masked(address, length);
  return range === undefined ? [] : [{ ...leaf, range: `${range}/${length}` }];
}

/** Of an IPv4 address; ranges of IPv6 are not widened. */
function masked(address: string, length: number): string | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4) return undefined;
  return parts.map((part, i) => part & (0xff << Math.max(0, Math.min(8, 8 * (i + 1) - length)))).join(".");
}

/** A value of an enumeration that is not among these; of other texts, one that looks like the first. */
function another(
  fact: Fact,
  values: readonly (string | number | boolean)[],
  model: Model,
): string | number | undefined {
  const claim = claimOf(fact, model);
  if (claim?.values) return claim.values.find((value) => !values.includes(value));
  if (fact.kind === "identity" || fact.kind === "request") return undefined;
  const [first] = values;
  return typeof first === "number" ? first + 1 : typeof first === "string" ? `${first}-2` : undefined;
}

function claimOf(fact: Fact, model: Model): Claim | undefined {
  if (fact.kind !== "claim") return undefined;
  return model.issuers.find(({ name }) => name === fact.issuer)?.claims.find(({ name }) => name === fact.name);
}
