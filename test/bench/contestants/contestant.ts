/** What is measured: anything that answers a question by its number. */
import type { Input } from "../../../src/model/index.ts";

export interface Contestant {
  readonly name: string;
  /** Answers question `n`, as whoever uses it would have it answered. */
  readonly decide: (n: number) => unknown;
  /** Whether that answer allows; absent where the contestant does only a part of the work. */
  readonly allows?: (answer: unknown) => boolean;
  /** The questions, where they are others than those that all are asked. */
  readonly inputs?: readonly Input[];
}
