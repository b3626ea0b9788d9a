/** Functions of a request's cells as reduced, ordered, shared decision diagrams: equal functions are the same number. */
import { assert } from "../diagnostics/index.ts";
import { Memo } from "./memo.ts";

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

/** Leaves and memo keys are kept in 32 bits. */
const LARGEST = 2 ** 31 - 1;
const FIRST_SLOTS = 64;

export class Diagrams {
  readonly sizes: readonly number[];
  /** Of each node: its variable (a leaf stands behind all), and where its children begin (of a leaf: its value). */
  readonly #variables: number[];
  readonly #starts: number[];
  readonly #children: number[] = [];
  readonly #leaves = new Map<number, Diagram>();
  /** Nodes by hash, with 1 added: 0 is an empty slot. */
  #slots = new Int32Array(FIRST_SLOTS);
  /** Children of nodes that are being made, one node above the other, so that none needs an array of its own. */
  readonly #stack: number[] = [];
  #top = 0;
  #memo: Memo | undefined;
  #choices: Memo | undefined;
  #calls = FIRST_CALL;

  /** @param sizes how many cells each variable has, in the order of the diagrams */
  constructor(sizes: readonly number[]) {
    this.sizes = sizes;
    this.#variables = [sizes.length, sizes.length];
    this.#starts = [0, 1];
  }

  /** How many nodes were made, leaves included. */
  get size(): number {
    return this.#variables.length;
  }

  leaf(value: number): Diagram {
    if (value === 0 || value === 1) return value;
    const known = this.#leaves.get(value);
    if (known !== undefined) return known;
    assert(Number.isInteger(value) && value > 0 && value <= LARGEST, "a leaf is a small whole number");
    const made = this.#variables.push(this.sizes.length) - 1;
    this.#starts.push(value);
    this.#leaves.set(value, made);
    return made;
  }

  /** 1 where the variable is in one of the cells, else 0. */
  test(variable: number, cells: readonly boolean[]): Diagram {
    assert(cells.length === this.sizes[variable], "a variable has one answer for each of its cells");
    const base = this.#top;
    for (const held of cells) this.#stack[this.#top++] = held ? TRUE : FALSE;
    return this.#make(variable, base);
  }

  /** The function that is the child of the cell that the variable is in; children depend on later variables only. */
  choose(variable: number, children: readonly Diagram[]): Diagram {
    assert(children.length === this.sizes[variable], "a variable has one child for each of its cells");
    const base = this.#top;
    for (const child of children) {
      assert(this.#variables[child]! > variable, "children depend on later variables only");
      this.#stack[this.#top++] = child;
    }
    return this.#make(variable, base);
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
    const base = this.#top;
    for (let cell = 0; cell < this.sizes[variable]!; cell++) {
      const child = this.ifThenElse(
        this.within(condition, variable, cell),
        this.within(a, variable, cell),
        this.within(b, variable, cell),
      );
      this.#stack[this.#top++] = child;
    }
    const made = this.#make(variable, base);
    this.#choices.add(condition, a, b, made, LARGEST, 0);
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
      .filter((node) => this.#isLeaf(node))
      .map((node) => this.#starts[node]!)
      .sort((x, y) => x - y);
  }

  evaluate(a: Diagram, cells: readonly number[]): number {
    let node = a;
    while (!this.#isLeaf(node)) node = this.#children[this.#starts[node]! + cells[this.#variables[node]!]!]!;
    return this.#starts[node]!;
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
        sum = this.#isLeaf(node) ? 1n : 0n;
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
      if (this.#isLeaf(node) || failed.has(node)) return false;
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
    for (const node of this.#reached(a)) if (!this.#isLeaf(node)) variables.add(this.variableOf(node));
    return [...variables].sort((x, y) => x - y);
  }

  /** The first variable that it depends on; of a leaf how many variables there are. */
  variableOf(a: Diagram): number {
    return this.#variables[a]!;
  }

  /** The function that is left when a variable, which is not after the first that it depends on, is in the cell. */
  within(a: Diagram, variable: number, cell: number): Diagram {
    return this.#variables[a] === variable ? this.#children[this.#starts[a]! + cell]! : a;
  }

  #isLeaf(a: Diagram): boolean {
    return this.#variables[a] === this.sizes.length;
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
    const base = this.#top;
    for (let cell = 0; cell < this.sizes[variable]!; cell++) {
      const child = this.#logic(operation, this.within(a, variable, cell), this.within(b, variable, cell));
      this.#stack[this.#top++] = child;
    }
    const made = this.#make(variable, base);
    this.#memo.add(a, b, operation, made, FIRST_CALL, this.#calls);
    return made;
  }

  #combine(a: Diagram, b: Diagram, f: (x: number, y: number) => number, call: number): Diagram {
    this.#memo ??= new Memo();
    const known = this.#memo.find(a, b, call);
    if (known >= 0) return known;
    const variable = Math.min(this.variableOf(a), this.variableOf(b));
    let made: Diagram;
    if (variable === this.sizes.length) made = this.leaf(f(this.#starts[a]!, this.#starts[b]!));
    else {
      const base = this.#top;
      for (let cell = 0; cell < this.sizes[variable]!; cell++) {
        const child = this.#combine(this.within(a, variable, cell), this.within(b, variable, cell), f, call);
        this.#stack[this.#top++] = child;
      }
      made = this.#make(variable, base);
    }
    this.#memo.add(a, b, call, made, FIRST_CALL, call);
    return made;
  }

  /** The node of a variable whose children stand on the stack from `base` on: none where they are equal, the same where it is known. */
  #make(variable: number, base: number): Diagram {
    const [stack, end] = [this.#stack, this.#top];
    this.#top = base;
    const first = stack[base]!;
    let same = true;
    let hash = variable;
    for (let at = base; at < end; at++) {
      const child = stack[at]!;
      if (child !== first) same = false;
      hash = Math.imul(hash ^ child, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    if (same) return first;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const node = this.#slots[slot]! - 1;
      if (this.#variables[node] === variable && this.#holds(this.#starts[node]!, base, end)) return node;
    }
    const made = this.#variables.push(variable) - 1;
    this.#starts.push(this.#children.length);
    for (let at = base; at < end; at++) this.#children.push(stack[at]!);
    this.#slots[slot] = made + 1;
    if (2 * made > mask) this.#grow();
    return made;
  }

  #holds(start: number, base: number, end: number): boolean {
    for (let at = base; at < end; at++) if (this.#children[start + at - base] !== this.#stack[at]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let node = 0; node < this.size; node++) {
      const variable = this.#variables[node]!;
      if (variable === this.sizes.length) continue;
      let hash = variable;
      for (let cell = 0; cell < this.sizes[variable]!; cell++) {
        hash = Math.imul(hash ^ this.#children[this.#starts[node]! + cell]!, 0x9e3779b1);
        hash ^= hash >>> 15;
      }
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.#slots = slots;
  }
}
