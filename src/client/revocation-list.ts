/** All that is revoked, put together from the pieces that the publisher signed, and what of it has changed. */
import type { RevocationPatch, Revocations } from "../gateway/index.ts";
import { type ListedRevocation, type RevocationPath, revocationLists } from "../protocol/index.ts";

export interface Piece {
  readonly digest: string;
  readonly entries: readonly ListedRevocation[];
}

type ListChange = Required<Pick<RevocationPatch, "add" | "remove">>;

interface Entry {
  readonly path: RevocationPath;
  value: number;
  /** How many pieces hold it. */
  pieces: number;
}

/** Seconds of clock skew after which a token's end is its end for everybody. */
const SKEW = 60;

export class RevocationList {
  #pieces: ReadonlyMap<string, Piece> = new Map();
  readonly #entries = new Map<string, Entry>();
  /** Of tokens that are in no piece, and have not expired: a `jti` once seen stays revoked (threat F18). */
  readonly #omitted = new Set<string>();

  get paths(): readonly string[] {
    return [...this.#pieces.keys()];
  }

  /** What has to be fetched no more. */
  piece(path: string, digest: string): Piece | undefined {
    const piece = this.#pieces.get(path);
    return piece?.digest === digest ? piece : undefined;
  }

  /** Puts these pieces in the place of all before. @param time seconds since 1970 */
  replace(pieces: ReadonlyMap<string, Piece>, time: number): ListChange {
    const before = new Map<string, number | undefined>();
    const touch = (path: RevocationPath): string => {
      const key = JSON.stringify(path);
      if (!before.has(key)) before.set(key, this.#entries.get(key)?.value);
      return key;
    };
    const news = [...pieces].filter(([path, piece]) => this.#pieces.get(path) !== piece);
    const olds = [...this.#pieces].filter(([path, piece]) => pieces.get(path) !== piece);
    const rest = ([path, { entries }]: readonly [string, Piece], others: ReadonlyMap<string, Piece>) =>
      entries.slice(sameAtStart(entries, others.get(path)?.entries ?? []));
    // What is in new and old pieces is never out of the list.
    for (const one of news) for (const entry of rest(one, this.#pieces)) this.#add(touch(entry.path), entry);
    for (const one of olds) for (const { path } of rest(one, pieces)) this.#remove(touch(path), time);
    this.#pieces = pieces;
    for (const key of this.#omitted) if (this.#hasExpired(key, time)) this.#forget(touch(this.#entries.get(key)!.path));
    const changed = [...before].filter(([key, value]) => this.#entries.get(key)?.value !== value);
    return {
      add: changed.flatMap(([key]) => this.#entries.get(key) ?? []).map(({ path, value }) => ({ path, value })),
      remove: changed.filter(([key]) => !this.#entries.has(key)).map(([key]) => JSON.parse(key) as RevocationPath),
    };
  }

  /** Tokens that were seen before, and are in no piece. */
  get omitted(): readonly ListedRevocation[] {
    return [...this.#omitted].map((key) => {
      const { path, value } = this.#entries.get(key)!;
      return { sequence: 0, path, value };
    });
  }

  /** Remembers tokens from before a restart. */
  remember(omitted: readonly ListedRevocation[]): void {
    for (const { path, value } of omitted) {
      const key = JSON.stringify(path);
      if (path[0] !== "tokens" || this.#entries.has(key)) continue;
      this.#entries.set(key, { path, value, pieces: 0 });
      this.#omitted.add(key);
    }
  }

  /** All of it, as engines know it. */
  document(): Omit<Revocations, "sequence" | "at" | "floor"> {
    const lists = new Map<string, Map<string, number>>(revocationLists.map((name) => [name, new Map()]));
    const tokens = new Map<string, Map<string, number>>();
    for (const { path, value } of this.#entries.values()) {
      if (path.length === 2) {
        lists.get(path[0])!.set(path[1], value);
        continue;
      }
      const [, issuer, jti] = path;
      const list = tokens.get(issuer) ?? new Map<string, number>();
      tokens.set(issuer, list.set(jti, value));
    }
    const objectOf = (entries: Map<string, number>) => Object.fromEntries(entries);
    return {
      ...Object.fromEntries([...lists].map(([name, entries]) => [name, objectOf(entries)])),
      tokens: Object.fromEntries([...tokens].map(([issuer, entries]) => [issuer, objectOf(entries)])),
    };
  }

  #add(key: string, { path, value }: ListedRevocation): void {
    const held = this.#entries.get(key);
    if (!held) {
      this.#entries.set(key, { path, value, pieces: 1 });
      return;
    }
    // Said twice, what refuses more counts.
    held.value = Math.max(value, held.value);
    held.pieces++;
    this.#omitted.delete(key);
  }

  #remove(key: string, time: number): void {
    const held = this.#entries.get(key)!;
    held.pieces--;
    if (held.pieces > 0) return;
    if (held.path[0] !== "tokens" || this.#hasExpired(key, time)) this.#forget(key);
    else this.#omitted.add(key);
  }

  #hasExpired(key: string, time: number): boolean {
    return this.#entries.get(key)!.value + SKEW < time;
  }

  #forget(key: string): void {
    this.#entries.delete(key);
    this.#omitted.delete(key);
  }
}

/** How many entries begin both: most pieces only grow, and what stays in one is not looked at again. */
function sameAtStart(entries: Piece["entries"], others: Piece["entries"]): number {
  const isSame = (a: ListedRevocation, b: ListedRevocation | undefined) =>
    a.value === b?.value && a.path.length === b.path.length && a.path.every((name, index) => name === b.path[index]);
  let count = 0;
  while (count < entries.length && isSame(entries[count]!, others[count])) count++;
  return count;
}
