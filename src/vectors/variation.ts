/** One step away from a request: a few changes that belong together, and short words for them. */
import { type Change, inRequest } from "../why/index.ts";

export type Variation = readonly Change[];

/** Something else stands in the request; `undefined` takes it away. */
export function asked(at: readonly string[], to: unknown, words?: string): Change {
  return words === undefined ? inRequest(at, to) : { in: "request", at, to, words };
}

export function known(at: readonly string[], to: unknown, words?: string): Change {
  const place = ["revocations", ...at].join(".");
  const plain = to === undefined ? `there is no \`${place}\`` : `\`${place}\` is ${JSON.stringify(to)}`;
  return { in: "revocations", at, to, words: words ?? plain };
}

/** One variation for each value. */
export function each(at: readonly string[], ...values: readonly unknown[]): readonly Variation[] {
  return values.map((value) => [asked(at, value)]);
}

/** Values of every type that JSON has, for where another is expected. */
export const odd: readonly unknown[] = [undefined, null, -1, 1.5, true, "", "x", [], ["x", 1], {}, { a: 1 }];
