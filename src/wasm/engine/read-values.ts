/** Values of the input that are kept: each goes to a slot, as a text, an integer, a boolean, a list of texts, or as something else. */
import {
  FACT_SLOT_ADDRESS,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  SCRATCH,
  SPAN_SIZE,
  TYPE_BOOLEAN,
  TYPE_INTEGER,
  TYPE_LIST,
  TYPE_OTHER,
  TYPE_TEXT,
} from "../layout.ts";
import {
  afterSpace,
  afterWord,
  CLOSE_LIST,
  COMMA,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  readString,
  textLength,
  textStart,
} from "./json.ts";
import { allocate } from "./memory.ts";
import { integer, isNumberStart, isSafeInteger } from "./number.ts";
import { skipNumber, skipValue } from "./skip.ts";

/** Spans of lists lie here one after the other, while there is room; then on the heap. */
const SPANS: usize = SCRATCH + 0x1200;
const SPANS_END: usize = SCRATCH + 0x1800;

let spans: usize = SPANS;
let spansEnd: usize = SPANS_END;

/** Forgets the lists of the last input. */
export function startLists(): void {
  spans = SPANS;
  spansEnd = SPANS_END;
}

/** @returns the address after the value; 0 where there is none, or one that is too deep */
export function readValue(at: usize, slot: usize, depth: u32): usize {
  const unit: u32 = load<u8>(at);
  if (unit === QUOTE) {
    const next = readString(at + 1);
    setSlot(slot, TYPE_TEXT, textStart, textLength);
    return next;
  }
  if (isNumberStart(unit)) {
    const next = skipNumber(at);
    setSlot(slot, isSafeInteger ? TYPE_INTEGER : TYPE_OTHER, 0, isSafeInteger ? integer : 0);
    return next;
  }
  if (unit === OPEN_LIST) return readList(at, slot, depth);
  setSlot(slot, TYPE_OTHER, 0, 0);
  if (unit === OPEN_OBJECT) return skipValue(at, depth);
  if (unit !== 0x6e) setSlot(slot, TYPE_BOOLEAN, 0, (unit === 0x74) as i64);
  return afterWord(at);
}

function setSlot(slot: usize, type: u32, address: usize, value: i64): void {
  store<u32>(slot, type, FACT_SLOT_TYPE);
  store<u32>(slot, address as u32, FACT_SLOT_ADDRESS);
  store<i64>(slot, value, FACT_SLOT_VALUE);
}

/** A list that is not of texts only has its length in the slot, too. */
function readList(at: usize, slot: usize, depth: u32): usize {
  let list = spans;
  let to = list;
  let type = TYPE_LIST;
  let others: i64 = 0;
  at = afterSpace(at + 1);
  if (load<u8>(at) !== CLOSE_LIST) {
    while (true) {
      if (load<u8>(at) === QUOTE) {
        at = readString(at + 1);
        if (to === spansEnd) {
          list = moveList(list, to);
          to = spans;
        }
        store<u32>(to, textStart as u32);
        store<u32>(to, textLength, 4);
        to += SPAN_SIZE;
      } else {
        at = skipValue(at, depth + 1);
        type = TYPE_OTHER;
        others++;
      }
      if (!at) return 0;
      at = afterSpace(at);
      if (load<u8>(at) !== COMMA) break;
      at = afterSpace(at + 1);
    }
    if (load<u8>(at) !== CLOSE_LIST) return 0;
  }
  setSlot(slot, type, list, (((to - list) / SPAN_SIZE) as i64) + others);
  spans = to;
  return at + 1;
}

/** Takes a list whose spans fill the room that there is to the heap, where it may become twice as long. */
function moveList(list: usize, end: usize): usize {
  const length = (end - list) as u32;
  const size = length + max(length, 512);
  const moved = allocate(size);
  memory.copy(moved, list, length);
  spans = moved + length;
  spansEnd = moved + size;
  return moved;
}
