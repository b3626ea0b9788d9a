/** A difference made ready for people: each change with its digest, where its causes are declared, and who approved it. */
import type { Difference } from "../diff/index.ts";
import type { Model } from "../model/index.ts";
import type { Approval } from "./approvals.ts";
import { ChangeDigests, type Core, coreOf, differenceDigest, modelDigest } from "./digest.ts";
import { plain, sentenceOf } from "./words.ts";

export interface Place {
  /** Relative to the policy folder. */
  readonly path: string;
  readonly line: number;
}

/** One of the two policies that are compared. */
export interface Side {
  /** As it was named on the command line. */
  readonly name: string;
  readonly model: Model;
  /** Of the model, where somebody knows it already. */
  readonly digest?: string;
  /** Where things are declared, by their names; nothing of a bundle. */
  readonly positions?: ReadonlyMap<string, Place>;
}

export interface Cause {
  /** `grant paymentsRefund` */
  readonly name: string;
  /** After the change, or before it where it is gone. */
  readonly place?: Place & { readonly side: "after" | "before" };
}

export interface ReviewedChange {
  /** With its sentence, and a digest that stays the same while the change does: approvals name it. */
  readonly change: Core;
  readonly causes: readonly Cause[];
  readonly approval?: Approval;
}

export interface Review {
  /** Of both policies and all changes: what an approval of a candidate says was read. */
  readonly digest: string;
  readonly before: { readonly name: string; readonly model: string };
  readonly after: { readonly name: string; readonly model: string };
  readonly changes: readonly ReviewedChange[];
  readonly looked: Difference["looked"];
  /** Approvals of what does not change. */
  readonly unused: readonly Approval[];
}

export function reviewOf(
  before: Side,
  after: Side,
  { changes, looked }: Difference,
  approvals: readonly Approval[] = [],
): Review {
  const digests = new ChangeDigests(before.model, after.model);
  const approved = new Map(approvals.map((approval) => [approval.change, approval]));
  const reviewed = changes.map((change): ReviewedChange => {
    const digest = digests.of(change);
    const approval = approved.get(digest);
    const causes = change.causes.map((name) => causeOf(name, before, after));
    return { change: coreOf(change, digest, plain(sentenceOf(change))), causes, ...(approval && { approval }) };
  });
  const used = new Set(reviewed.map(({ change }) => change.digest));
  const [old, now] = [before, after].map(({ digest, model }) => digest ?? modelDigest(model)) as [string, string];
  return {
    digest: differenceDigest(
      old,
      now,
      reviewed.map(({ change }) => change),
    ),
    before: { name: before.name, model: old },
    after: { name: after.name, model: now },
    changes: reviewed,
    looked,
    unused: approvals.filter(({ change }) => !used.has(change)),
  };
}

/** Names are unique without their kind, and positions are by name. */
function causeOf(name: string, before: Side, after: Side): Cause {
  const declared = name.slice(name.indexOf(" ") + 1);
  for (const [side, { positions }] of [["after", after] as const, ["before", before] as const]) {
    const place = positions?.get(declared);
    if (place) return { name, place: { ...place, side } };
  }
  return { name };
}
