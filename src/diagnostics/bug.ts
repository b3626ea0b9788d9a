/** Bugs are ours: they stop the program, and nobody catches them. */

class Bug extends Error {
  override readonly name = "Bug";
}

export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Bug(`this is a bug in Writ: ${what}`);
}

/** The `default` of a `switch` over a closed union: a new kind that is not handled does not compile. */
export function unreachable(value: never): never {
  throw new Bug(`this is a bug in Writ: unexpected ${JSON.stringify(value)}`);
}
