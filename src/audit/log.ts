/** The lines of a log: each knows its number and the line before it, so that whoever reads them finds the first that was touched. */
import { type AuditFault, WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonObject, readJson } from "../json/index.ts";
import { emptyRoot, GrowingRoot, type Hash, hashLeaf } from "./merkle.ts";

/** Bytes of a line without its end. A body of revocations, which has 64 KiB at most, fits into one. */
export const largestLine = 128 * 1024;

const LINE_END = 0x0a;

export type NextLine =
  | { readonly entry: JsonObject; readonly fault?: never }
  | { readonly fault: AuditFault; readonly index: number };

/**
 * A log as it grows. Its lines are the leaves of the tree, and the tree is what is signed.
 *
 * @example
 * const log = new GrowingLog();
 * for (const line of log.linesFor([{ action: "revoke" }])) log.add(line);
 * log.root;
 */
export class GrowingLog {
  readonly #tree = new GrowingRoot();
  #last: Hash = emptyRoot;

  get size(): number {
    return this.#tree.size;
  }

  /** In hexadecimal, as it rides in every timestamp. */
  get root(): string {
    return toHex(this.#tree.root);
  }

  /** What the next lines have to be for these entries. Nothing is added yet. */
  linesFor(entries: readonly JsonObject[]): readonly Uint8Array[] {
    let last = this.#last;
    return entries.map((entry, index) => {
      const line = canonicalJsonBytes({ ...entry, number: this.size + index, previous: toHex(last) });
      last = hashLeaf(line);
      return line;
    });
  }

  /** Adds a line if it is the next one, and says what is in it. */
  add(line: Uint8Array): NextLine {
    const read = readJson(line, { size: largestLine });
    const index = this.size;
    if (read.failure || typeof read.value !== "object" || read.value === null || Array.isArray(read.value))
      return { fault: "line", index };
    const { number, previous, ...entry } = read.value as JsonObject;
    if (number !== index) return { fault: "number", index };
    // The line before is another one than when this line was written; before the first there is nothing to be at fault.
    if (previous !== toHex(this.#last)) return { fault: "previous", index: Math.max(0, index - 1) };
    this.#last = hashLeaf(line);
    this.#tree.add(this.#last);
    return { entry };
  }
}

/** A size of a log and its root then, in hexadecimal. */
export interface LogHead {
  readonly size: number;
  readonly root: string;
}

/**
 * Holds a whole log to heads that were signed: it has to be what they say at each of them, and end with the last. Throws
 * `audit-mismatch`, which names the first line that is not to be trusted.
 */
export function verifyLog(lines: Uint8Array, heads: readonly LogHead[]): readonly JsonObject[] {
  const inOrder = heads.toSorted((a, b) => a.size - b.size);
  const log = new GrowingLog();
  const entries: JsonObject[] = [];
  let sound = 0;
  const check = () => {
    for (const head of inOrder) {
      if (head.size !== log.size) continue;
      if (head.root !== log.root) throw mismatch("root", sound);
      sound = head.size;
    }
  };
  check();
  for (const line of splitLines(lines)) {
    const next = line ? log.add(line) : ({ fault: "line", index: log.size } as const);
    if (next.fault) throw mismatch(next.fault, next.index);
    entries.push(next.entry);
    check();
  }
  const signed = inOrder.at(-1)?.size ?? 0;
  if (log.size < signed) throw mismatch("missing", log.size);
  if (log.size > signed) throw mismatch("unsigned", signed);
  return entries;
}

function mismatch(fault: AuditFault, index: number): WritError {
  return WritError.of("WRIT8021", { fault, index });
}

/** Lines without their ends; nothing for one that has none. */
export function* splitLines(bytes: Uint8Array): Generator<Uint8Array | undefined> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(LINE_END, at);
    if (end < 0) {
      yield undefined;
      return;
    }
    yield bytes.subarray(at, end);
    at = end + 1;
  }
}

/** Lines with their ends, as they lie in a file. */
export function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(lines.flatMap((line) => [line, Uint8Array.of(LINE_END)]));
}

function toHex(hash: Hash): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString("hex");
}
