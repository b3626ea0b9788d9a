/** What an estate may not need more of, because every engine would have to hold it. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";
import { isPatternSubject, type Model, operationAutomaton, spiffeAutomaton } from "../model/index.ts";

/**
 * @param positions where things were declared, by kind and name: `api orders`, `identity payments`
 */
export function checkLimits(model: Model, positions: ReadonlyMap<string, Span>): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const paths = operationAutomaton(model);
  if ("tooLarge" in paths) {
    const api = model.apis.find(({ host }) => host === paths.tooLarge);
    const what = `the path templates of \`${paths.tooLarge}\``;
    diagnostics.push(report("WRIT6001", positions.get(`api ${api?.name}`), { what }));
  }
  if ("tooLarge" in spiffeAutomaton(model)) {
    const pattern = model.identities.find(({ subject }) => subject !== undefined && isPatternSubject(subject));
    const what = "the SPIFFE patterns of the estate";
    diagnostics.push(report("WRIT6001", positions.get(`identity ${pattern?.name}`), { what }));
  }
  return diagnostics;
}
