/** Holds what a host answers against the vectors, prints every difference, and closes with one line that says how many there are. */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Vector, Vectors } from "../../src/vectors/index.ts";

export function readVectors(path: string): Vectors {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** What the host answers at each of the two entry points. */
export interface Answers {
  readonly decision: unknown;
  readonly allow: unknown;
}

export class Report {
  #passed = 0;
  #failed = 0;

  add(vector: Vector, { decision, allow }: Answers): void {
    if (isDeepStrictEqual(decision, vector.decision) && allow === vector.decision.allow) {
      this.#passed++;
      return;
    }
    this.#failed++;
    console.log(`${vector.case}\n  expected ${JSON.stringify(vector.decision)}`);
    console.log(`  actual   ${JSON.stringify(decision)}, allow ${JSON.stringify(allow)}`);
  }

  close(): void {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    if (this.#failed > 0 || this.#passed === 0) process.exitCode = 1;
  }
}
