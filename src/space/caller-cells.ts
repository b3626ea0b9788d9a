/** The callers of two models by whom each model takes them for: one cell per credential and pair of identities. */
import { type Identity, type Issuer, isSpiffeId, limits, lookupIn, type Model } from "../model/index.ts";
import type { CallerClass, CredentialKind } from "./classes.ts";
import { meet, pointsOf, type Shape, shapeKey } from "./shapes.ts";
import { idAt, Subjects, type SubjectTable, subjectTable } from "./subjects.ts";

/** Who is found under one name, in each model. */
export interface Found {
  readonly before?: Identity | undefined;
  readonly after?: Identity | undefined;
}

export interface CallerCell extends Found {
  readonly credential: CredentialKind;
  readonly shows: CallerClass["shows"];
  /** The subject of the credential, where all of the cell have the same. */
  readonly subject?: string;
  /** Of a token: who issued it. */
  readonly issuers?: { readonly before?: Issuer | undefined; readonly after?: Issuer | undefined };
  /** Of a key: when it was made. */
  readonly created?: { readonly before?: number | undefined; readonly after?: number | undefined };
}

type Tell = (cell: CallerCell) => void;

/** All cells that hold a caller. */
export class CallerCells {
  readonly #before: Model;
  readonly #after: Model;
  readonly #old: SubjectTable;
  readonly #young: SubjectTable;

  constructor(before: Model, after: Model) {
    this.#before = before;
    this.#after = after;
    this.#old = subjectTable(before);
    this.#young = before === after ? this.#old : subjectTable(after);
  }

  /** Whom an SVID of this ID names. */
  svidOf(id: string): Found {
    return { before: this.#old.spiffe.find(id), after: this.#young.spiffe.find(id) };
  }

  /** An ID that neither model knows. */
  unknownSvid(): string {
    return firstUnknown("spiffe://nobody.example/nobody", (id) => {
      const { before, after } = this.svidOf(id);
      return !before && !after;
    });
  }

  keys(tell: Tell): void {
    const [old, young] = [lookupIn(this.#before), lookupIn(this.#after)];
    const tellOf = (id: string) => {
      const [b, a] = [old.identityOfKey(id), young.identityOfKey(id)];
      const created = { before: b?.created, after: a?.created };
      tell({ credential: "key", before: b?.identity, after: a?.identity, shows: { key: id }, subject: id, created });
    };
    for (const { keys } of this.#before.identities) for (const { id } of keys) tellOf(id);
    for (const { keys } of this.#after.identities) for (const { id } of keys) if (!old.identityOfKey(id)) tellOf(id);
    tellOf(firstUnknown("nobody", (id) => !old.identityOfKey(id) && !young.identityOfKey(id)));
  }

  svids(tell: Tell): void {
    const [old, young] = [this.#old.spiffe, this.#young.spiffe];
    exactCells(old, young, (found, id) => tell({ credential: "svid", ...found, shows: { spiffe: id }, subject: id }));
    patternCells(old, young, limits.spiffeBytes, (found, id) =>
      tell({ credential: "svid", ...found, shows: { spiffe: id } }),
    );
    tell({ credential: "svid", shows: { spiffe: this.unknownSvid() } });
  }

  tokens(tell: Tell): void {
    const [old, young] = [lookupIn(this.#before), lookupIn(this.#after)];
    const urls = new Set([...this.#before.issuers, ...this.#after.issuers].map(({ url }) => url));
    for (const url of [...urls].sort()) {
      const issuers = { before: old.issuerByUrl(url), after: young.issuerByUrl(url) };
      const [b, a] = [
        this.#old.byIssuer.get(issuers.before?.name ?? "") ?? new Subjects(),
        this.#young.byIssuer.get(issuers.after?.name ?? "") ?? new Subjects(),
      ];
      exactCells(b, a, (found, subject) => {
        if (fitsSubject(subject)) tell({ credential: "token", ...found, shows: { url, subject }, subject, issuers });
      });
      patternCells(b, a, limits.nameBytes, (found, subject) =>
        tell({ credential: "token", ...found, shows: { url, subject }, issuers }),
      );
      const subject = firstUnknown("nobody", (text) => !b.find(text) && !a.find(text));
      tell({ credential: "token", shows: { url, subject }, issuers });
    }
    const url = firstUnknown("https://nobody.example", (text) => !urls.has(text));
    tell({ credential: "token", shows: { url, subject: "nobody" }, issuers: {} });
  }
}

function exactCells(old: Subjects, young: Subjects, tell: (found: Found, subject: string) => void): void {
  for (const [subject, before] of old.exact) tell({ before, after: young.find(subject) }, subject);
  for (const [subject, after] of young.exact)
    if (!old.exact.has(subject)) tell({ before: old.find(subject), after }, subject);
}

/** Who is found for IDs that are no exact subject; each with the plainest ID of at most so many bytes, if there is one. */
function patternCells(
  old: Subjects,
  young: Subjects,
  longest: number,
  tell: (found: Found, subject: string) => void,
): void {
  const told = new Map<Identity | undefined, Set<Identity | undefined>>();
  const look = (shape: Shape) => {
    const [point] = pointsOf(shape, shape.length);
    const [before, after] = [old.trie.find(point!), young.trie.find(point!)];
    const toldWith = told.get(before) ?? new Set();
    if (toldWith.has(after)) return;
    told.set(before, toldWith.add(after));
    const [x, y] = [before && old.patterns.get(before), after && young.patterns.get(after)];
    const [common] = pointsOf(x && y ? meet(x, y)! : (x ?? y)!, shape.length);
    // Whatever is no exact subject and no literal of any pattern is found like the point itself.
    for (let n = 0; ; n++) {
      const id = idAt(common!, n);
      if (id.length > longest || !isSpiffeId(id)) return;
      if (old.find(id) === before && young.find(id) === after) return tell({ before, after }, id);
      // Where two patterns leave nothing open, they meet in one ID, and that may be an exact subject.
      if (!common!.includes(undefined)) return;
    }
  };
  for (const { patterns } of [old, young]) for (const shape of patterns.values()) look(shape);
  for (const shape of old.patterns.values()) {
    const key = shapeKey(shape);
    young.trie.overlapping(shape, (identity) => {
      const other = young.patterns.get(identity)!;
      const met = meet(shape, other)!;
      const metKey = shapeKey(met);
      if (metKey !== key && metKey !== shapeKey(other)) look(met);
    });
  }
}

/** A text that names nobody, the plainest. */
function firstUnknown(text: string, isUnknown: (text: string) => boolean): string {
  for (let n = 2, tried = text; ; n++) {
    if (isUnknown(tried)) return tried;
    tried = `${text}${n}`;
  }
}

function fitsSubject(subject: string): boolean {
  return subject.length * 3 <= limits.nameBytes || new TextEncoder().encode(subject).length <= limits.nameBytes;
}
