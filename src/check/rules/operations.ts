/** Over all APIs of a host, a request is one operation (row 6 of the decision procedure). */
import { report, type Span } from "../../diagnostics/index.ts";
import { shapeOf } from "../api-document.ts";
import type { Estate } from "../estate.ts";

export function checkOperations(estate: Estate): void {
  const byShape = new Map<string, { readonly name: string; readonly api: string; readonly span: Span }>();
  for (const { value, operations } of estate.apis) {
    for (const [name, span] of operations) {
      const key = `${value.host} ${shapeOf(name)}`;
      const other = byShape.get(key);
      if (!other) {
        byShape.set(key, { name, api: value.name, span });
        continue;
      }
      const related = [{ span: other.span, message: `\`${other.name}\` is declared here` }];
      if (other.name === name) {
        estate.report(report("WRIT3040", span, { operation: name, api: other.api }, { related }));
      } else {
        const path = name.slice(name.indexOf(" ") + 1).replace(/\{([^{}.]*)(?:\.\.\.)?\}/g, "any");
        estate.report(report("WRIT3041", span, { operation: name, other: other.name, path }, { related }));
      }
    }
  }
}
