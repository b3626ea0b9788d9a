/** Operational errors: what the world does to us. They carry a code of the table; programs match on the code, never on the text. */
import { type Code, type Parameters, table } from "./table.ts";

/**
 * @example try { await verify(bytes, keys) } catch (error) { if (error instanceof WritError && error.code === "WRIT7001") … }
 */
export class WritError extends Error {
  readonly code: Code;
  /** The short name of the code, `signature-invalid`. */
  readonly reason: string;

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "WritError";
    this.code = code;
    this.reason = table[code].name;
  }

  static of<C extends Code>(code: C, parameters: Parameters<C>, cause?: unknown): WritError {
    const message = (table[code].message as (p: Parameters<C>) => string)(parameters);
    return new WritError(code, message, cause === undefined ? undefined : { cause });
  }
}
