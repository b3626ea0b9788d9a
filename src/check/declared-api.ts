/** An API with the places of what it declares. */
import type { Span } from "../diagnostics/index.ts";
import type { Api } from "../model/index.ts";

export interface DeclaredApi {
  readonly value: Api;
  readonly nameSpan: Span;
  /** Names of refused operations, which `value` does not hold. */
  readonly refused: readonly string[];
  /** By the operation's name. */
  readonly operations: ReadonlyMap<string, Span>;
  /** By `header scope`. */
  readonly headerScopes: ReadonlyMap<string, Span>;
}
