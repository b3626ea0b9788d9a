/** Beside which SVIDs a token may come: whether the SVID names whom the token names, in each of two models. */
import { type Identity, isPatternSubject } from "../model/index.ts";
import type { CallerCell, CallerCells, Found } from "./caller-cells.ts";
import type { CallerClass } from "./classes.ts";
import { isSpiffe } from "./subjects.ts";

export type Peer = CallerClass["peers"][number];

/** Whom the SVIDs of one identity name in the other model, each with an example. */
type Others = ReadonlyMap<Identity | undefined, string>;

const noOthers: Others = new Map();

export class Peers {
  readonly #cells: CallerCells;
  /** Of identities with patterns: an exact subject is the only SVID of its identity. */
  readonly #before = new Map<Identity, Map<Identity | undefined, string>>();
  readonly #after = new Map<Identity, Map<Identity | undefined, string>>();
  readonly #nobody: Peer;

  constructor(cells: CallerCells) {
    this.#cells = cells;
    this.#nobody = { before: false, after: false, spiffe: cells.unknownSvid() };
  }

  /** Takes note of a cell of SVIDs; first of all of them. */
  add({ before, after, shows }: CallerCell): void {
    note(this.#before, before, after, shows.spiffe!);
    note(this.#after, after, before, shows.spiffe!);
  }

  /** Nobody's SVID first, then one for each other combination that there is. */
  of({ before, after }: Found): readonly Peer[] {
    const old = before ? this.#othersOf(before, "before") : noOthers;
    const young = after ? this.#othersOf(after, "after") : noOthers;
    const both = before && after && old.get(after);
    const [onlyOld, onlyYoung] = [otherThan(old, after), otherThan(young, before)];
    return [
      this.#nobody,
      ...(onlyYoung === undefined ? [] : [{ before: false, after: true, spiffe: onlyYoung }]),
      ...(onlyOld === undefined ? [] : [{ before: true, after: false, spiffe: onlyOld }]),
      ...(both === undefined ? [] : [{ before: true, after: true, spiffe: both }]),
    ];
  }

  #othersOf(identity: Identity, side: "before" | "after"): Others {
    const { subject = "" } = identity;
    if (!isSpiffe(subject)) return noOthers;
    if (isPatternSubject(subject)) return (side === "before" ? this.#before : this.#after).get(identity) ?? noOthers;
    return new Map([[this.#cells.svidOf(subject)[side === "before" ? "after" : "before"], subject]]);
  }
}

function note(
  map: Map<Identity, Map<Identity | undefined, string>>,
  identity: Identity | undefined,
  other: Identity | undefined,
  spiffe: string,
): void {
  if (!identity?.subject || !isPatternSubject(identity.subject)) return;
  const others = map.get(identity) ?? new Map<Identity | undefined, string>();
  if (!others.has(other)) map.set(identity, others.set(other, spiffe));
}

/** An SVID that names somebody else, or nobody, in the other model. */
function otherThan(others: Others, identity: Identity | undefined): string | undefined {
  for (const [other, spiffe] of others) if (other === undefined || other !== identity) return spiffe;
  return undefined;
}
