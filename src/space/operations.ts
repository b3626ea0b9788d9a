/** The operations of two models in classes: what is decided alike, whatever it is called and wherever it stands. */
import { compareText, type FoundOperation, type Model, publicDelayOf } from "../model/index.ts";
import type { OperationClass } from "./classes.ts";
import { ConditionContents, Numbers, setText } from "./contents.ts";
import { type OperationCell, operationCells } from "./operation-cells.ts";
import { readsBy, shownBy } from "./operation-reads.ts";
import { type Rules, rulesOf } from "./rules.ts";
import { type Told, toldBy, toldText } from "./told.ts";

/** A cell with all that decides in it. */
export interface JudgedCell {
  readonly cell: OperationCell;
  readonly signature: string;
  readonly changed: boolean;
  /** What the upstream is told; not of public operations, which tell nothing. */
  readonly told: { readonly before?: Told; readonly after?: Told };
}

/** All that callers and operations of two models have in common. */
export interface JudgedOperations {
  readonly cells: readonly JudgedCell[];
  readonly rules: { readonly before: Rules; readonly after: Rules };
}

const judged = new WeakMap<Model, WeakMap<Model, JudgedOperations>>();

export function judgedOperations(before: Model, after: Model): JudgedOperations {
  let known = judged.get(before);
  if (!known) {
    known = new WeakMap();
    judged.set(before, known);
  }
  let operations = known.get(after);
  if (!operations) {
    operations = judge(before, after);
    known.set(after, operations);
  }
  return operations;
}

function judge(before: Model, after: Model): JudgedOperations {
  const contents = new ConditionContents();
  const rules = { before: rulesOf(before, contents), after: rulesOf(after, contents) };
  const cells = operationCells(before, after);
  const numbers = new Numbers();
  const [old, young] = [new Side(before, rules.before, numbers), new Side(after, rules.after, numbers)];
  const moved = movedOf(cells, old, young);
  return {
    rules,
    cells: cells.map((cell): JudgedCell => {
      const [b, a] = [cell.before && old.of(cell.before), cell.after && young.of(cell.after)];
      const shown = shownBy(cell, b?.reads ?? nothing, a?.reads ?? nothing);
      const signature = [
        b?.content ?? "",
        b?.reached ?? "",
        a?.content ?? "",
        a?.reached ?? "",
        numbers.of(shown.text),
      ];
      return {
        cell,
        signature: signature.join(","),
        changed: b?.content !== a?.content || !shown.alike || (b?.told !== undefined && moved(cell)),
        told: { ...(b?.told && { before: b.told }), ...(a?.told && { after: a.told }) },
      };
    }),
  };
}

const nothing: ReadonlySet<string> = new Set();

interface Judged {
  /** What the operation demands and tells. */
  readonly content: number;
  /** By which rules, as far as those are on some APIs only. */
  readonly reached: number;
  readonly reads: ReadonlySet<string>;
  readonly told?: Told;
}

/** What one of the models demands of its operations. */
class Side {
  readonly #numbers: Numbers;
  readonly #publicDelay: number;
  readonly #reads: (found: FoundOperation) => ReadonlySet<string>;
  /** By API: the lists of APIs that rules are on, if it is among them. */
  readonly #lists = new Map<string, Set<string>>();
  readonly #told = new Map<string, { readonly told: Told; readonly text: string }>();

  constructor(model: Model, rules: Rules, numbers: Numbers) {
    this.#numbers = numbers;
    this.#publicDelay = publicDelayOf(model);
    this.#reads = readsBy(rules);
    for (const { rule } of [...rules.grants, ...rules.denies]) {
      const list = rule.on?.join(" ");
      for (const api of rule.on ?? []) {
        const lists = this.#lists.get(api);
        if (lists) lists.add(list!);
        else this.#lists.set(api, new Set([list!]));
      }
    }
  }

  /** Whether some rules are on this API, and not on all. */
  isNamed(api: string): boolean {
    return this.#lists.has(api);
  }

  of(found: FoundOperation): Judged {
    const { api, operation } = found;
    // Nobody is asked for, and only how old revocations may be decides.
    if (operation.public)
      return { content: this.#numbers.of(`public ${this.#publicDelay}`), reached: -1, reads: nothing };
    const key = [api.name, ...operation.scopes].join(" ");
    let known = this.#told.get(key);
    if (!known) {
      const told = toldBy(found);
      known = { told, text: toldText(told) };
      this.#told.set(key, known);
    }
    const { told, text } = known;
    const content = this.#numbers.of(`needs ${operation.minTrust} ${setText(operation.scopes)} ${text}`);
    const reached = this.#numbers.of(`on ${setText(this.#lists.get(api.name) ?? nothing)}`);
    return { content, reached, reads: this.#reads(found), told };
  }
}

/**
 * Most operations of an API stay together, under whatever name: there, a rule on the one API is a rule on the other. The few that
 * left it are changed if any rule tells the two apart.
 */
function movedOf(cells: readonly OperationCell[], before: Side, after: Side): (cell: OperationCell) => boolean {
  const counts = new Map<string, Map<string, number>>();
  for (const { before: old, after: young } of cells) {
    if (!old || !young) continue;
    const count = counts.get(old.api.name) ?? new Map<string, number>();
    counts.set(old.api.name, count.set(young.api.name, (count.get(young.api.name) ?? 0) + 1));
  }
  const main = new Map(
    [...counts].map(([api, count]) => [
      api,
      [...count].reduce((best, other) =>
        other[1] > best[1] || (other[1] === best[1] && other[0] < best[0]) ? other : best,
      )[0],
    ]),
  );
  return ({ before: old, after: young }) =>
    old !== undefined &&
    young !== undefined &&
    main.get(old.api.name) !== young.api.name &&
    (before.isNamed(old.api.name) || after.isNamed(young.api.name));
}

/**
 * Every way to call something falls into exactly one class.
 *
 * @param apart leaves those apart that are decided alike: one class for each pair of operations
 * @returns the class of all paths that are not canonical, that of all that no model declares, then operations by name
 */
export function operationClasses(before: Model, after: Model, apart = false): readonly OperationClass[] {
  const groups = new Map<string, JudgedCell[]>();
  const { cells } = judgedOperations(before, after);
  for (const cell of cells) {
    const key = apart ? `${cell.cell.before?.name}, ${cell.cell.after?.name}` : cell.signature;
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  const hosts = new Set([...before.apis, ...after.apis].map((api) => api.host));
  let host = "nobody.example";
  for (let n = 2; hosts.has(host); n++) host = `nobody${n}.example`;
  const nowhere = { host, method: "GET", apart: [], names: [], members: [], changed: false };
  return [
    { ...nowhere, kind: "not-canonical", segments: [{ kind: "literal", text: "." }], signature: "not-canonical" },
    { ...nowhere, kind: "unknown", segments: [{ kind: "any" }], signature: "unknown" },
    ...[...groups.values()]
      .map(classOf)
      .sort((a, b) => compareText(a.names[0]!, b.names[0]!) || compareText(a.signature, b.signature)),
  ];
}

function nameOf({ cell }: JudgedCell): string {
  return (cell.after ?? cell.before)!.name;
}

/** The first by name stands for all. */
function classOf(members: readonly JudgedCell[]): OperationClass {
  const first = members.reduce((a, b) => (nameOf(b) < nameOf(a) ? b : a));
  const { host, method, before, after, shape, apart } = first.cell;
  let apartShapes: OperationClass["apart"] | undefined;
  return {
    kind: "operation",
    host,
    method,
    ...(before && { before }),
    ...(after && { after }),
    segments: shape,
    get apart() {
      apartShapes ??= apart();
      return apartShapes;
    },
    names: [...new Set(members.map(nameOf))].sort(compareText),
    members: members.map(({ cell }) => ({
      ...(cell.before && { before: cell.before.name }),
      ...(cell.after && { after: cell.after.name }),
    })),
    signature: first.signature,
    changed: first.changed,
  };
}
