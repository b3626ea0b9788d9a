/** The access matrix for programs: JSON by classes, and CSV, in pieces so that no size of an estate is too large to write. */
import { WritError } from "../diagnostics/index.ts";
import type { Access, Matrix } from "./access.ts";
import type { AccessMatrix } from "./access-matrix.ts";
import { changeOf } from "./change-of.ts";
import type { Comparison } from "./compare.ts";
import { moment } from "./presented.ts";

/** What is written: one matrix, or two of which every pair is compared. */
export type Written = (AccessMatrix & { readonly comparison?: undefined }) | { readonly comparison: Comparison };

/** The whole matrix as JSON: identities and operations with their classes, and a cell for each two classes. A line for each class. */
export function* matrixJson(written: Written): Generator<string> {
  const matrix: Matrix | Comparison = written.comparison ?? written.matrix;
  const step = written.comparison ? 3 : 2;
  yield `{"format":1,"compared":${written.comparison !== undefined}`;
  if (!written.comparison) yield `,"exact":${written.exact}`;
  yield `,\n"tiers":${JSON.stringify(matrix.tiers)},\n"apis":${JSON.stringify(matrix.apis)}`;
  yield* list("identities", matrix.callers, ({ known: _, ...caller }) => caller);
  yield* list("operations", matrix.operations, (operation) => operation);
  yield* list("accesses", matrix.accesses, (access, index) => ({
    ...access,
    ...(!written.comparison && written.shown.has(index) && { example: written.shown.get(index)! }),
  }));
  // Per class of identities: [class of operations, access] or [class of operations, access now, access before].
  yield* list("cells", matrix.cells, (cells) =>
    Array.from({ length: cells.length / step }, (_, at) => cells.slice(at * step, (at + 1) * step)),
  );
  yield "}\n";
}

function* list<T>(name: string, all: readonly T[], shown: (each: T, index: number) => unknown): Generator<string> {
  yield `,\n"${name}":[`;
  for (const [index, each] of all.entries()) yield `${index > 0 ? "," : ""}\n${JSON.stringify(shown(each, index))}`;
  yield "]";
}

export interface CsvOptions {
  /** A row for each pair of an identity and an operation, instead of one for all that are alike. */
  readonly expand: boolean;
  /** So many rows at most. */
  readonly most: number;
}

const columns = ["identities", "operations", "access", "when", "grants", "denies", "from", "until"];

/**
 * A row for each class of identities and way in which it may call something, with lists in its cells; or one for each pair. Pairs that are
 * never allowed have no row.
 */
export function* matrixCsv(written: Written, { expand, most }: CsvOptions): Generator<string> {
  const matrix: Matrix | Comparison = written.comparison ?? written.matrix;
  const callers = Map.groupBy(matrix.callers, (caller) => caller.class);
  const operations = Map.groupBy(matrix.operations, (operation) => operation.class);
  if (expand) demandRoom(matrix, written.comparison ? 3 : 2, callers, operations, most);
  yield line(written.comparison ? [...columns.slice(0, 2), "change", ...columns.slice(2)] : columns);
  for (const [caller, cells] of matrix.cells.entries()) {
    const who = (callers.get(caller) ?? []).map(({ name }) => name);
    for (const { change, access, called } of waysOf(written, cells)) {
      const what = called.flatMap((each) => (operations.get(each) ?? []).map(({ name }) => name)).sort();
      const rest = [...(change ? [change] : []), ...accessCells(access)];
      if (!expand) yield line([who.join("; "), what.join("; "), ...rest]);
      else for (const identity of who) for (const operation of what) yield line([identity, operation, ...rest]);
    }
  }
}

interface Way {
  readonly change?: string;
  readonly access: Access;
  readonly called: number[];
}

/** Operations of one class of identities, those together that may be called alike. What stays as it is, is no row of a comparison. */
function waysOf(written: Written, cells: readonly number[]): Iterable<Way> {
  const ways = new Map<string, Way>();
  const step = written.comparison ? 3 : 2;
  for (let at = 0; at < cells.length; at += step) {
    const [called, now, before] = [cells[at]!, cells[at + 1]!, cells[at + 2] ?? -1];
    const change = written.comparison && changeOf(now, before);
    if (change === "same") continue;
    const { accesses } = written.comparison ?? written.matrix;
    const number = now < 0 ? before : now;
    const key = `${change} ${number}`;
    const way = ways.get(key) ?? { ...(change && { change }), access: accesses[number]!, called: [] };
    way.called.push(called);
    ways.set(key, way);
  }
  return ways.values();
}

function demandRoom(
  { cells }: Matrix | Comparison,
  step: number,
  callers: ReadonlyMap<number, readonly unknown[]>,
  operations: ReadonlyMap<number, readonly unknown[]>,
  most: number,
): void {
  let rows = 0;
  for (const [caller, list] of cells.entries())
    for (let at = 0; at < list.length; at += step)
      rows += (callers.get(caller)?.length ?? 0) * (operations.get(list[at]!)?.length ?? 0);
  if (rows > most) throw WritError.of("WRIT4403", { rows, most });
}

function accessCells({ kind, when, grants, denies, from, until }: Access): readonly string[] {
  const clauses = when.map((parts) => parts.join(" and ")).filter((clause) => clause !== "");
  const time = (at: number | undefined) => (at === undefined ? "" : moment(at));
  return [kind, clauses.join("; or "), grants.join("; "), denies.join("; "), time(from), time(until)];
}

/** RFC 4180. A text that a spreadsheet would take for a formula is marked as a text. */
function line(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)).join(",")}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
