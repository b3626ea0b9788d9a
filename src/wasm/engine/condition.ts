/** Conditions: programs over facts that only jump forwards, so that each ends within as many steps as it has instructions. */
import {
  ACCEPT,
  CONDITION_CODE,
  CONDITION_CODE_COUNT,
  CONDITION_FACT_COUNT,
  CONDITION_FACTS,
  FACT_SLOT_ADDRESS,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  INSTRUCTION_A,
  INSTRUCTION_B,
  INSTRUCTION_ELSE,
  INSTRUCTION_FACT,
  INSTRUCTION_OPERATION,
  INSTRUCTION_SIZE,
  INSTRUCTION_THEN,
  INSTRUCTION_VALUE,
  REJECT,
  SPAN_SIZE,
  TEST_CIDR,
  TEST_CONSTANT,
  TEST_ENDS_WITH,
  TEST_EQUAL_BOOLEAN,
  TEST_EQUAL_NUMBER,
  TEST_EQUAL_TEXT,
  TEST_GREATER,
  TEST_GREATER_OR_EQUAL,
  TEST_IN_NUMBERS,
  TEST_IN_TEXTS,
  TEST_INCLUDES,
  TEST_LESS,
  TEST_LESS_OR_EQUAL,
  TEST_PRESENT,
  TEST_SAME,
  TEST_STARTS_WITH,
  TYPE_ABSENT,
  TYPE_BOOLEAN,
  TYPE_INTEGER,
  TYPE_LIST,
  TYPE_TEXT,
} from "../layout.ts";
import { isAmong } from "./credential.ts";
import { slotOf } from "./facts.ts";
import { hasPrefix, parseIp } from "./ip-address.ts";
import { FACT_ROOM, OTHER_FACT_ROOM } from "./scratch.ts";
import { equal } from "./text.ts";

export const FALSE = 0;
export const TRUE = 1;
/** A fact that the condition reads cannot be read: a grant then does not apply, and a deny does. */
export const UNKNOWN = 2;

/** @param condition 0: none, which always holds */
export function evaluateCondition(condition: usize): u32 {
  if (!condition) return TRUE;
  const code: usize = load<u32>(condition, CONDITION_CODE);
  const count = load<u32>(condition, CONDITION_CODE_COUNT);
  if (!readsAll(condition, code, count)) {
    let fact: usize = load<u32>(condition, CONDITION_FACTS);
    const end = fact + (load<u32>(condition, CONDITION_FACT_COUNT) << 2);
    for (; fact < end; fact += 4) if (!slotOf(load<u32>(fact), FACT_ROOM)) return UNKNOWN;
  }
  let at: u32 = 0;
  while (at < count) {
    const instruction = code + at * INSTRUCTION_SIZE;
    const held = test(instruction);
    if (held === UNKNOWN) return UNKNOWN;
    const next = held ? load<u32>(instruction, INSTRUCTION_THEN) : load<u32>(instruction, INSTRUCTION_ELSE);
    if (next === ACCEPT) return TRUE;
    if (next === REJECT) return FALSE;
    if (next <= at) return UNKNOWN;
    at = next;
  }
  return UNKNOWN;
}

/** Whether the first instruction is the only one and reads every fact, as mostly: then no fact need be read twice. */
function readsAll(condition: usize, code: usize, count: u32): bool {
  if (count !== 1) return false;
  const facts = load<u32>(condition, CONDITION_FACT_COUNT);
  const fact = load<u32>(code, INSTRUCTION_FACT);
  if (load<u32>(code, INSTRUCTION_OPERATION) !== TEST_SAME) return facts === 1 && fact !== 0;
  return facts === 2 && fact !== load<u32>(code, INSTRUCTION_A);
}

function test(instruction: usize): u32 {
  const operation = load<u32>(instruction, INSTRUCTION_OPERATION);
  if (operation === TEST_CONSTANT) return load<u64>(instruction, INSTRUCTION_VALUE) !== 0 ? TRUE : FALSE;
  const slot = slotOf(load<u32>(instruction, INSTRUCTION_FACT), FACT_ROOM);
  if (!slot) return UNKNOWN;
  if (operation === TEST_SAME) {
    const other = slotOf(load<u32>(instruction, INSTRUCTION_A), OTHER_FACT_ROOM);
    return other ? (isSame(slot, other) as u32) : UNKNOWN;
  }
  const type = load<u32>(slot, FACT_SLOT_TYPE);
  if (type === TYPE_ABSENT) return FALSE;
  if (type === TYPE_TEXT)
    return testText(
      operation,
      instruction,
      load<u32>(slot, FACT_SLOT_ADDRESS),
      load<u32>(slot, FACT_SLOT_VALUE),
    ) as u32;
  if (type === TYPE_INTEGER) return testNumber(operation, instruction, load<i64>(slot, FACT_SLOT_VALUE)) as u32;
  if (type === TYPE_BOOLEAN && operation === TEST_EQUAL_BOOLEAN)
    return (load<i64>(slot, FACT_SLOT_VALUE) === load<i64>(instruction, INSTRUCTION_VALUE)) as u32;
  if (type === TYPE_LIST && operation === TEST_INCLUDES)
    return includes(slot, load<u32>(instruction, INSTRUCTION_A), load<u32>(instruction, INSTRUCTION_B)) as u32;
  return (operation === TEST_PRESENT) as u32;
}

function testText(operation: u32, instruction: usize, address: usize, length: u32): bool {
  const a: usize = load<u32>(instruction, INSTRUCTION_A);
  const b = load<u32>(instruction, INSTRUCTION_B);
  if (operation === TEST_EQUAL_TEXT) return length === b && equal(address, a, b);
  switch (operation) {
    case TEST_IN_TEXTS:
      return isAmong(a, address, length);
    case TEST_STARTS_WITH:
      return length >= b && equal(address, a, b);
    case TEST_ENDS_WITH:
      return length >= b && equal(address + length - b, a, b);
    case TEST_CIDR:
      return parseIp(address, length) === (b & 31) && hasPrefix(a, b >>> 5);
    default:
      return operation === TEST_PRESENT;
  }
}

function testNumber(operation: u32, instruction: usize, number: i64): bool {
  const value = load<i64>(instruction, INSTRUCTION_VALUE);
  switch (operation) {
    case TEST_EQUAL_NUMBER:
      return number === value;
    case TEST_LESS:
      return number < value;
    case TEST_LESS_OR_EQUAL:
      return number <= value;
    case TEST_GREATER:
      return number > value;
    case TEST_GREATER_OR_EQUAL:
      return number >= value;
    case TEST_IN_NUMBERS:
      return isAmongNumbers(load<u32>(instruction, INSTRUCTION_A), load<u32>(instruction, INSTRUCTION_B), number);
    default:
      return operation === TEST_PRESENT;
  }
}

function isAmongNumbers(numbers: usize, count: u32, number: i64): bool {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = load<i64>(numbers + (middle << 3));
    if (found === number) return true;
    if (found < number) low = middle + 1;
    else high = middle;
  }
  return false;
}

function includes(slot: usize, address: usize, length: u32): bool {
  let span: usize = load<u32>(slot, FACT_SLOT_ADDRESS);
  const end = span + load<u32>(slot, FACT_SLOT_VALUE) * SPAN_SIZE;
  for (; span < end; span += SPAN_SIZE)
    if (load<u32>(span, 4) === length && equal(load<u32>(span), address, length)) return true;
  return false;
}

/** Lists are never the same. */
function isSame(slot: usize, other: usize): bool {
  const type = load<u32>(slot, FACT_SLOT_TYPE);
  if (load<u32>(other, FACT_SLOT_TYPE) !== type) return false;
  if (type === TYPE_TEXT) {
    const length = load<u32>(slot, FACT_SLOT_VALUE);
    if (load<u32>(other, FACT_SLOT_VALUE) !== length) return false;
    return equal(load<u32>(slot, FACT_SLOT_ADDRESS), load<u32>(other, FACT_SLOT_ADDRESS), length);
  }
  if (type !== TYPE_INTEGER && type !== TYPE_BOOLEAN) return false;
  return load<i64>(slot, FACT_SLOT_VALUE) === load<i64>(other, FACT_SLOT_VALUE);
}
