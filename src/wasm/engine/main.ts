/** Everything that a host can call: version 1.3 of the WebAssembly interface of OPA, and the direct path beside it. */
import { RESULT } from "../layout.ts";
import { decide } from "./decide.ts";
import { BUILTINS, dumpJson, dumpTerm, ENTRYPOINTS } from "./dump.ts";
import { opa_builtin0, opa_builtin1, opa_builtin2, opa_builtin3, opa_builtin4 } from "./env.ts";
import {
  createContext,
  evaluate,
  evaluateText,
  resultOf,
  setContextData,
  setContextEntryPoint,
  setContextInput,
} from "./evaluate.ts";
import { allocateBlock, ensure, freeBlock, heapPointer, setHeapPointer } from "./memory.ts";
import { forget, parseJson, parseTerm } from "./parse.ts";
import { addPath, removePath } from "./patch.ts";
import { readInput } from "./read-input.ts";
import { attach, memberSlot, reserve } from "./tables.ts";

// ---- The interface of OPA. Names and numbers are its own.
export const opa_wasm_abi_version: i32 = 1;
export const opa_wasm_abi_minor_version: i32 = 3;

export { evaluate as eval };

export function opa_malloc(size: u32): usize {
  return allocateBlock(size);
}

export function opa_free(address: usize): void {
  freeBlock(address);
}

export function opa_json_parse(address: usize, length: u32): usize {
  return parseJson(address, length);
}

export function opa_value_parse(address: usize, length: u32): usize {
  return parseTerm(address, length);
}

export function opa_json_dump(value: usize): usize {
  return dumpJson(value);
}

export function opa_value_dump(value: usize): usize {
  return dumpTerm(value);
}

export function opa_value_free(value: usize): void {
  forget(value);
}

export function opa_heap_ptr_get(): usize {
  return heapPointer();
}

export function opa_heap_ptr_set(address: usize): void {
  setHeapPointer(address);
}

// There are no lists of free blocks that could be put aside.
export function opa_heap_blocks_stash(): void {}

export function opa_heap_blocks_restore(): void {}

export function opa_heap_stash_clear(): void {}

export function opa_value_add_path(data: usize, path: usize, value: usize): u32 {
  return addPath(data, path, value);
}

export function opa_value_remove_path(data: usize, path: usize): u32 {
  return removePath(data, path);
}

export function opa_eval_ctx_new(): usize {
  return createContext();
}

export function opa_eval_ctx_set_input(context: usize, value: usize): void {
  setContextInput(context, value);
}

export function opa_eval_ctx_set_data(context: usize, value: usize): void {
  setContextData(context, value);
}

export function opa_eval_ctx_set_entrypoint(context: usize, entryPoint: u32): void {
  setContextEntryPoint(context, entryPoint);
}

export function opa_eval_ctx_get_result(context: usize): usize {
  return resultOf(context);
}

export function opa_eval(
  reserved: u32,
  entryPoint: u32,
  data: usize,
  input: usize,
  inputLength: u32,
  heap: usize,
  format: i32,
): usize {
  return evaluateText(reserved, entryPoint, data, input, inputLength, heap, format);
}

/** Functions of the host that we call: none. */
export function builtins(): usize {
  return BUILTINS;
}

export function entrypoints(): usize {
  return ENTRYPOINTS;
}

// ---- The direct path.
/** @returns where `length` bytes of tables are to be written before `writ_attach` */
export function writ_reserve(length: u32): usize {
  return reserve(length);
}

export function writ_attach(length: u32): bool {
  return attach(length);
}

/** The first slot: those of members, then those of headers. */
export function writ_slots(): usize {
  return memberSlot(0);
}

/** Room for texts of one request. Nothing is allocated: it is free again with the next call. */
export function writ_prepare(length: u32): usize {
  const address = (heapPointer() + 7) & ~7;
  ensure(address, length);
  return address;
}

/** Decides what the request and the slots say. */
export function writ_decide(data: usize): usize {
  decide(data);
  return RESULT;
}

/** Decides what a JSON text says. */
export function writ_decide_json(data: usize, address: usize, length: u32): usize {
  readInput(address, length);
  decide(data);
  return RESULT;
}

export function writ_scan_json(address: usize, length: u32): u32 {
  return readInput(address, length) as u32;
}

/**
 * Calls what we import, so that it stays imported; nobody calls it. The compiler orders imports by how often they are called, and
 * one SDK links them by position: each is called once more often than the next one.
 */
export function writ_imports(id: i32, context: usize): usize {
  let r = context;
  r = opa_builtin4(id, opa_builtin4(id, r, r, r, r, r), r, r, r, r);
  r = opa_builtin3(id, opa_builtin3(id, opa_builtin3(id, r, r, r, r), r, r, r), r, r, r);
  r = opa_builtin2(id, opa_builtin2(id, opa_builtin2(id, opa_builtin2(id, r, r, r), r, r), r, r), r, r);
  r = opa_builtin1(id, opa_builtin1(id, opa_builtin1(id, opa_builtin1(id, opa_builtin1(id, r, r), r), r), r), r);
  return opa_builtin0(id, opa_builtin0(id, opa_builtin0(id, opa_builtin0(id, opa_builtin0(id, opa_builtin0(id, r))))));
}
