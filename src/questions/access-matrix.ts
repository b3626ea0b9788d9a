/** The access matrix, as exact as its size allows: worked out over all requests where the kinds of pairs are few, read off the rules where not. */
import type { Model } from "../model/index.ts";
import type { Access, Matrix, Shown } from "./access.ts";
import { type Exact, Exactly, type Pair } from "./exact.ts";
import { type Built, buildMatrix, type Part } from "./matrix.ts";

export interface AccessMatrix {
  readonly matrix: Matrix;
  /**
   * Whether every access was worked out over all requests. Where not, conditions stand as their authors wrote them, and a pair whose
   * conditions contradict each other is still listed.
   */
  readonly exact: boolean;
  /** Requests that are allowed, by the index of the access that they show. */
  readonly shown: ReadonlyMap<number, Shown>;
}

/** So many kinds of pairs are worked out one by one: a few seconds. */
const mostExact = 1_000;

/**
 * Who may call what when, by which grants.
 *
 * @param most how many kinds of pairs are worked out over all requests; above that, none is
 * @example accessMatrix(model, { operations: new Set(["orders.example.com GET /v1/orders/{id}"]) })
 */
export function accessMatrix(model: Model, part: Part = {}, most = mostExact): AccessMatrix {
  const built = buildMatrix(model, part);
  const kinds = kindsOf(built);
  if (kinds.size > most) return { matrix: built.matrix, exact: false, shown: new Map() };
  const asked = new Set([...kinds.values()].map(({ identity }) => identity));
  const exactly = asked.size > 0 ? new Exactly(model, asked, part.operations) : undefined;
  const found = new Map([...kinds].map(([key, pair]) => [key, exactly?.of(pair) ?? {}]));
  return { ...rebuild(built, found), exact: true };
}

/**
 * Those of two versions, both worked out over all requests or both read off the rules: the same is said in other words in the one and in
 * the other, and would seem to change.
 *
 * @example const [was, is] = accessMatrices(before, after);
 */
export function accessMatrices(before: Model, after: Model, most = mostExact): readonly [AccessMatrix, AccessMatrix] {
  const both = (limit: number) => [accessMatrix(before, {}, limit), accessMatrix(after, {}, limit)] as const;
  const matrices = both(most);
  return matrices[0].exact === matrices[1].exact ? matrices : both(0);
}

/** One pair for each kind. Public operations need no working out. */
function kindsOf(built: Built): ReadonlyMap<string, Pair> {
  const { callers, operations } = built.matrix;
  const [caller, operation] = [first(callers), first(operations)];
  const kinds = new Map<string, Pair>();
  eachCell(built, (key, at, called, access) => {
    if (access.kind !== "public" && !kinds.has(key))
      kinds.set(key, { identity: caller.get(at)!, operation: operation.get(called)!, access });
  });
  return kinds;
}

function eachCell(
  { matrix, callerShapes, operationShapes }: Built,
  tell: (key: string, caller: number, operation: number, access: Access) => void,
): void {
  for (const [caller, cells] of matrix.cells.entries())
    for (let at = 0; at < cells.length; at += 2) {
      const [operation, access] = [cells[at]!, cells[at + 1]!];
      const key = `${access} ${callerShapes[caller]} ${operationShapes[operation]}`;
      tell(key, caller, operation, matrix.accesses[access]!);
    }
}

function first(rows: readonly { readonly name: string; readonly class: number }[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const row of rows) if (!found.has(row.class)) found.set(row.class, row.name);
  return found;
}

function rebuild(built: Built, found: ReadonlyMap<string, Exact>): Omit<AccessMatrix, "exact"> {
  const numbers = new Map<string, number>();
  const accesses: Access[] = [];
  const shown = new Map<number, Shown>();
  const cells: number[][] = built.matrix.cells.map(() => []);
  eachCell(built, (key, caller, operation, base) => {
    const exact = base.kind === "public" ? { access: base } : found.get(key);
    if (!exact?.access) return;
    const text = JSON.stringify(exact.access);
    let number = numbers.get(text);
    if (number === undefined) {
      number = accesses.push(exact.access) - 1;
      numbers.set(text, number);
      if (exact.shown) shown.set(number, exact.shown);
    }
    cells[caller]!.push(operation, number);
  });
  return { matrix: { ...built.matrix, accesses, cells }, shown };
}
