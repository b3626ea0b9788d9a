/** The comparisons of a condition, one by one: which there are, and which of them decided. */
import type { Condition } from "../model/index.ts";

/** A comparison where it is written: `owner` is the declaration, `number` its place there. */
export interface Leaf {
  readonly owner: string;
  readonly number: number;
  readonly condition: Condition;
}

type Named = (name: string) => Condition;

export function leafKey({ owner, number }: Leaf): string {
  return `${owner} ${number}`;
}

/** Those that are written in this declaration itself, and not in a named condition. */
export function ownLeaves(owner: string, condition: Condition): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (part: Condition): void => {
    if (part.kind === "and" || part.kind === "or") for (const each of part.of) visit(each);
    else if (part.kind === "not") visit(part.of);
    else if (part.kind !== "named") leaves.push({ owner, number: leaves.length, condition: part });
  };
  visit(condition);
  return leaves;
}

/** All of them, those of named conditions belonging to these. */
function allLeaves(owner: string, condition: Condition, named: Named): readonly Leaf[] {
  const found = [...ownLeaves(owner, condition)];
  const seen = new Set<string>();
  const visit = (part: Condition): void => {
    if (part.kind === "and" || part.kind === "or") for (const each of part.of) visit(each);
    else if (part.kind === "not") visit(part.of);
    else if (part.kind === "named" && !seen.has(part.name)) {
      seen.add(part.name);
      found.push(...ownLeaves(`condition ${part.name}`, named(part.name)));
      visit(named(part.name));
    }
  };
  visit(condition);
  return found;
}

/**
 * Those that decided: had this one alone come out otherwise, so would have the condition.
 *
 * @param holds what a comparison says of the request; everything that the condition reads must be readable
 */
export function decisive(
  owner: string,
  condition: Condition,
  named: Named,
  holds: (leaf: Condition) => boolean,
): readonly { readonly leaf: Leaf; readonly value: boolean }[] {
  const outcome = (flipped?: string): boolean => truth(owner, condition, named, holds, flipped);
  const whole = outcome();
  return allLeaves(owner, condition, named)
    .filter((leaf) => outcome(leafKey(leaf)) !== whole)
    .map((leaf) => ({ leaf, value: holds(leaf.condition) }));
}

function truth(
  owner: string,
  condition: Condition,
  named: Named,
  holds: (leaf: Condition) => boolean,
  flipped: string | undefined,
): boolean {
  let number = 0;
  const visit = (part: Condition): boolean => {
    // Every part is visited, so that each comparison keeps its number.
    if (part.kind === "and") return part.of.map(visit).every((value) => value);
    if (part.kind === "or") return part.of.map(visit).some((value) => value);
    if (part.kind === "not") return !visit(part.of);
    if (part.kind === "named") return truth(`condition ${part.name}`, named(part.name), named, holds, flipped);
    const key = leafKey({ owner, number: number++, condition: part });
    return holds(part) !== (key === flipped);
  };
  return visit(condition);
}
