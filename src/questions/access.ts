/** What people are told about access: whether somebody may call something, when, by which grants, and how the call has to look. */
import type { Input } from "../model/index.ts";

/** In the order of a legend. `conditional` comes before time: what has both a condition and an end is `conditional`, with its end. */
const accessKinds = ["always", "until", "conditional", "public"] as const;

/** `always`: whenever it is presented as the tier asks. `until`: the same, within a time. `public`: by anybody, with nothing. */
export type AccessKind = (typeof accessKinds)[number];

/** One way in which callers may call operations: what many pairs have in common. */
export interface Access {
  readonly kind: AccessKind;
  /** In words: any of these, in each of which all hold; `[[]]` is always. Times and what every call needs are left out. */
  readonly when: readonly (readonly string[])[];
  /** Names, sorted. */
  readonly grants: readonly string[];
  /** Names of denies that take something away, sorted. */
  readonly denies: readonly string[];
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly until?: number;
}

/** An identity as rows of a matrix show it. */
export interface CallerRow {
  readonly name: string;
  readonly tier: string;
  readonly owner: string;
  readonly groups: readonly string[];
  /** By what it is known, whatever it is called: tells which one it was in another version. */
  readonly known: string;
  /** Index of its class in `Matrix.cells`. */
  readonly class: number;
}

/** An operation as columns of a matrix show it. */
export interface OperationColumn {
  /** `orders.example.com GET /v1/orders/{id}` */
  readonly name: string;
  readonly api: string;
  readonly host: string;
  readonly method: string;
  readonly template: string;
  readonly scopes: readonly string[];
  readonly public: boolean;
  readonly class: number;
}

export interface TierRow {
  readonly name: string;
  readonly trust: number;
  /** How a call has to be presented, in words. */
  readonly presented: readonly string[];
}

/** Who may call what, by classes: all members of a class may exactly the same. */
export interface Matrix {
  /** By trust, the lowest first, then by name. */
  readonly tiers: readonly TierRow[];
  readonly apis: readonly { readonly name: string; readonly host: string }[];
  /** In the order of their tiers, then by owner and name. */
  readonly callers: readonly CallerRow[];
  /** By API, path and method. */
  readonly operations: readonly OperationColumn[];
  readonly callerClasses: number;
  readonly operationClasses: number;
  readonly accesses: readonly Access[];
  /** Per class of callers: classes of operations and how they may be called, as pairs of indices one after the other. */
  readonly cells: readonly (readonly number[])[];
}

/** One request that is allowed, for one way in; of one of those that have it. */
export interface Shown {
  readonly identity: string;
  readonly operation: string;
  readonly input: Input;
}
