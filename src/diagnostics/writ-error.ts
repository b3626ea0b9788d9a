/** Operational errors: what the world does to us. They carry a code of the table; programs match on the code, never on the text. */
import { wordsOf } from "./sentences.ts";
import type { Code, Parameters } from "./table.ts";

/**
 * @example try { await verify(bytes, keys) } catch (error) { if (error instanceof WritError && error.code === "WRIT7001") … }
 */
export class WritError extends Error {
  readonly code: Code;
  /** What the sentence is about: with the code it says all that the sentence says. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The short name of the code, `signature-invalid`; in a gateway, which has no table, the code. */
  readonly reason: string;
  /** What to do instead, where the table says it. */
  readonly help: string | undefined;

  private constructor(code: Code, parameters: Readonly<Record<string, unknown>>, options?: { cause: unknown }) {
    const { name, message, help } = wordsOf(code, parameters);
    super(message, options);
    this.name = "WritError";
    this.code = code;
    this.parameters = parameters;
    this.reason = name;
    this.help = help;
  }

  static of<C extends Code>(code: C, parameters: Parameters<C>, cause?: unknown): WritError {
    return new WritError(
      code,
      parameters as Readonly<Record<string, unknown>>,
      cause === undefined ? undefined : { cause },
    );
  }
}
