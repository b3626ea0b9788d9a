/** The list of revocations in pieces: a change moves the last piece, and those that lose an entry, and no other. */
import { hash } from "node:crypto";
import { type ListedRevocation, revocationsPath, writeRevocations } from "../protocol/index.ts";
import type { NewTarget } from "../trust/index.ts";
import { type Estate, EXPIRY_SKEW, keyOf } from "./estate.ts";

/** Entries of one piece. */
const LARGEST = 512;

/** Characters of the names in one piece: far below what a reader takes, however they are escaped. */
const LONGEST = 96 * 1024;

/** More pieces than a gateway's limit on the file that lists them has room for. */
export const mostPieces = 1200;

interface Piece {
  readonly first: number;
  readonly entries: Map<string, ListedRevocation>;
  /** Characters of its names. */
  length: number;
  /** What was written of it last; nothing while it has changed since. */
  written: Written | undefined;
  /** When more than half of it will have expired. */
  lightAt: number;
}

interface Written {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/**
 * INVARIANT: the union of the pieces is what the estate has revoked, and tokens that have expired: those leave when a piece is written
 * for another reason, or has become light.
 */
export class Pieces {
  readonly #pieces: Piece[] = [];
  /** In which piece an entry stands. */
  readonly #places = new Map<string, Piece>();

  /** As the files in force have them, by their numbers. */
  static of(files: readonly { readonly first: number; readonly entries: readonly ListedRevocation[] }[]): Pieces {
    const pieces = new Pieces();
    for (const { first, entries } of files.toSorted((a, b) => a.first - b.first)) {
      const piece = pieces.#begin(first);
      for (const entry of entries) pieces.#put(piece, keyOf(entry.path), entry);
      settle(piece);
    }
    return pieces;
  }

  get count(): number {
    return this.#pieces.length;
  }

  /** All entries of all pieces, for whoever compares. */
  get keys(): Iterable<string> {
    return this.#places.keys();
  }

  /** Takes over what the estate has touched. */
  follow(estate: Estate, now: number): void {
    for (const key of estate.touched) {
      const entry = estate.revocations.get(key);
      const place = this.#places.get(key);
      const held = place?.entries.get(key);
      if (entry && held?.sequence === entry.sequence && held.value === entry.value) continue;
      // A token that has gone from the estate has only expired: it may stay until its piece is written anyhow.
      if (!entry && held && isExpired(held, now)) continue;
      if (place) this.#remove(place, key);
      if (entry) this.#put(this.#last(entry), key, entry);
    }
    estate.touched.clear();
    for (const piece of this.#pieces) if (piece.lightAt < now || !piece.written) this.#dropExpired(piece, now);
    this.#joinSmall();
  }

  /** What is to be signed; each with its bytes, which are written only where they changed. */
  get files(): readonly { readonly path: string; readonly bytes: Uint8Array; readonly digest: string }[] {
    return this.#pieces.map((piece) => ({ path: revocationsPath(piece.first), ...settle(piece) }));
  }

  #begin(first: number): Piece {
    const piece: Piece = {
      first,
      entries: new Map(),
      length: 0,
      written: undefined,
      lightAt: Number.POSITIVE_INFINITY,
    };
    this.#pieces.push(piece);
    return piece;
  }

  /** The one that grows. Its number is that of its first entry, or one more than the number before: no two have the same. */
  #last({ sequence, path }: ListedRevocation): Piece {
    const last = this.#pieces.at(-1);
    if (last && last.entries.size < LARGEST && last.length + lengthOf(path) <= LONGEST) return last;
    return this.#begin(Math.max(sequence, (last?.first ?? 0) + 1));
  }

  #put(piece: Piece, key: string, entry: ListedRevocation): void {
    piece.entries.set(key, entry);
    piece.length += lengthOf(entry.path);
    piece.written = undefined;
    this.#places.set(key, piece);
  }

  #remove(piece: Piece, key: string): void {
    const entry = piece.entries.get(key)!;
    piece.entries.delete(key);
    piece.length -= lengthOf(entry.path);
    piece.written = undefined;
    this.#places.delete(key);
  }

  #dropExpired(piece: Piece, now: number): void {
    for (const [key, entry] of piece.entries) if (isExpired(entry, now)) this.#remove(piece, key);
  }

  /** So that pieces stay few though most of their entries go: two beside each other that are a quarter full together become one. */
  #joinSmall(): void {
    for (let index = this.#pieces.length - 1; index >= 0; index--) {
      const piece = this.#pieces[index]!;
      const before = this.#pieces[index - 1];
      if (piece.entries.size === 0) this.#pieces.splice(index, 1);
      // Neither moves for this alone: one of them is written anew in any case.
      else if (before && (!piece.written || !before.written) && isSmall(piece, before)) {
        for (const [key, entry] of [...piece.entries]) {
          this.#remove(piece, key);
          this.#put(before, key, entry);
        }
        this.#pieces.splice(index, 1);
      }
    }
  }
}

function isSmall(piece: Piece, before: Piece): boolean {
  return piece.entries.size + before.entries.size <= LARGEST / 4 && piece.length + before.length <= LONGEST / 4;
}

/** Writes it where it has changed. */
function settle(piece: Piece): Written {
  if (piece.written) return piece.written;
  const bytes = writeRevocations([...piece.entries.values()]);
  piece.written = { bytes, digest: hash("sha256", bytes, "hex") };
  const ends = [...piece.entries.values()].flatMap(({ path, value }) => (path[0] === "tokens" ? [value] : []));
  const half = ends.toSorted((a, b) => a - b)[Math.floor(piece.entries.size / 2)];
  piece.lightAt = half === undefined ? Number.POSITIVE_INFINITY : half + EXPIRY_SKEW;
  return piece.written;
}

function isExpired({ path, value }: ListedRevocation, now: number): boolean {
  return path[0] === "tokens" && value + EXPIRY_SKEW < now;
}

function lengthOf(path: readonly string[]): number {
  return path.reduce((sum, name) => sum + name.length, 0);
}

/** As `nextSet` takes them: their digests are known. */
export function targetsOf(pieces: Pieces): readonly NewTarget[] {
  return pieces.files.map(({ path, bytes, digest }) => ({ path, bytes: { length: bytes.length, sha256: digest } }));
}
