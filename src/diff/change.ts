/** What changes between two policies, as a reviewer reads it. */
import type { Decision, Input, Reason, Revocations } from "../model/index.ts";
import type { CredentialKind } from "../space/index.ts";

/** In the order of how much a reviewer must care. */
export const kinds = ["gain", "loss", "headers", "until", "reason"] as const;

/**
 * `gain`: refused before, allowed now. `loss`: the other way round. `headers`: allowed both times, the upstream is told something else.
 * `until`: allowed both times, for another while. `reason`: refused both times, for another reason.
 */
export type ChangeKind = (typeof kinds)[number];

/** Requests whose decisions change in the same way. No request belongs to two changes. */
export interface Change {
  readonly kind: ChangeKind;
  /** Names of identities, sorted: as they are called now, or before where they are gone. Empty where nobody is identified before or after. */
  readonly identities: readonly string[];
  /** Their lowest trust, after the change, or before it for a loss: sorts the risk. */
  readonly trust: number;
  /** Sorted. */
  readonly credentials: readonly CredentialKind[];
  /** `orders.example.com GET /v1/orders/{id}`, sorted: as they are called now, or before where they are gone. Empty where none is called. */
  readonly operations: readonly string[];
  /**
   * Whether it is about some of the identities with some of the operations, and not each with each: refusals that are refused otherwise,
   * and what many are granted as before.
   */
  readonly isMixed: boolean;
  /** How many pairs of an identity and an operation it is about; where they are mixed, whoever has two credentials counts twice. */
  readonly pairs: number;
  /** In words: any of these, in each of which all hold; `[[]]` is always. What every request of that kind needs is left out. Empty for a `reason`, where only the witness tells. */
  readonly when: readonly (readonly string[])[];
  readonly before: Outcome;
  readonly after: Outcome;
  /** What was declared otherwise and brings this about, as far as it has names: `grant paymentsRefund`, `tier workload`; sorted. */
  readonly causes: readonly string[];
  readonly witness: Witness;
}

/** What is common to the decisions of a change, on one side. */
export interface Outcome {
  readonly reason: Reason;
  /** Of an allow. */
  readonly grants?: readonly string[];
  /** Of an allow whose headers change: the templates. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of an allow whose end changes, in words: `2027-05-31 (grant paymentsOrders)`. */
  readonly until?: string;
}

/** One request that shows the change, and what both policies say to it. */
export interface Witness {
  readonly input: Input;
  readonly revocations: Revocations;
  readonly before: Decision;
  readonly after: Decision;
}

/** All that changes. */
export interface Difference {
  /** Gains for low trust first; the order depends on nothing but the two models. */
  readonly changes: readonly Change[];
  readonly counts: Readonly<Record<ChangeKind, number>>;
  /** How much was looked at, for people who wait. */
  readonly looked: { readonly identities: number; readonly operations: number; readonly classes: number };
}
