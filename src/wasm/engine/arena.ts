/**
 * Memory of one document of data: blocks of powers of two, and lists of those that are free. All of it lies in the document's own
 * part of the heap, by addresses that hold wherever a host copies that part to the same place, as OPA in Go does.
 */
import { allocateBlock, freeBlock } from "./memory.ts";

// An arena; its user's own fields follow.
const ARENA_NEXT = 0; // the next byte of the chunk that was never given out
const ARENA_END = 4; // of that chunk
const ARENA_CHUNK = 8; // the newest chunk, each begins with the address of the one before
const ARENA_TOTAL = 12; // bytes of all chunks
const ARENA_FREE = 16; // for each power of two the first free block, each begins with the address of the next one
export const ARENA_SIZE = 16 + 32 * 4;
const CHUNK_HEADER = 8;

/** Blocks are no smaller than 16 bytes. */
const SMALLEST: u32 = 4;
const FIRST_CHUNK: u32 = 2048;

/** An arena whose record has `size` bytes, all 0 after its own. */
export function createArena(size: u32): usize {
  const arena = allocateBlock(size);
  memory.fill(arena, 0, size);
  return arena;
}

export function dropArena(arena: usize): void {
  for (let chunk: usize = load<u32>(arena, ARENA_CHUNK); chunk; ) {
    const before = load<u32>(chunk);
    freeBlock(chunk);
    chunk = before;
  }
  freeBlock(arena);
}

export function take(arena: usize, size: u32): usize {
  const power = powerOf(size);
  const block = takeFree(arena, power);
  if (block) return block;
  const bytes: u32 = 1 << power;
  if (load<u32>(arena, ARENA_END) - load<u32>(arena, ARENA_NEXT) < bytes) {
    const part = takePart(arena, power);
    if (part) return part;
    addChunk(arena, bytes);
  }
  const next = load<u32>(arena, ARENA_NEXT);
  store<u32>(arena, next + bytes, ARENA_NEXT);
  return next;
}

function takeFree(arena: usize, power: u32): usize {
  const free = arena + ARENA_FREE + (power << 2);
  const block: usize = load<u32>(free);
  if (block) store<u32>(free, load<u32>(block));
  return block;
}

/** The first part of the smallest free block that is larger; its other parts are free from now on. */
function takePart(arena: usize, power: u32): usize {
  for (let larger = power + 1; larger < 32; larger++) {
    const block = takeFree(arena, larger);
    if (!block) continue;
    for (let part = power; part < larger; part++) give(arena, block + (1 << part), 1 << part);
    return block;
  }
  return 0;
}

/** @param size the same as it was taken with */
export function give(arena: usize, block: usize, size: u32): void {
  const free = arena + ARENA_FREE + (powerOf(size) << 2);
  store<u32>(block, load<u32>(free));
  store<u32>(free, block);
}

function powerOf(size: u32): u32 {
  return size <= 1 << SMALLEST ? SMALLEST : 32 - clz(size - 1);
}

/** A sixteenth more each time, so that what a growing chunk leaves behind on the heap stays little. */
function addChunk(arena: usize, bytes: u32): void {
  const total = load<u32>(arena, ARENA_TOTAL);
  const size = max(max(bytes, FIRST_CHUNK), (total >> 4) & ~15);
  const chunk = allocateBlock(size + CHUNK_HEADER);
  // The rest of the old chunk is free from now on, in the largest blocks that fit.
  let next = load<u32>(arena, ARENA_NEXT);
  for (let rest = load<u32>(arena, ARENA_END) - next; rest >> SMALLEST; ) {
    const part: u32 = 1 << (31 - clz(rest));
    give(arena, next, part);
    next += part;
    rest -= part;
  }
  store<u32>(chunk, load<u32>(arena, ARENA_CHUNK));
  store<u32>(arena, chunk, ARENA_CHUNK);
  store<u32>(arena, total + size, ARENA_TOTAL);
  store<u32>(arena, chunk + CHUNK_HEADER, ARENA_NEXT);
  store<u32>(arena, chunk + CHUNK_HEADER + size, ARENA_END);
}
