/** The heap: one arena that only grows until the host sets it back, and the end of everything when memory cannot be had. */
import { opa_abort } from "./env.ts";

const PAGE = 65536;
/** Four SDKs write the input above the heap pointer without asking whether there is memory. */
const ROOM = 4 * PAGE;

let pointer: usize = 0;

export function heapPointer(): usize {
  return pointer;
}

/** Hosts set any address, aligned or not; what lies above is forgotten. */
export function setHeapPointer(address: usize): void {
  pointer = address;
  ensure(address, ROOM);
}

/** Memory of this many bytes, aligned to 8. */
export function allocate(size: u32): usize {
  const address = (pointer + 7) & ~7;
  ensure(address, size);
  pointer = address + size;
  return address;
}

/** Makes sure that there is memory for `size` bytes from `address` on, and a word to read past its end. */
export function ensure(address: usize, size: u32): void {
  const needed = (address as u64) + (size as u64) + 16;
  // The host may have grown the memory itself, so its size is asked for each time.
  const held = (memory.size() as u64) * PAGE;
  if (needed <= held) return;
  const pages = (needed - held + PAGE - 1) / PAGE;
  if (needed > 0xffff0000 || memory.grow(pages as i32) < 0) fail("memory cannot grow");
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
