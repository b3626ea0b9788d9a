/**
 * Whether an object names a member twice. The names of all objects that are open lie on one stack. Of few names each new one is
 * compared with those before it if one of them may be the same; of many, all are sorted when the object ends: never quadratic.
 */
import { SCRATCH } from "../layout.ts";
import { allocate } from "./memory.ts";
import { equal } from "./text.ts";

const NAME_HASH = 0;
const NAME_LENGTH = 4;
const NAME_ADDRESS = 8;
const NAME_SIZE = 16;
/** At most so many names are compared one by one. */
const FEW: u32 = 64;
/** As many as the scratch memory holds; a larger stack lies on the heap. */
const STACK: usize = SCRATCH + 0x1800;
const STACK_NAMES: u32 = 1024;

let stack: usize = STACK;
let room: u32 = STACK_NAMES;
let mostNames: u32 = 0;
let count: u32 = 0;

/** Whether a name was met twice since `startNames`. */
export let hasDuplicate: bool = false;

/** @param most no text that is read has more names than this */
export function startNames(most: u32): void {
  stack = STACK;
  room = STACK_NAMES;
  mostNames = most;
  count = 0;
  hasDuplicate = false;
}

/** What `closeNames` needs of an object that begins. */
export function openNames(): u32 {
  return count;
}

/** @param before which names the object may have: bits of their hashes, as this function returned them for the last one */
export function addName(opened: u32, before: u64, address: usize, length: u32, hash: u32): u64 {
  const bit = (1 as u64) << (hash as u64);
  if (before & bit && count - opened <= FEW) compareWithEarlier(opened, address, length, hash);
  if (count === room) grow();
  const name = stack + count++ * NAME_SIZE;
  store<u32>(name, hash, NAME_HASH);
  store<u32>(name, length, NAME_LENGTH);
  store<u32>(name, address as u32, NAME_ADDRESS);
  return before | bit;
}

export function closeNames(opened: u32): void {
  if (count - opened > FEW && !hasDuplicate) sortNames(opened);
  count = opened;
}

/** A hash for names that no index knows. It is no secret, and nothing grows with how many names share one. */
export function nameHash(address: usize, length: u32): u32 {
  let word = load<u64>(address);
  if (length < 8) word &= ((1 as u64) << (length << 3)) - 1;
  else word ^= load<u64>(address + length - 8) * (((0x9e3779b9 as u64) << 32) | 0x7f4a7c15);
  word = (word ^ length) * (((0xd6e8feb8 as u64) << 32) | 0x6659fd93);
  return (word >> 32) as u32;
}

function compareWithEarlier(opened: u32, address: usize, length: u32, hash: u32): void {
  for (let i = opened; i < count; i++) {
    const name = stack + i * NAME_SIZE;
    if (load<u32>(name, NAME_HASH) !== hash || load<u32>(name, NAME_LENGTH) !== length) continue;
    if (equal(load<u32>(name, NAME_ADDRESS), address, length)) hasDuplicate = true;
  }
}

function grow(): void {
  const larger = allocate(mostNames * NAME_SIZE);
  memory.copy(larger, stack, count * NAME_SIZE);
  stack = larger;
  room = mostNames;
}

/** Heap sort: no order of the names makes it slow. */
function sortNames(opened: u32): void {
  const base = stack + opened * NAME_SIZE;
  const total = count - opened;
  for (let i = total / 2; i > 0; i--) sift(base, i - 1, total);
  for (let last = total - 1; last > 0; last--) {
    swap(base, base + last * NAME_SIZE);
    // The largest of the rest was first; now it lies behind it.
    sift(base, 0, last);
  }
  for (let i: u32 = 1; i < total; i++)
    if (compare(base + (i - 1) * NAME_SIZE, base + i * NAME_SIZE) === 0) hasDuplicate = true;
}

function sift(base: usize, parent: u32, total: u32): void {
  for (;;) {
    let child = parent * 2 + 1;
    if (child >= total) return;
    if (child + 1 < total && compare(base + child * NAME_SIZE, base + (child + 1) * NAME_SIZE) < 0) child++;
    if (compare(base + parent * NAME_SIZE, base + child * NAME_SIZE) >= 0) return;
    swap(base + parent * NAME_SIZE, base + child * NAME_SIZE);
    parent = child;
  }
}

function swap(a: usize, b: usize): void {
  const low = load<u64>(a);
  const high = load<u64>(a, 8);
  store<u64>(a, load<u64>(b));
  store<u64>(a, load<u64>(b, 8), 8);
  store<u64>(b, low);
  store<u64>(b, high, 8);
}

function compare(a: usize, b: usize): i32 {
  // Hash and length at once.
  const first = load<u64>(a);
  const second = load<u64>(b);
  if (first !== second) return first < second ? -1 : 1;
  const length = load<u32>(a, NAME_LENGTH);
  const ours: usize = load<u32>(a, NAME_ADDRESS);
  const theirs: usize = load<u32>(b, NAME_ADDRESS);
  return memory.compare(ours, theirs, length);
}
