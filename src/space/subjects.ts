/** Whom one model takes a subject for: exact subjects, and patterns as shapes. */
import { type Identity, isPatternSubject, isSpiffeId, type Model, spiffeSegments } from "../model/index.ts";
import { type Point, type Shape, ShapeTrie, shapeOfPattern } from "./shapes.ts";

/** The subjects of one issuer, or the SPIFFE IDs of all. */
export class Subjects {
  readonly exact = new Map<string, Identity>();
  readonly patterns = new Map<Identity, Shape>();
  readonly trie = new ShapeTrie<Identity>();

  add(identity: Identity, subject: string, shape: Shape | undefined): void {
    if (!shape) {
      this.exact.set(subject, identity);
      return;
    }
    this.patterns.set(identity, shape);
    this.trie.add(shape, identity);
  }

  find(subject: string): Identity | undefined {
    const exact = this.exact.get(subject);
    if (exact || this.patterns.size === 0 || !isSpiffeId(subject)) return exact;
    // The narrowest of the patterns that match is the most literal one: those that match one ID lie within each other.
    return this.trie.find(spiffeSegments(subject));
  }
}

export interface SubjectTable {
  readonly byIssuer: ReadonlyMap<string, Subjects>;
  /** Of SVIDs, which have no issuer of ours. */
  readonly spiffe: Subjects;
}

export function subjectTable({ identities }: Model): SubjectTable {
  const byIssuer = new Map<string, Subjects>();
  const spiffe = new Subjects();
  for (const identity of identities) {
    const { issuer, subject } = identity;
    if (issuer === undefined || subject === undefined) continue;
    const shape = isPatternSubject(subject) ? shapeOfPattern(subject) : undefined;
    let subjects = byIssuer.get(issuer);
    if (!subjects) {
      subjects = new Subjects();
      byIssuer.set(issuer, subjects);
    }
    subjects.add(identity, subject, shape);
    if (isSpiffe(subject)) spiffe.add(identity, subject, shape);
  }
  return { byIssuer, spiffe };
}

/** Whether an SVID can name it: as an ID, or as a pattern over them. */
export function isSpiffe(subject: string): boolean {
  return subject.startsWith("spiffe://") && (isPatternSubject(subject) || isSpiffeId(subject));
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** An ID at a point of a shape: the n-th plainest text stands wherever the point leaves it open. */
export function idAt(point: Point, n: number): string {
  let fill = "";
  for (let left = n + 1; left > 0; left = Math.floor((left - 1) / letters.length))
    fill = letters[(left - 1) % letters.length]! + fill;
  return `spiffe://${point.map((text) => text ?? fill).join("/")}`;
}
