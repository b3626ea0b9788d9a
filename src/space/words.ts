/** Some cells of a dimension in words: the few answers that they share and that no other cell gives. */
import type { Cell } from "./formula.ts";

/** `answer` of the atom with that key, as it follows on `when`. */
export type Phrase = (key: string, answer: boolean) => string;

/**
 * One phrase that is true of all of the cells and of none of the others. Where the cells share too little to be told apart, they are
 * described one by one.
 *
 * @param all how to say that it is any of the cells, where there are no others
 */
export function inWords<Value>(cells: readonly Cell<Value>[], others: readonly Cell<Value>[], phrase: Phrase): string {
  const common = commonAnswers(cells);
  const telling = tellingApart(common, others);
  if (telling) return telling.map((key) => phrase(key, common.get(key) === true)).join(" and ");
  const [first, ...more] = [...partsOf(cells, others)];
  const parts = [first, ...more].map((part) => part && inWords(part, others, phrase));
  return parts.join(" or ");
}

function commonAnswers(cells: readonly Cell[]): ReadonlyMap<string, boolean> {
  const [first, ...more] = cells;
  return new Map(
    [...(first?.answers ?? [])].filter(([key, answer]) => more.every((c) => c.answers.get(key) === answer)),
  );
}

/** The fewest keys, greedily, by which every other cell answers otherwise somewhere. */
function tellingApart(common: ReadonlyMap<string, boolean>, others: readonly Cell[]): readonly string[] | undefined {
  const chosen: string[] = [];
  let left = others;
  while (left.length > 0) {
    let best: string | undefined;
    let fewest = left.length;
    for (const [key, answer] of common) {
      const remaining = left.filter((cell) => cell.answers.get(key) === answer).length;
      if (remaining < fewest) [best, fewest] = [key, remaining];
    }
    if (best === undefined) return undefined;
    const [key, answer] = [best, common.get(best)];
    chosen.push(key);
    left = left.filter((cell) => cell.answers.get(key) === answer);
  }
  // One that was chosen early may be of no use any more.
  return chosen.filter((key) => {
    const without = chosen.filter((other) => other !== key);
    return others.some((cell) => without.every((other) => cell.answers.get(other) === common.get(other)));
  });
}

/** As large parts as can be told apart from the others: each grows from its first cell. */
function* partsOf<Value>(
  cells: readonly Cell<Value>[],
  others: readonly Cell<Value>[],
): Generator<readonly Cell<Value>[]> {
  let left = cells;
  while (left.length > 0) {
    const part: Cell<Value>[] = [];
    for (const cell of left) {
      const larger = [...part, cell];
      if (part.length === 0 || tellingApart(commonAnswers(larger), others)) part.push(cell);
    }
    yield part;
    left = left.filter((cell) => !part.includes(cell));
  }
}
