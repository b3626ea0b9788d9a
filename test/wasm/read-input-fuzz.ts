/** Reads random texts and holds what the engine makes of each against the reference: `node … read-input-fuzz.ts [texts] [seed]`. */
import { isDeepStrictEqual } from "node:util";
import { Random } from "../random.ts";
import { claims, expectedOf, headers, type Read, scanned } from "./read-input-oracle.ts";
import { randomText } from "./read-input-texts.ts";
import { openScanner } from "./scanner.ts";

export interface Outcome {
  readonly failures: readonly { readonly text: string; readonly expected: Read; readonly found: unknown }[];
  /** How many texts were no JSON, and how many inputs had which problem. */
  readonly counts: ReadonlyMap<string, number>;
}

export async function fuzz(texts: number, seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const scanner = await openScanner({ claims, headers });
  const pointer = scanner.heapPointer();
  const failures: { text: string; expected: Read; found: unknown }[] = [];
  const counts = new Map<string, number>();
  for (let n = 0; n < texts && failures.length < 10; n++) {
    const text = randomText(random);
    const expected = expectedOf(text);
    scanner.reset(pointer);
    let found: unknown;
    try {
      found = scanned(scanner, text);
    } catch (trap) {
      found = trap;
    }
    const kind = expected.isJson ? `problem ${expected.problem}` : "no JSON";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (!isDeepStrictEqual(found, expected))
      failures.push({ text: Buffer.from(text).toString("latin1"), expected, found });
  }
  return { failures, counts };
}

if (import.meta.main) {
  const { failures, counts } = await fuzz(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 1));
  console.log(counts);
  for (const { text, expected, found } of failures) console.log(JSON.stringify(text), expected, found);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
