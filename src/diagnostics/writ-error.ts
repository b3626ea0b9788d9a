/** Operational errors: what the world does to us. They carry a code of the table; programs match on the code, never on the text. */
import { type OperationalCode, type OperationalParameters, operational } from "./operational.ts";

/**
 * @example try { await verify(bytes, keys) } catch (error) { if (error instanceof WritError && error.code === "WRIT7001") … }
 */
export class WritError extends Error {
  readonly code: OperationalCode;
  /** The short name of the code, `signature-invalid`. */
  readonly reason: string;
  /** What to do instead, where the table says it. */
  readonly help: string | undefined;

  constructor(code: OperationalCode, message: string, options?: { cause?: unknown; help?: string | undefined }) {
    super(message, options);
    this.name = "WritError";
    this.code = code;
    this.reason = operational[code].name;
    this.help = options?.help;
  }

  static of<C extends OperationalCode>(code: C, parameters: OperationalParameters<C>, cause?: unknown): WritError {
    const entry = operational[code] as {
      message: (p: OperationalParameters<C>) => string;
      help?: (p: OperationalParameters<C>) => string;
    };
    const help = entry.help?.(parameters);
    return new WritError(code, entry.message(parameters), cause === undefined ? { help } : { cause, help });
  }
}
