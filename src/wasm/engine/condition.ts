/** Conditions: programs over facts that only jump forwards, so that each ends within as many steps as it has instructions. */
import {
  ACCEPT,
  CONDITION_CODE,
  CONDITION_CODE_COUNT,
  CONDITION_FACT_COUNT,
  CONDITION_FACTS,
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
import { factAddress, factType, factValue, readFact } from "./facts.ts";
import { hasPrefix, parseIp } from "./ip-address.ts";
import { equal } from "./text.ts";

export const FALSE = 0;
export const TRUE = 1;
/** A fact that the condition reads cannot be read: a grant then does not apply, and a deny does. */
export const UNKNOWN = 2;

let isUnreadable: bool = false;

/** @param condition 0: none, which always holds */
export function evaluateCondition(condition: usize): u32 {
  if (!condition) return TRUE;
  const code: usize = load<u32>(condition, CONDITION_CODE);
  const count = load<u32>(condition, CONDITION_CODE_COUNT);
  if (!readsAll(condition, code, count)) {
    let fact: usize = load<u32>(condition, CONDITION_FACTS);
    const end = fact + (load<u32>(condition, CONDITION_FACT_COUNT) << 2);
    for (; fact < end; fact += 4) if (!readFact(load<u32>(fact))) return UNKNOWN;
  }
  isUnreadable = false;
  let at: u32 = 0;
  while (at < count) {
    const instruction = code + at * INSTRUCTION_SIZE;
    const held = holds(instruction);
    if (isUnreadable) return UNKNOWN;
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

function holds(instruction: usize): bool {
  const value = load<i64>(instruction, INSTRUCTION_VALUE);
  const test = load<u32>(instruction, INSTRUCTION_OPERATION);
  if (test === TEST_CONSTANT) return value !== 0;
  const a: usize = load<u32>(instruction, INSTRUCTION_A);
  if (!readFact(load<u32>(instruction, INSTRUCTION_FACT))) {
    isUnreadable = true;
    return false;
  }
  if (test === TEST_SAME) return isSame(a);
  if (factType === TYPE_ABSENT) return false;
  const b = load<u32>(instruction, INSTRUCTION_B);
  switch (test) {
    case TEST_EQUAL_TEXT:
      return factType === TYPE_TEXT && factValue === (b as i64) && equal(factAddress, a, b);
    case TEST_EQUAL_NUMBER:
      return factType === TYPE_INTEGER && factValue === value;
    case TEST_EQUAL_BOOLEAN:
      return factType === TYPE_BOOLEAN && factValue === value;
    case TEST_LESS:
      return factType === TYPE_INTEGER && factValue < value;
    case TEST_LESS_OR_EQUAL:
      return factType === TYPE_INTEGER && factValue <= value;
    case TEST_GREATER:
      return factType === TYPE_INTEGER && factValue > value;
    case TEST_GREATER_OR_EQUAL:
      return factType === TYPE_INTEGER && factValue >= value;
    case TEST_IN_TEXTS:
      return factType === TYPE_TEXT && isAmong(a, factAddress, factValue as u32);
    case TEST_IN_NUMBERS:
      return factType === TYPE_INTEGER && isAmongNumbers(a, b);
    case TEST_INCLUDES:
      return factType === TYPE_LIST && includes(a, b);
    case TEST_STARTS_WITH:
      return factType === TYPE_TEXT && factValue >= (b as i64) && equal(factAddress, a, b);
    case TEST_ENDS_WITH:
      return factType === TYPE_TEXT && factValue >= (b as i64) && equal(factAddress + (factValue as u32) - b, a, b);
    case TEST_CIDR:
      return factType === TYPE_TEXT && parseIp(factAddress, factValue as u32) === (b & 31) && hasPrefix(a, b >>> 5);
    case TEST_PRESENT:
      return true;
    default:
      return false;
  }
}

function isAmongNumbers(numbers: usize, count: u32): bool {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = load<i64>(numbers + (middle << 3));
    if (found === factValue) return true;
    if (found < factValue) low = middle + 1;
    else high = middle;
  }
  return false;
}

function includes(address: usize, length: u32): bool {
  let span = factAddress;
  const end = span + (factValue as u32) * SPAN_SIZE;
  for (; span < end; span += SPAN_SIZE)
    if (load<u32>(span, 4) === length && equal(load<u32>(span), address, length)) return true;
  return false;
}

/** Lists are never the same. */
function isSame(other: usize): bool {
  const type = factType;
  const address = factAddress;
  const value = factValue;
  if (!readFact(other)) isUnreadable = true;
  if (isUnreadable || factType !== type || factValue !== value) return false;
  if (type === TYPE_TEXT) return equal(factAddress, address, value as u32);
  return type === TYPE_INTEGER || type === TYPE_BOOLEAN;
}
