/** Functions of a request's cells as reduced, ordered, shared decision diagrams: equal functions are the same number. */
import { assert } from "../diagnostics/index.ts";
import { type Cube, cover } from "./cover.ts";
import { Memo } from "./memo.ts";
import { Nodes } from "./nodes.ts";

/** A function of multi-valued variables to small whole numbers. Equal functions of one `Diagrams` are equal numbers. */
export type Diagram = number;

/** Leaves 0 and 1 are made first, so that false and true are 0 and 1 themselves. */
const FALSE: Diagram = 0;
const TRUE: Diagram = 1;

/** The last numbers of keys in the memo: operations that always mean the same, then the number of a call with a function of its own. */
const AND = 0;
const OR = 1;
const WITHOUT = 2;
const FIRST_CALL = 3;

export class Diagrams {
  readonly sizes: readonly number[];
  readonly #nodes: Nodes;
  #memo: Memo | undefined;
  #choices: Memo | undefined;
  #calls = FIRST_CALL;

  /** @param sizes how many cells each variable has, in the order of the diagrams */
  constructor(sizes: readonly number[]) {
    this.sizes = sizes;
    this.#nodes = new Nodes(sizes);
  }

  /** How many nodes were made, leaves included. */
  get size(): number {
    return this.#nodes.size;
  }

  leaf(value: number): Diagram {
    return this.#nodes.leaf(value);
  }

  /** 1 where the variable is in one of the cells, else 0. */
  test(variable: number, cells: readonly boolean[]): Diagram {
    assert(cells.length === this.sizes[variable], "a variable has one answer for each of its cells");
    const base = this.#nodes.begin();
    for (const held of cells) this.#nodes.push(held ? TRUE : FALSE);
    return this.#nodes.end(variable, base);
  }

  /** The function that is the child of the cell that the variable is in; children depend on later variables only. */
  choose(variable: number, children: readonly Diagram[]): Diagram {
    assert(children.length === this.sizes[variable], "a variable has one child for each of its cells");
    const base = this.#nodes.begin();
    for (const child of children) {
      assert(this.variableOf(child) > variable, "children depend on later variables only");
      this.#nodes.push(child);
    }
    return this.#nodes.end(variable, base);
  }

  not(a: Diagram): Diagram {
    return this.#logic(WITHOUT, TRUE, a);
  }

  and(a: Diagram, b: Diagram): Diagram {
    return this.#logic(AND, a, b);
  }

  or(a: Diagram, b: Diagram): Diagram {
    return this.#logic(OR, a, b);
  }

  /** a ∧ ¬b */
  without(a: Diagram, b: Diagram): Diagram {
    return this.#logic(WITHOUT, a, b);
  }

  /** `a` where the condition is 1, `b` where it is 0, whatever their leaves. */
  ifThenElse(condition: Diagram, a: Diagram, b: Diagram): Diagram {
    if (condition === TRUE || a === b) return a;
    if (condition === FALSE) return b;
    if (a === TRUE && b === FALSE) return condition;
    this.#choices ??= new Memo();
    const known = this.#choices.find(condition, a, b);
    if (known >= 0) return known;
    const variable = Math.min(this.variableOf(condition), this.variableOf(a), this.variableOf(b));
    assert(variable < this.sizes.length, "a condition leads to 0 or 1 only");
    const base = this.#nodes.begin();
    for (let cell = 0; cell < this.sizes[variable]!; cell++) {
      const child = this.ifThenElse(
        this.within(condition, variable, cell),
        this.within(a, variable, cell),
        this.within(b, variable, cell),
      );
      this.#nodes.push(child);
    }
    const made = this.#nodes.end(variable, base);
    this.#choices.add(condition, a, b, made, Number.POSITIVE_INFINITY, 0);
    return made;
  }

  /** Leaf by leaf; `f` is asked once for each pair of leaves that occurs. */
  combine(a: Diagram, b: Diagram, f: (x: number, y: number) => number): Diagram {
    return this.#combine(a, b, f, this.#calls++);
  }

  map(a: Diagram, f: (leaf: number) => number): Diagram {
    return this.#combine(a, FALSE, f, this.#calls++);
  }

  /** The leaves that it leads to, in ascending order. */
  leaves(a: Diagram): readonly number[] {
    return [...this.#reached(a)]
      .filter((node) => this.#nodes.isLeaf(node))
      .map((node) => this.#nodes.valueOf(node))
      .sort((x, y) => x - y);
  }

  evaluate(a: Diagram, cells: readonly number[]): number {
    let node = a;
    while (!this.#nodes.isLeaf(node)) node = this.#nodes.childOf(node, cells[this.variableOf(node)]!);
    return this.#nodes.valueOf(node);
  }

  /** How many assignments lead to a leaf that is not 0, each weighing the product of its cells' weights. */
  count(a: Diagram, weights: readonly (readonly number[])[]): bigint {
    const exact = weights.map((of) => of.map(BigInt));
    const totals = exact.map((of) => of.reduce((sum, weight) => sum + weight, 0n));
    const known = new Map<Diagram, bigint>();
    /** Of the variables from `first` on. */
    const count = (node: Diagram, first: number): bigint => {
      if (node === FALSE) return 0n;
      const variable = this.variableOf(node);
      let sum = known.get(node);
      if (sum === undefined) {
        sum = this.#nodes.isLeaf(node) ? 1n : 0n;
        for (let cell = 0; cell < (this.sizes[variable] ?? 0); cell++) {
          sum += exact[variable]![cell]! * count(this.within(node, variable, cell), variable + 1);
        }
        known.set(node, sum);
      }
      for (let skipped = first; skipped < variable; skipped++) sum *= totals[skipped]!;
      return sum;
    };
    return count(a, 0);
  }

  /** The smallest assignment, by the first cells of the first variables, that leads to 1. */
  pick(a: Diagram): readonly number[] | undefined {
    const cells = this.sizes.map(() => 0);
    const failed = new Set<Diagram>();
    const reach = (node: Diagram): boolean => {
      if (node === TRUE) return true;
      if (this.#nodes.isLeaf(node) || failed.has(node)) return false;
      const variable = this.variableOf(node);
      for (let cell = 0; cell < this.sizes[variable]!; cell++) {
        cells[variable] = cell;
        if (reach(this.within(node, variable, cell))) return true;
      }
      cells[variable] = 0;
      failed.add(node);
      return false;
    };
    return reach(a) ? cells : undefined;
  }

  /** The variables that it depends on, in their order. */
  support(a: Diagram): readonly number[] {
    const variables = new Set<number>();
    for (const node of this.#reached(a)) if (!this.#nodes.isLeaf(node)) variables.add(this.variableOf(node));
    return [...variables].sort((x, y) => x - y);
  }

  /** Few conjunctions, together exactly `on` wherever `care` holds and not necessarily beyond. Irredundant; deterministic. */
  cover(on: Diagram, care: Diagram): readonly Cube[] {
    return cover(this, on, care);
  }

  /** The first variable that it depends on; of a leaf how many variables there are. */
  variableOf(a: Diagram): number {
    return this.#nodes.variableOf(a);
  }

  /** The function that is left when a variable, which is not after the first that it depends on, is in the cell. */
  within(a: Diagram, variable: number, cell: number): Diagram {
    return this.#nodes.variableOf(a) === variable ? this.#nodes.childOf(a, cell) : a;
  }

  #reached(a: Diagram): ReadonlySet<Diagram> {
    const reached = new Set([a]);
    // A set is walked in the order in which it grows.
    for (const node of reached) {
      const variable = this.variableOf(node);
      for (let cell = 0; cell < (this.sizes[variable] ?? 0); cell++) reached.add(this.within(node, variable, cell));
    }
    return reached;
  }

  #logic(operation: number, a: Diagram, b: Diagram): Diagram {
    if (operation === AND) {
      if (a === b || b === TRUE) return a;
      if (a === TRUE) return b;
      if (a === FALSE || b === FALSE) return FALSE;
    } else if (operation === OR) {
      if (a === b || b === FALSE) return a;
      if (a === FALSE) return b;
      if (a === TRUE || b === TRUE) return TRUE;
    } else {
      if (b === FALSE) return a;
      if (a === b || a === FALSE || b === TRUE) return FALSE;
    }
    if (operation !== WITHOUT && a > b) return this.#logic(operation, b, a);
    this.#memo ??= new Memo();
    const known = this.#memo.find(a, b, operation);
    if (known >= 0) return known;
    const variable = Math.min(this.variableOf(a), this.variableOf(b));
    assert(variable < this.sizes.length, "what is joined by logic leads to 0 or 1 only");
    const base = this.#nodes.begin();
    for (let cell = 0; cell < this.sizes[variable]!; cell++) {
      const child = this.#logic(operation, this.within(a, variable, cell), this.within(b, variable, cell));
      this.#nodes.push(child);
    }
    const made = this.#nodes.end(variable, base);
    this.#memo.add(a, b, operation, made, FIRST_CALL, this.#calls);
    return made;
  }

  #combine(a: Diagram, b: Diagram, f: (x: number, y: number) => number, call: number): Diagram {
    this.#memo ??= new Memo();
    const known = this.#memo.find(a, b, call);
    if (known >= 0) return known;
    const variable = Math.min(this.variableOf(a), this.variableOf(b));
    let made: Diagram;
    if (variable === this.sizes.length) made = this.leaf(f(this.#nodes.valueOf(a), this.#nodes.valueOf(b)));
    else {
      const base = this.#nodes.begin();
      for (let cell = 0; cell < this.sizes[variable]!; cell++) {
        const child = this.#combine(this.within(a, variable, cell), this.within(b, variable, cell), f, call);
        this.#nodes.push(child);
      }
      made = this.#nodes.end(variable, base);
    }
    this.#memo.add(a, b, call, made, FIRST_CALL, call);
    return made;
  }
}
