/** The hash tree over the lines of a log, as in RFC 6962 §2.1: one root says what all of them are, and in which order. */
import { hash } from "node:crypto";
import { assert } from "../diagnostics/index.ts";

/** 32 bytes. */
export type Hash = Uint8Array;

/** RFC 6962 §2.1: leaves and nodes differ in their first byte, so that none passes for the other. */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const emptyRoot: Hash = sha256(new Uint8Array());

function sha256(bytes: Uint8Array): Hash {
  return hash("sha256", bytes, "buffer");
}

export function hashLeaf(line: Uint8Array): Hash {
  return sha256(Buffer.concat([LEAF, line]));
}

function hashNode(left: Hash, right: Hash): Hash {
  return sha256(Buffer.concat([NODE, left, right]));
}

/**
 * The root of a log that grows: keeps one hash for each full subtree, so a log of a million lines costs twenty hashes.
 *
 * @example
 * const log = new GrowingRoot();
 * log.add(hashLeaf(line));
 * log.root;
 */
export class GrowingRoot {
  /** Of the subtrees that the size has a bit for, the largest first. */
  readonly #full: Hash[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(leaf: Hash): void {
    let node = leaf;
    for (let size = this.#size; size % 2 === 1; size = Math.floor(size / 2)) node = hashNode(this.#full.pop()!, node);
    this.#full.push(node);
    this.#size++;
  }

  get root(): Hash {
    if (this.#full.length === 0) return emptyRoot;
    return this.#full.reduceRight((right, left) => hashNode(left, right));
  }
}

/** RFC 6962 §2.1: the root of some of the leaves. */
export function rootOf(leaves: readonly Hash[], from = 0, to = leaves.length): Hash {
  const growing = new GrowingRoot();
  for (let index = from; index < to; index++) growing.add(leaves[index]!);
  return growing.root;
}

/** RFC 6962 §2.1.1: what has to be known beside a leaf to compute the root of all of them. */
export function proveInclusion(leaves: readonly Hash[], index: number): readonly Hash[] {
  assert(index < leaves.length, "a proof is asked for a line that is not in the log");
  const proof: Hash[] = [];
  let [from, to] = [0, leaves.length];
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      proof.push(rootOf(leaves, middle, to));
      to = middle;
    } else {
      proof.push(rootOf(leaves, from, middle));
      from = middle;
    }
  }
  return proof.reverse();
}

/** RFC 6962 §2.1.2: what shows that the log of `size` lines is how this one began. */
export function proveConsistency(leaves: readonly Hash[], size: number): readonly Hash[] {
  assert(size > 0 && size <= leaves.length, "a proof is asked for a log that is empty, or longer than this one");
  const proof: Hash[] = [];
  let [from, to] = [0, leaves.length];
  while (size < to) {
    const middle = from + split(to - from);
    if (size <= middle) {
      proof.push(rootOf(leaves, middle, to));
      to = middle;
    } else {
      proof.push(rootOf(leaves, from, middle));
      from = middle;
    }
  }
  // The old root itself is known to whoever checks; a part of it is not.
  if (from > 0) proof.push(rootOf(leaves, from, to));
  return proof.reverse();
}

/** The largest power of two below `size`. */
function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** RFC 9162 §2.1.3.2. */
export function includes(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
  let node = leaf;
  let [at, last] = [index, size - 1];
  for (const other of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = hashNode(other, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else node = hashNode(node, other);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSame(node, root);
}

/** RFC 9162 §2.1.4.2: whether the log of `newSize` lines began as the one of `oldSize` lines was. */
export function extendsLog(
  oldSize: number,
  oldRoot: Hash,
  newSize: number,
  newRoot: Hash,
  proof: readonly Hash[],
): boolean {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false;
  if (newSize === 0 && !isSame(newRoot, emptyRoot)) return false;
  if (oldSize === newSize) return proof.length === 0 && isSame(oldRoot, newRoot);
  // Every log began empty: there is nothing to prove, and so no proof of it.
  if (oldSize === 0 || ![oldRoot, newRoot, ...proof].every(isHash)) return false;
  let [at, last] = [oldSize - 1, newSize - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  const path = at === 0 ? [oldRoot, ...proof] : proof;
  const first = path[0];
  if (!first) return false;
  let [older, newer] = [first, first];
  for (const other of path.slice(1)) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      older = hashNode(other, older);
      newer = hashNode(other, newer);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else newer = hashNode(newer, other);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSame(older, oldRoot) && isSame(newer, newRoot);
}

/** Sizes may be beyond 32 bits, where shifts lie. */
function half(count: number): number {
  return Math.floor(count / 2);
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0;
}

function isHash(hash: Hash): boolean {
  return hash.length === emptyRoot.length;
}

function isSame(a: Hash, b: Hash): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
