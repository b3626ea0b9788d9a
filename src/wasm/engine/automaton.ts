/** One step of an automaton over path segments, and what a path that ends in a state has matched. */
import {
  FOUND_NUMBER,
  FOUND_ROW,
  FOUND_SIZE,
  LITERAL_KEY,
  LITERAL_STATE,
  STATE_FOUND,
  STATE_FOUND_COUNT,
  STATE_LITERALS,
  STATE_OTHER,
} from "../layout.ts";
import { rowOf } from "./indexes.ts";

/** The state to which this segment leads, or 0. */
export function stepped(state: usize, address: usize, length: u32): usize {
  const row = rowOf(state + STATE_LITERALS, LITERAL_KEY, address, length);
  if (row) return load<u32>(row, LITERAL_STATE);
  if (length === 0) return 0;
  return load<u32>(state, STATE_OTHER);
}

/** The row that was found under this number, or 0. */
export function foundAt(state: usize, number: u32): usize {
  let row: usize = load<u32>(state, STATE_FOUND);
  const end = row + load<u32>(state, STATE_FOUND_COUNT) * FOUND_SIZE;
  for (; row < end; row += FOUND_SIZE) if (load<u32>(row, FOUND_NUMBER) === number) return load<u32>(row, FOUND_ROW);
  return 0;
}
