/** Both ways in which hosts of OPA ask for a decision: at once, and step by step in a context. */
import { decide } from "./decide.ts";
import { allocateBlock, fail, isOnHeap, setHeapPointer } from "./memory.ts";
import { protect, termAsJson } from "./parse.ts";
import { readInput } from "./read-input.ts";
import { jsonEnd } from "./term.ts";
import { createValue, isValue, jsonLengthOf, jsonOf, setJson, setTerm } from "./value.ts";
import { writeAllow, writeDecision } from "./write-decision.ts";

const ENTRY_DECISION: u32 = 0;
const ENTRY_ALLOW: u32 = 1;
const FORMAT_JSON = 0;
const FORMAT_TERM = 1;

/**
 * @param input address of a text; it may lie anywhere
 * @param heap where memory is free from
 * @returns address of a text that ends with a NUL and stays until the heap pointer is set again
 */
export function evaluateText(
  reserved: u32,
  entryPoint: u32,
  data: usize,
  input: usize,
  inputLength: u32,
  heap: usize,
  format: i32,
): usize {
  if (reserved !== 0) fail("the first argument must be 0");
  setHeapPointer(heap);
  readText(input, inputLength);
  decide(data);
  return write(entryPoint, format);
}

/** OPA in Go writes what its SDK holds, which is not always JSON. */
function readText(input: usize, length: u32): void {
  if (!protect(input, length)) readInput(0, 0);
  else if (!readInput(input, length)) {
    const json = termAsJson(input, length);
    if (json) readInput(json, (jsonEnd - json) as u32);
  }
}

function write(entryPoint: u32, format: i32): usize {
  if (entryPoint > ENTRY_ALLOW) fail("there is no such entry point");
  return entryPoint === ENTRY_DECISION ? writeDecision(format) : writeAllow(format);
}

// A context. Its first word is 0: one SDK takes what stands first on the heap for data.
const CONTEXT_MARK = 4;
const CONTEXT_INPUT = 8; // value
const CONTEXT_DATA = 12; // value
const CONTEXT_ENTRY_POINT = 16;
const CONTEXT_RESULT = 20; // value
const CONTEXT_SIZE = 24;
const MARK: u32 = 0x7478746e;

export function createContext(): usize {
  const context = allocateBlock(CONTEXT_SIZE);
  memory.fill(context, 0, CONTEXT_SIZE);
  store<u32>(context, MARK, CONTEXT_MARK);
  return context;
}

function isContext(address: usize): bool {
  return (
    (address & 7) === 0 &&
    isOnHeap(address, CONTEXT_SIZE) &&
    load<u32>(address) === 0 &&
    load<u32>(address, CONTEXT_MARK) === MARK
  );
}

export function setContextInput(context: usize, value: usize): void {
  if (isContext(context)) store<u32>(context, value, CONTEXT_INPUT);
}

export function setContextData(context: usize, value: usize): void {
  if (isContext(context)) store<u32>(context, value, CONTEXT_DATA);
}

export function setContextEntryPoint(context: usize, entryPoint: u32): void {
  if (isContext(context)) store<u32>(context, entryPoint, CONTEXT_ENTRY_POINT);
}

/** @returns 0, or 1 where there is no context */
export function evaluate(context: usize): i32 {
  if (!isContext(context)) return 1;
  const entryPoint = load<u32>(context, CONTEXT_ENTRY_POINT);
  const input: usize = load<u32>(context, CONTEXT_INPUT);
  if (isValue(input)) readInput(jsonOf(input), jsonLengthOf(input));
  else readInput(0, 0);
  decide(load<u32>(context, CONTEXT_DATA));
  const json = write(entryPoint, FORMAT_JSON);
  const term = write(entryPoint, FORMAT_TERM);
  const result = createValue();
  setJson(result, json, lengthOf(json));
  setTerm(result, term, lengthOf(term));
  store<u32>(context, result, CONTEXT_RESULT);
  return 0;
}

export function resultOf(context: usize): usize {
  return isContext(context) ? (load<u32>(context, CONTEXT_RESULT) as usize) : 0;
}

function lengthOf(text: usize): u32 {
  let end = text;
  while (load<u8>(end)) end++;
  return (end - text) as u32;
}
