/** What a gateway knows of revocations: taken whole or entry by entry, looked at before it is believed, never older than before. */
import { WritError } from "../diagnostics/index.ts";
import { isObject, isTime, own } from "../model/index.ts";

/** Where an entry stands: `["tokens", issuer, jti]`, or the name of another list and a name in it. */
export type RevocationPath = readonly ["tokens", string, string] | readonly [RevocationList, string];

export type RevocationList = (typeof LISTS)[number];

/** Entries to add and to remove, and what the publisher says anew; all of it counts from one moment on. */
export interface RevocationPatch {
  readonly sequence?: number;
  readonly at?: number;
  readonly floor?: number;
  readonly add?: readonly { readonly path: RevocationPath; readonly value: number }[];
  readonly remove?: readonly RevocationPath[];
}

const HEADS = ["sequence", "at", "floor"] as const;
const LISTS = ["identities", "issuedBefore", "keys", "issuers", "tiers", "owners", "grants"] as const;

type Head = { [Name in (typeof HEADS)[number]]?: number };
type Entries = Map<string, number>;

/** A change of the document that engines hold: a value to set at a path, or to remove. */
export interface Change {
  readonly path: readonly string[];
  /** JSON; absent where the path is removed. */
  readonly value?: string;
}

/** The one copy that survives engines and policies; each engine has its own, made from it. */
export class HeldRevocations {
  /** Counts what was said, so that each engine can tell whether it knows all of it. */
  version = 0;
  #head: Head = {};
  #lists = new Map<string, Entries>();
  #tokens = new Map<string, Entries>();

  /** Replaces all of it. @throws WritError; then nothing has changed */
  set(document: unknown): void {
    if (!isObject(document)) throw malformed("revocations");
    const lists = new Map<string, Entries>();
    const tokens = new Map<string, Entries>();
    for (const [name, value] of Object.entries(document)) {
      if (value === undefined || isHead(name)) continue;
      // A list that is not known here would revoke nothing here.
      if (name !== "tokens" && !isList(name)) throw malformed(name);
      if (name !== "tokens") lists.set(name, readEntries(name, value));
      else
        for (const [issuer, list] of members(name, value)) tokens.set(issuer, readEntries(`${name}.${issuer}`, list));
    }
    // Without a sequence, a list can't be told from an older one.
    for (const name of HEADS)
      if (own(document, name) === undefined && (name !== "sequence" || this.#head.sequence !== undefined))
        throw malformed(name);
    const head = this.#nextHead(document);
    this.#head = head;
    this.#lists = lists;
    this.#tokens = tokens;
    this.version++;
  }

  /** Changes entries. @throws WritError; then nothing has changed. @returns what engines have to change */
  patch(patch: RevocationPatch): readonly Change[] {
    if (this.#head.at === undefined) throw malformed("revocations");
    const unknown = Object.keys(patch).find((name) => !isHead(name) && name !== "add" && name !== "remove");
    if (unknown !== undefined) throw malformed(unknown);
    const head = this.#nextHead(patch);
    const { add = [], remove = [] } = patch;
    if (!Array.isArray(add) || !Array.isArray(remove)) throw malformed(Array.isArray(add) ? "remove" : "add");
    for (const entry of add) if (!isPath(entry?.path) || !isTime(entry.value)) throw malformed("add");
    for (const path of remove) if (!isPath(path)) throw malformed("remove");
    const changes: Change[] = HEADS.flatMap((name) =>
      head[name] === this.#head[name] ? [] : [{ path: [name], value: String(head[name]) }],
    );
    this.#head = head;
    this.version++;
    for (const { path, value } of add) changes.push(this.#add(path, value));
    for (const path of remove) if (this.#entriesAt(path)?.delete(path.at(-1)!)) changes.push({ path });
    return changes;
  }

  /** The JSON text that engines read, or nothing while nothing is known. */
  text(): string | undefined {
    if (this.#head.at === undefined) return undefined;
    const parts = HEADS.flatMap((name) => (this.#head[name] === undefined ? [] : [`"${name}":${this.#head[name]}`]));
    // Every list is there, so that an entry can be added to each.
    for (const name of LISTS) parts.push(`"${name}":${textOf(this.#lists.get(name) ?? [], String)}`);
    parts.push(`"tokens":${textOf(this.#tokens, (entries) => textOf(entries, String))}`);
    return `{"revocations":{${parts.join(",")}}}`;
  }

  /** What is said anew, on top of what is held; times and numbers never go back (threat model: replay of an older list). */
  #nextHead(from: object): Head {
    const head: Head = { ...this.#head };
    for (const name of HEADS) {
      const value = own(from as Readonly<Record<string, unknown>>, name);
      if (value === undefined) continue;
      if (!isTime(value)) throw malformed(name);
      const held = head[name];
      if (held !== undefined && value < held) throw WritError.of("WRIT9005", { member: name, value, held });
      head[name] = value;
    }
    return head;
  }

  #add(path: RevocationPath, value: number): Change {
    const name = path.at(-1)!;
    const entries = this.#entriesAt(path);
    if (entries) {
      entries.set(name, value);
      return { path, value: String(value) };
    }
    const created: Entries = new Map([[name, value]]);
    if (path.length === 3) this.#tokens.set(path[1], created);
    else this.#lists.set(path[0], created);
    return { path: path.slice(0, -1), value: textOf(created, String) };
  }

  #entriesAt(path: RevocationPath): Entries | undefined {
    return path.length === 3 ? this.#tokens.get(path[1]) : this.#lists.get(path[0]);
  }
}

function isHead(name: string): boolean {
  return (HEADS as readonly string[]).includes(name);
}

function isList(name: unknown): boolean {
  return (LISTS as readonly unknown[]).includes(name);
}

function isPath(path: unknown): path is RevocationPath {
  if (!Array.isArray(path) || !path.every((part) => typeof part === "string" && part.isWellFormed())) return false;
  return path.length === 3 ? path[0] === "tokens" : path.length === 2 && isList(path[0]);
}

function readEntries(place: string, value: unknown): Entries {
  const entries: Entries = new Map();
  for (const [name, time] of members(place, value)) {
    if (!isTime(time)) throw malformed(`${place}.${name}`);
    entries.set(name, time);
  }
  return entries;
}

function members(place: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (!isObject(value)) throw malformed(place);
  const list = Object.entries(value);
  if (!list.every(([name]) => name.isWellFormed())) throw malformed(place);
  return list;
}

function textOf<T>(entries: Iterable<readonly [string, T]>, write: (value: T) => string): string {
  return `{${Array.from(entries, ([name, value]) => `${JSON.stringify(name)}:${write(value)}`).join(",")}}`;
}

function malformed(place: string): WritError {
  return WritError.of("WRIT9004", { place });
}
