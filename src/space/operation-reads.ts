/** What conditions read of the request that calls an operation, and how that looks in a cell of operations. */
import { compareText, type FoundOperation } from "../model/index.ts";
import type { OperationCell } from "./operation-cells.ts";
import type { Rule, Rules } from "./rules.ts";
import { endsInRest, type Shape, shapeKey } from "./shapes.ts";

/** Keys of facts that any rule about the operation reads. */
export type Reads = ReadonlySet<string>;

/** For operations of one model: what the conditions read of the rules that are about them. */
export function readsBy({ grants, denies }: Rules): (found: FoundOperation) => Reads {
  const byScope = new Map<string, Map<string, Rule>>();
  for (const rule of [...grants, ...denies]) {
    if (!rule.when || ![...rule.when.reads].some(isAboutCall)) continue;
    // Many rules share a condition: one of them is enough.
    const key = `${rule.when.number} ${rule.rule.on?.join(" ") ?? "*"}`;
    for (const scope of rule.rule.scopes) {
      const rules = byScope.get(scope) ?? new Map<string, Rule>();
      byScope.set(scope, rules.set(key, rule));
    }
  }
  const known = new Map<string, Reads>();
  return ({ api, operation }) => {
    const key = [api.name, ...operation.scopes].join(" ");
    let reads = known.get(key);
    if (!reads) {
      const rules = operation.scopes.flatMap((scope) => [...(byScope.get(scope)?.values() ?? [])]);
      const reaching = rules.filter(({ rule }) => rule.on === undefined || rule.on.includes(api.name));
      reads = new Set(reaching.flatMap(({ when }) => [...when!.reads].filter(isAboutCall)));
      known.set(key, reads);
    }
    return reads;
  };
}

const parameter = "parameter ";

function isAboutCall(fact: string): boolean {
  return fact.startsWith(parameter) || ["request host", "request method", "request path"].includes(fact);
}

/** What a cell shows to conditions. */
export interface Shown {
  /** Equal where the conditions see the same of all requests of two cells. */
  readonly text: string;
  /** Whether the conditions of both models see the same of each request. */
  readonly alike: boolean;
}

export function shownBy(cell: OperationCell, before: Reads, after: Reads): Shown {
  const reads = [...new Set([...before, ...after])].sort(compareText);
  if (reads.length === 0) return { text: "", alike: true };
  const names = reads.filter((fact) => fact.startsWith(parameter)).map((fact) => fact.slice(parameter.length));
  const variables = new Map<number, number>();
  const valuesOf = (found: FoundOperation | undefined) =>
    JSON.stringify(found ? names.map((name) => parameterIn(found, name, cell.shape, variables)) : null);
  const [old, young] = [valuesOf(cell.before), valuesOf(cell.after)];
  const parts: unknown[] = [names, old, young];
  if (reads.includes("request host")) parts.push(["host", cell.host]);
  if (reads.includes("request method")) parts.push(["method", cell.method]);
  if (reads.includes("request path")) parts.push(["path", shapeKey(cell.shape), cell.apart().map(shapeKey)]);
  else if (variables.size > 0) parts.push(limitsOf(cell, variables));
  return { text: JSON.stringify(parts), alike: !cell.before || !cell.after || old === young };
}

/** The value of a parameter: its segments, each a text or a variable that stands for a place of the path. */
function parameterIn(found: FoundOperation, name: string, shape: Shape, variables: Map<number, number>): unknown {
  const at = found.template.findIndex((segment) => segment.kind !== "literal" && segment.name === name);
  if (at < 0) return null;
  const end = found.template[at]!.kind === "rest" ? shape.length : at + 1;
  return shape.slice(at, end).map((segment, i) => {
    if (segment.kind === "literal") return segment.text;
    let variable = variables.get(at + i);
    if (variable === undefined) {
      variable = variables.size;
      variables.set(at + i, variable);
    }
    return [segment.kind, variable];
  });
}

/** Which values of the variables lead to other cells: what another operation takes whatever stands in all other places. */
function limitsOf({ shape, apart }: OperationCell, variables: ReadonlyMap<number, number>): unknown {
  const others = apart();
  if (endsInRest(shape)) return [shapeKey(shape), others.map(shapeKey)];
  const limits = others.flatMap((other) => {
    const fixed = other.flatMap((segment, i): [number | undefined, string][] =>
      segment.kind === "literal" && shape[i]?.kind !== "literal" ? [[variables.get(i), segment.text]] : [],
    );
    return fixed.some(([variable]) => variable === undefined) ? [] : [JSON.stringify(fixed.sort())];
  });
  return [...new Set(limits)].sort(compareText);
}
