/** What a legacy upstream is told otherwise. */
import { upstreamHeaders } from "../model/index.ts";
import type { CallerClass, OperationClass, Side } from "../space/index.ts";

/** What the upstream is told otherwise when both sides allow: by name, before and after; `undefined` where nothing is. */
export type Told = Readonly<Record<Side, Readonly<Record<string, string>>>>;

export function headersOf(caller: CallerClass, operation: OperationClass): Told | undefined {
  const texts = (side: Side) => headerTexts(caller, operation, side);
  const templates = (side: Side) => headerTemplates(operation, side);
  const [was, is] = [texts("before"), texts("after")];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]).sort();
  if (names.length === 0) return undefined;
  const some = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  const [before, after] = [some(templates("before")), some(templates("after"))];
  // The same template says something else of a caller who is called otherwise now.
  return JSON.stringify(before) === JSON.stringify(after) ? { before: some(was), after: some(is) } : { before, after };
}

function headerTexts(caller: CallerClass, operation: OperationClass, side: Side): Readonly<Record<string, string>> {
  const { identity } = caller[side];
  const found = operation[side];
  if (!identity || !found || found.operation.public) return {};
  const { subject, spiffe, key } = caller.shows;
  return upstreamHeaders(found.api.headers, identity, subject ?? spiffe ?? key ?? "", found.operation.scopes);
}

function headerTemplates(operation: OperationClass, side: Side): Readonly<Record<string, string>> {
  const found = operation[side];
  if (!found || found.operation.public) return {};
  const { scopes } = found.operation;
  return Object.fromEntries(
    found.api.headers.flatMap((header): [string, string][] => {
      if (header.kind === "text") return [[header.name, header.text]];
      const value = header.values.find(({ scope }) => scopes.includes(scope))?.value;
      return value === undefined ? [] : [[header.name, value]];
    }),
  );
}
