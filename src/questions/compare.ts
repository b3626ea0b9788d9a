/** Two matrices as one: what each pair of an identity and an operation may now, and what it might before. */
import type { Access, CallerRow, Matrix, OperationColumn } from "./access.ts";

/** An access where two versions are compared: with how it has to be presented, where that is what changes. */
export interface ComparedAccess extends Access {
  readonly presented?: readonly string[];
}

/** As a `Matrix`, but a cell is three numbers: the class of operations, its access now and before; −1 is none. */
export interface Comparison extends Omit<Matrix, "accesses"> {
  readonly accesses: readonly ComparedAccess[];
}

/**
 * Rows and columns of both, those that are gone too. Who was renamed is known by its credentials, an operation by its path whatever its
 * parameters are called; names of grants do not make a difference.
 */
export function compareMatrices(before: Matrix, after: Matrix): Comparison {
  const tiersAfter = new Map(after.tiers.map((tier) => [tier.name, tier.presented.join("\n")]));
  const tiersBefore = new Map(before.tiers.map((tier) => [tier.name, tier.presented.join("\n")]));
  const callers = join(before.callers, after.callers, callerKeys, (old, now) =>
    old && now && tiersBefore.get(old.tier) !== tiersAfter.get(now.tier)
      ? `${tiersBefore.get(old.tier)}\t${tiersAfter.get(now.tier)}`
      : "",
  );
  const operations = join(before.operations, after.operations, operationKeys, () => "");
  const [opensNow, openedBefore] = [index(operations, "now"), index(operations, "before")];
  const [publicNow, publicBefore] = [publicClasses(after), publicClasses(before)];
  const accesses = new Accesses();
  const cells = callers.classes.map((joint) => {
    const found = new Map<number, { now: number; before: number }>();
    const [presentedBefore, presentedNow] = joint.apart === "" ? [] : joint.apart.split("\t");
    const note = (matrix: Matrix, at: number, opens: readonly (readonly number[])[], side: "before" | "now") => {
      const list = matrix.cells[at] ?? [];
      for (let i = 0; i < list.length; i += 2) {
        const number = accesses.of(matrix.accesses[list[i + 1]!]!, side === "now" ? presentedNow : presentedBefore);
        for (const operation of opens[list[i]!] ?? []) {
          const cell = found.get(operation) ?? { now: -1, before: -1 };
          cell[side] = number;
          found.set(operation, cell);
        }
      }
    };
    note(before, joint.before, openedBefore, "before");
    note(after, joint.now, opensNow, "now");
    // What anybody may call is nothing that somebody who is new gains, or who is gone loses.
    for (const [operation, cell] of found) {
      const { now, before: was } = operations.classes[operation]!;
      if (joint.before < 0 && publicBefore.has(was) && accesses.isPublic(cell.now)) cell.before = cell.now;
      if (joint.now < 0 && publicNow.has(now) && accesses.isPublic(cell.before)) cell.now = cell.before;
    }
    return [...found]
      .sort(([a], [b]) => a - b)
      .flatMap(([operation, cell]) => [
        operation,
        cell.now,
        accesses.alike(cell.now, cell.before) ? cell.now : cell.before,
      ]);
  });
  return {
    tiers: [...after.tiers, ...before.tiers.filter((tier) => !tiersAfter.has(tier.name))].sort(
      (a, b) => a.trust - b.trust,
    ),
    apis: [...after.apis, ...before.apis.filter((api) => !after.apis.some((each) => each.name === api.name))],
    callers: callers.rows,
    operations: operations.rows,
    callerClasses: callers.classes.length,
    operationClasses: operations.classes.length,
    accesses: accesses.values,
    cells,
  };
}

class Accesses {
  readonly #numbers = new Map<string, number>();
  /** What is decided, whatever the grants are called. */
  readonly #senses: string[] = [];
  readonly values: ComparedAccess[] = [];

  of(access: Access, presented: string | undefined): number {
    const shown = access.kind === "public" ? undefined : presented;
    const key = JSON.stringify([access, shown]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.values.length);
    const { kind, when, from, until } = access;
    this.#senses.push(JSON.stringify([kind, when, from, until, shown]));
    return this.values.push(shown === undefined ? access : { ...access, presented: shown.split("\n") }) - 1;
  }

  isPublic(number: number): boolean {
    return this.values[number]?.kind === "public";
  }

  alike(now: number, before: number): boolean {
    return now >= 0 && before >= 0 && this.#senses[now] === this.#senses[before];
  }
}

interface JointClass {
  readonly now: number;
  readonly before: number;
  readonly apart: string;
}

interface Joined<Row> {
  readonly rows: readonly Row[];
  readonly classes: readonly JointClass[];
}

/** What is gone stands where it stood, as far as what is left tells. */
function join<Row extends CallerRow | OperationColumn>(
  before: readonly Row[],
  after: readonly Row[],
  keysOf: (row: Row) => readonly string[],
  apartOf: (old: Row | undefined, now: Row | undefined) => string,
): Joined<Row> {
  const old = new Map<string, Row>();
  for (const row of before) for (const key of keysOf(row)) old.set(key, row);
  const numbers = new Map<string, number>();
  const classes: JointClass[] = [];
  const rows: Row[] = [];
  const add = (was: Row | undefined, now: Row | undefined) => {
    const joint = { now: now?.class ?? -1, before: was?.class ?? -1, apart: apartOf(was, now) };
    const key = `${joint.now} ${joint.before} ${joint.apart}`;
    if (!numbers.has(key)) numbers.set(key, classes.push(joint) - 1);
    rows.push({ ...(now ?? was)!, class: numbers.get(key)! });
  };
  const taken = new Set<Row>();
  for (const now of after) {
    const was = keysOf(now)
      .map((key) => old.get(key))
      .find((row) => row !== undefined && !taken.has(row));
    if (was) taken.add(was);
    add(was, now);
  }
  for (const was of before) if (!taken.has(was)) add(was, undefined);
  return { rows, classes };
}

function callerKeys({ name, known }: CallerRow): readonly string[] {
  return [`known ${known}`, `name ${name}`];
}

function operationKeys({ name }: OperationColumn): readonly string[] {
  return [name.replace(/\{\w+/g, "{")];
}

/** Per class of one side, the joint classes that it is in. */
function index(joined: Joined<unknown>, side: "before" | "now"): readonly (readonly number[])[] {
  const found: number[][] = [];
  for (const [number, joint] of joined.classes.entries())
    if (joint[side] >= 0) found[joint[side]] = [...(found[joint[side]] ?? []), number];
  return found;
}

function publicClasses({ operations }: Matrix): ReadonlySet<number> {
  return new Set(operations.filter((operation) => operation.public).map((operation) => operation.class));
}
