/** Which operations need a scope, and which of those lack a parameter: found once, asked for every rule. */
import type { Span } from "../../diagnostics/index.ts";
import { type Operation, parseTemplate } from "../../model/index.ts";
import type { Estate } from "../estate.ts";

interface Place {
  readonly operation: string;
  readonly span: Span;
}

interface Applies {
  readonly scopes: readonly string[];
  readonly on?: readonly string[];
}

export class Reach {
  /** By scope, then by API. */
  readonly #needing = new Map<string, Map<string, { readonly operation: Operation; readonly span: Span }[]>>();
  /** By scope, API and parameter. */
  readonly #lacking = new Map<string, Place | undefined>();
  readonly #parameters = new Map<Operation, ReadonlySet<string>>();

  constructor(estate: Estate) {
    for (const { value, operations, nameSpan } of estate.apis) {
      for (const operation of value.operations) {
        const span = operations.get(operation.name) ?? nameSpan;
        for (const scope of operation.scopes) {
          const byApi = this.#needing.get(scope) ?? new Map<string, { operation: Operation; span: Span }[]>();
          this.#needing.set(scope, byApi);
          const list = byApi.get(value.name);
          if (list) list.push({ operation, span });
          else byApi.set(value.name, [{ operation, span }]);
        }
      }
    }
  }

  isNeeded(scope: string): boolean {
    return this.#needing.has(scope);
  }

  /** Whether there is an operation for which the rule could matter. */
  reaches({ scopes, on }: Applies): boolean {
    return scopes.some((scope) => {
      const byApi = this.#needing.get(scope);
      return byApi && (!on || on.some((api) => byApi.has(api)));
    });
  }

  /** An operation that the rule reaches and whose path has no such parameter. */
  lacking({ scopes, on }: Applies, parameter: string): Place | undefined {
    for (const scope of scopes) {
      const byApi = this.#needing.get(scope);
      if (!byApi) continue;
      for (const api of on ?? byApi.keys()) {
        const key = `${scope} ${api} ${parameter}`;
        if (!this.#lacking.has(key)) this.#lacking.set(key, this.#search(byApi.get(api) ?? [], parameter));
        const found = this.#lacking.get(key);
        if (found) return found;
      }
    }
    return undefined;
  }

  #search(operations: readonly { operation: Operation; span: Span }[], parameter: string): Place | undefined {
    const found = operations.find(({ operation }) => !this.#parametersOf(operation).has(parameter));
    return found && { operation: found.operation.name, span: found.span };
  }

  #parametersOf(operation: Operation): ReadonlySet<string> {
    let names = this.#parameters.get(operation);
    if (!names) {
      const template = parseTemplate(operation.template);
      names = new Set("problem" in template ? [] : template.flatMap((s) => (s.kind === "literal" ? [] : [s.name])));
      this.#parameters.set(operation, names);
    }
    return names;
  }
}
