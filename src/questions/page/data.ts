/** What the page of a matrix knows, as small as it can be said: names once, everything else by index. */
import { visible } from "../../diagnostics/index.ts";
import type { CallerRow, Matrix, OperationColumn, Shown } from "../access.ts";
import { changeOf } from "../change-of.ts";
import type { ComparedAccess, Comparison } from "../compare.ts";
import { moment } from "../presented.ts";

export interface PageContent {
  /** Of which estate: a folder, a bundle. */
  readonly title: string;
  readonly matrix: Matrix | Comparison;
  /** With what it is compared; absent where it is not. */
  readonly before?: string;
  /** Whether every access was worked out over all requests; default: yes. */
  readonly exact?: boolean;
  /** Requests that are allowed, by the index of their access. */
  readonly witnesses?: ReadonlyMap<number, Shown>;
}

export type Totals = Readonly<Record<string, number>>;

/** Names longer than this are cut: nobody reads them in a picture. */
const longestName = 300;

export function pageData(content: PageContent, totals: Totals): unknown {
  const { matrix, before, witnesses = new Map<number, Shown>() } = content;
  const shown = [...witnesses];
  const places = new Map(shown.map(([access], place) => [access, place]));
  const tiers = new Map(matrix.tiers.map((tier, place) => [tier.name, place]));
  const apis = new Map(matrix.apis.map((api, place) => [api.name, place]));
  const [owners, groups, scopes] = [new Texts(), new Texts(), new Texts()];
  const { callers, operations } = matrix;
  const callersData = {
    name: callers.map((caller) => cut(caller.name)),
    tier: callers.map((caller) => tiers.get(caller.tier) ?? 0),
    owner: callers.map((caller) => owners.of(caller.owner)),
    group: callers.map((caller) => groups.of(caller.groups.join(", "))),
    class: callers.map((caller) => caller.class),
  };
  const operationsData = {
    name: operations.map((operation) => cut(`${operation.method} ${operation.template}`)),
    api: operations.map((operation) => apis.get(operation.api) ?? 0),
    scope: operations.map((operation) => scopes.of(operation.scopes.join(" and "))),
    class: operations.map((operation) => operation.class),
  };
  return {
    ...(before !== undefined && { before }),
    totals,
    tiers: matrix.tiers.map(({ name, trust, presented }) => ({
      name: cut(name),
      trust,
      presented: presented.map(cut),
    })),
    apis: matrix.apis.map(({ name, host }) => ({ name: cut(name), host: cut(host) })),
    owners: owners.values,
    groups: groups.values,
    scopes: scopes.values,
    callers: callersData,
    operations: operationsData,
    operationClasses: matrix.operationClasses,
    accesses: matrix.accesses.map((access, index) => accessData(access, places.get(index))),
    witnesses: shown.map(([, each]) => each),
    cells: matrix.cells,
  };
}

function accessData(access: ComparedAccess, witness: number | undefined): unknown {
  const { kind, when, grants, denies, from, until, presented } = access;
  return {
    kind,
    when: when.filter((all) => all.length > 0).map((all) => all.map(cut)),
    grants: grants.map(cut),
    denies: denies.map(cut),
    ...(from !== undefined && { from: moment(from) }),
    ...(until !== undefined && { until: moment(until) }),
    ...(presented && { presented: presented.map(cut) }),
    ...(witness !== undefined && { witness }),
  };
}

class Texts {
  readonly #places = new Map<string, number>();
  readonly values: string[] = [];

  of(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.values.length);
    return this.values.push(cut(text)) - 1;
  }
}

const plain = /^[\x20-\x7e]*$/;

/** Letters that move what stands beside them, or cannot be seen, are written as what they are. */
function cut(text: string): string {
  const short = text.length > longestName ? `${text.slice(0, longestName)} …` : text;
  return plain.test(short) ? short : visible(short);
}

/** Pairs of each kind, over the whole matrix. */
export function totalsOf({ matrix, before }: PageContent): Totals {
  const totals: Record<string, number> =
    before === undefined
      ? { always: 0, until: 0, conditional: 0, public: 0 }
      : { gain: 0, loss: 0, changed: 0, same: 0 };
  eachCell(matrix, before !== undefined, sizes(matrix.callers), sizes(matrix.operations), (kind, pairs) => {
    totals[kind] = (totals[kind] ?? 0) + pairs;
  });
  return totals;
}

/** Pairs of each kind in each tier and API, as the table says them. */
export function tableOf({ matrix, before }: PageContent): ReadonlyMap<string, Totals> {
  const table = new Map<string, Record<string, number>>();
  const byTier = Map.groupBy(matrix.callers, (caller) => caller.tier);
  const byApi = Map.groupBy(matrix.operations, (operation) => operation.api);
  for (const [tier, callers] of byTier)
    for (const [api, operations] of byApi) {
      const totals: Record<string, number> = {};
      eachCell(matrix, before !== undefined, sizes(callers), sizes(operations), (kind, pairs) => {
        totals[kind] = (totals[kind] ?? 0) + pairs;
      });
      table.set(JSON.stringify([tier, api]), totals);
    }
  return table;
}

function sizes(rows: readonly (CallerRow | OperationColumn)[]): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(row.class, (sizes.get(row.class) ?? 0) + 1);
  return sizes;
}

function eachCell(
  { cells, accesses }: Matrix | Comparison,
  compared: boolean,
  callers: ReadonlyMap<number, number>,
  operations: ReadonlyMap<number, number>,
  tell: (kind: string, pairs: number) => void,
): void {
  const step = compared ? 3 : 2;
  for (const [caller, amount] of callers) {
    const list = cells[caller] ?? [];
    for (let at = 0; at < list.length; at += step) {
      const there = operations.get(list[at]!);
      if (there === undefined) continue;
      const now = list[at + 1]!;
      const kind = compared ? changeOf(now, list[at + 2]!) : accesses[now]!.kind;
      tell(kind, amount * there);
    }
  }
}
