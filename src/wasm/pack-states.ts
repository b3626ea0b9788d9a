/** Automata over segments to rows of states, and names with numbers to indexes. */
import { type AutomatonState, compareText } from "../model/index.ts";
import {
  FOUND_SIZE,
  LITERAL_KEY,
  LITERAL_STATE,
  STATE_FOUND,
  STATE_FOUND_COUNT,
  STATE_LITERALS,
  STATE_OTHER,
  STATE_SIZE,
} from "./layout.ts";
import type { Numbering } from "./numbers.ts";
import { Entries, type TableWriter } from "./table-writer.ts";

/**
 * @param first the row of the automaton's first state; there is room for all of them
 * @param found the number of a key and the row of what stands for it; none where nobody can ask for it
 */
export function packStates<T>(
  writer: TableWriter,
  states: readonly AutomatonState<T>[],
  first: number,
  found: (key: string, value: T) => readonly [number: number, row: number] | undefined,
): void {
  const rowOf = (state: number): number => first + state * STATE_SIZE;
  for (const [i, state] of states.entries()) {
    const row = rowOf(i);
    const entries = new Entries();
    for (const [text, target] of [...state.literals].sort(([a], [b]) => compareText(a, b))) {
      const literal = writer.keyed(LITERAL_KEY, text);
      writer.word(literal + LITERAL_STATE, rowOf(target));
      entries.add(writer.hashOfKey(literal, LITERAL_KEY), literal);
    }
    writer.index(row + STATE_LITERALS, entries, LITERAL_KEY);
    if (state.other !== undefined) writer.word(row + STATE_OTHER, rowOf(state.other));
    const rows = [...state.found].flatMap(([key, value]) => [found(key, value) ?? []].filter((f) => f.length > 0));
    const words = rows.sort(([a = 0], [b = 0]) => a - b).flat();
    writer.word(row + STATE_FOUND, writer.list(words));
    writer.word(row + STATE_FOUND_COUNT, (words.length * 4) / FOUND_SIZE);
  }
}

/** An index of rows that are a number and a name. */
export function packNames(
  writer: TableWriter,
  address: number,
  names: Numbering,
  { number, key }: { readonly number: number; readonly key: number },
): void {
  const entries = new Entries();
  for (const [name, value] of names) {
    const row = writer.keyed(key, name);
    writer.word(row + number, value);
    entries.add(writer.hashOfKey(row, key), row);
  }
  writer.index(address, entries, key);
}
