/** The heap: one arena that only grows until the host sets it back, and the end of everything when memory cannot be had. */
import { opa_abort } from "./env.ts";

const PAGE = 65536;
/** Four SDKs write the input above the heap pointer without asking whether there is memory. */
const ROOM = 4 * PAGE;
/** No address of ours is above this, so that sums of an address and a size never wrap around. */
const LIMIT: usize = 0xffff0000;

/** Below it lie tables and slots, whatever the host says. */
let base: usize = 0;
let pointer: usize = 0;

export function heapPointer(): usize {
  return pointer;
}

/** Hosts set any address, aligned or not; what lies above is forgotten. */
export function setHeapPointer(address: usize): void {
  pointer = min(max(address, base), LIMIT);
  newest = 0;
  grow(pointer, ROOM);
}

export function setHeapBase(address: usize): void {
  base = address;
  setHeapPointer(address);
}

/** Whether an address is one that a host may have from us. */
export function isOnHeap(address: usize, size: u32): bool {
  return address >= base && isHeld(address, size);
}

/** Whether there is memory at all of these bytes. */
export function isHeld(address: usize, size: u32): bool {
  return (address as u64) + (size as u64) <= (memory.size() as u64) * PAGE;
}

/** Memory of this many bytes, aligned to 8. */
export function allocate(size: u32): usize {
  const address = (pointer + 7) & ~7;
  ensure(address, size);
  pointer = address + size;
  return address;
}

/** Gives back what was allocated since the heap pointer was there, unless a block lies in between. */
export function release(address: usize): void {
  if (newest < address) pointer = address;
}

/** What was written below this address without asking for memory must not be written over. */
export function cover(end: usize): void {
  if (pointer < end) pointer = end;
}

/** Makes sure that there is memory for `size` bytes from `address` on, and a word to read past its end. */
export function ensure(address: usize, size: u32): void {
  if (!grow(address, size)) fail("memory cannot grow");
}

/** The same, but says whether it could. */
export function grow(address: usize, size: u32): bool {
  const needed = (address as u64) + (size as u64) + 16;
  // The host may have grown the memory itself, so its size is asked for each time.
  const held = (memory.size() as u64) * PAGE;
  if (needed <= held) return true;
  const pages = (needed - held + PAGE - 1) / PAGE;
  return needed <= (LIMIT as u64) && memory.grow(pages as i32) >= 0;
}

// A block is memory that a host may give back. Only the newest ones really go: then whatever a host frees, in whatever order,
// texts below a value stay as long as the value.
const BLOCK_CHECK = 0; // its own address, scrambled; 0 once it was freed
const BLOCK_BEFORE = 4; // the heap pointer before it
const BLOCK_PREVIOUS = 8; // block
const BLOCK_SIZE = 16;
const SCRAMBLE: u32 = 0x9e3779b9;

/** Since the heap pointer was set. */
let newest: usize = 0;

export function allocateBlock(size: u32): usize {
  const before = pointer;
  // A text may be sealed: the byte after it belongs to it, too.
  const block = allocate(min<u32>(size, LIMIT as u32) + BLOCK_SIZE + 8);
  store<u32>(block, (block as u32) ^ SCRAMBLE, BLOCK_CHECK);
  store<u32>(block, before, BLOCK_BEFORE);
  store<u32>(block, newest, BLOCK_PREVIOUS);
  newest = block;
  return block + BLOCK_SIZE;
}

/** Takes any address; does nothing where none of our blocks is. */
export function freeBlock(address: usize): void {
  if ((address & 7) !== 0 || address < base + BLOCK_SIZE || !isHeld(address, 0)) return;
  const block = address - BLOCK_SIZE;
  if (load<u32>(block, BLOCK_CHECK) !== ((block as u32) ^ SCRAMBLE)) return;
  store<u32>(block, 0, BLOCK_CHECK);
  for (; newest && !load<u32>(newest, BLOCK_CHECK); newest = load<u32>(newest, BLOCK_PREVIOUS))
    pointer = load<u32>(newest, BLOCK_BEFORE);
}

/** Some hosts return from `opa_abort`, so nothing may follow it. */
export function fail(message: string): void {
  const text = changetype<usize>(message);
  const length: u32 = message.length;
  // At a fixed place: there may be no memory left.
  for (let i: u32 = 0; i < length; i++) store<u8>(MESSAGE + i, load<u8>(text + (i << 1)));
  store<u8>(MESSAGE + length, 0);
  opa_abort(MESSAGE);
  unreachable();
}

const MESSAGE: usize = 0xff00;
