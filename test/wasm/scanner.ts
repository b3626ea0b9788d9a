/** The part of the engine that reads JSON, compiled alone, with tables that know a few names. */
import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import {
  HEADER_DIGEST,
  HEADER_HEADER_COUNT,
  HEADER_HEADERS,
  HEADER_LENGTH,
  HEADER_MAGIC,
  HEADER_MEMBER_COUNT,
  HEADER_MEMBERS,
  HEADER_SEED,
  HEADER_SIZE,
  HEADER_VERSION,
  INDEX_MASK,
  INDEX_SLOTS,
  MAGIC,
  MEMBER_KEY,
  MEMBER_NUMBER,
  SLOT_SIZE,
  TABLES,
  VERSION,
} from "../../src/wasm/layout.ts";
import { murmur } from "../../src/wasm/murmur.ts";
import { type Memory, platform } from "./hosts/host.ts";

export const registered = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf"];

const entry = `
import { skipJson } from "./measure.ts";
import { ensure, heapPointer, setHeapPointer } from "./memory.ts";
import { readInput } from "./read-input.ts";
import { attach, headerSlot, memberSlot, reserve } from "./tables.ts";
export function scan(address: usize, length: u32): u32 {
  return readInput(address, length) as u32;
}
export function scanOften(address: usize, length: u32, times: u32): void {
  const pointer = heapPointer();
  for (let i: u32 = 0; i < times; i++) {
    setHeapPointer(pointer);
    readInput(address, length);
  }
}
export function skip(address: usize, end: usize): usize {
  return skipJson(address, end);
}
export function prepare(length: u32): usize {
  ensure(heapPointer(), length);
  return heapPointer();
}
export function reset(pointer: usize): void {
  setHeapPointer(pointer);
}
export { attach, headerSlot, heapPointer, memberSlot, reserve };
`;

const folder = new URL("../../src/wasm/engine/", import.meta.url);

/** What goes wrong before there is anything to test. */
class Broken extends Error {}

export interface Scanner {
  readonly memory: Memory;
  readonly scan: (address: number, length: number) => number;
  readonly scanOften: (address: number, length: number, times: number) => void;
  readonly skip: (address: number, end: number) => number;
  readonly prepare: (length: number) => number;
  readonly reset: (pointer: number) => void;
  readonly heapPointer: () => number;
  readonly memberSlot: (number: number) => number;
  readonly headerSlot: (number: number) => number;
}

let compiled: Promise<object> | undefined;

/** @param names further claims, and headers, that the tables know; none: no tables */
export async function openScanner(names?: { claims: readonly string[]; headers: readonly string[] }): Promise<Scanner> {
  compiled ??= compile();
  const memory = new platform.Memory({ initial: 2 });
  const stop = () => {
    throw new Broken("the engine stopped");
  };
  const { exports } = new platform.Instance(await compiled, { env: { memory, opa_abort: stop } });
  const { attach, reserve, ...scanner } = exports as unknown as Omit<Scanner, "memory"> & {
    attach: (length: number) => number;
    reserve: (length: number) => number;
  };
  const tables = names ? tablesOf(names.claims, names.headers) : new Uint8Array();
  new Uint8Array(memory.buffer).set(tables, reserve(tables.length));
  if (attach(tables.length) !== (names ? 1 : 0)) throw new Broken("the tables were refused");
  return { ...scanner, memory };
}

async function compile(): Promise<object> {
  let bytes = new Uint8Array();
  const flags = "-O3 --runtime stub --importMemory --zeroFilledMemory --noAssert --use abort= --memoryBase 1024";
  const { error, stderr } = await asc.main(
    ["scan.ts", "-o", "scan.wasm", ...flags.split(" "), "--enable", "bulk-memory"],
    {
      readFile: (name) => {
        if (name === "scan.ts") return entry;
        try {
          return readFileSync(new URL(name, folder), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (_name, contents) => {
        bytes = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Broken(stderr.toString());
  return new platform.Module(bytes);
}

function tablesOf(claims: readonly string[], headers: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(1 << 16);
  const view = new DataView(bytes.buffer);
  let end = HEADER_SIZE;
  const seed = 0xabcdef;
  const take = (size: number): number => {
    end += size;
    end = (end + 7) & ~7;
    return (end - size) & ~7;
  };
  const writeIndex = (header: number, names: readonly string[]): void => {
    const slots = 1 << Math.ceil(Math.log2(names.length * 2 + 1));
    const index = take(slots * SLOT_SIZE);
    view.setUint32(header + INDEX_MASK, slots - 1, true);
    view.setUint32(header + INDEX_SLOTS, TABLES + index, true);
    for (const [number, name] of names.entries()) {
      const key = new TextEncoder().encode(name);
      const row = take(MEMBER_KEY + key.length + 8);
      view.setUint32(row, key.length, true);
      view.setUint32(row + MEMBER_NUMBER, number, true);
      bytes.set(key, row + MEMBER_KEY);
      const hash = murmur(key, seed);
      let at = hash & (slots - 1);
      while (view.getUint32(index + at * SLOT_SIZE + 4, true) !== 0) at = (at + 1) & (slots - 1);
      view.setUint32(index + at * SLOT_SIZE, hash, true);
      view.setUint32(index + at * SLOT_SIZE + 4, TABLES + row, true);
    }
  };
  view.setUint32(HEADER_MAGIC, MAGIC, true);
  view.setUint32(HEADER_VERSION, VERSION, true);
  view.setUint32(HEADER_SEED, seed, true);
  view.setUint32(HEADER_MEMBER_COUNT, registered.length + claims.length, true);
  view.setUint32(HEADER_HEADER_COUNT, headers.length, true);
  writeIndex(HEADER_MEMBERS, [...registered, ...claims]);
  writeIndex(HEADER_HEADERS, headers);
  view.setUint32(HEADER_LENGTH, end, true);
  view.setUint32(HEADER_DIGEST, murmur(bytes.subarray(HEADER_DIGEST + 4, end), MAGIC), true);
  return bytes.slice(0, end);
}
