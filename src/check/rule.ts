/** What grants, denies and emergencies have in common: whom, which scopes, where, when, from and until. */
import { report, type Span } from "../diagnostics/index.ts";
import type { Condition, Deny, Grant, Issuer } from "../model/index.ts";
import { checkCondition } from "./condition.ts";
import { conditionScope } from "./condition-scope.ts";
import { sizeWithin } from "./condition-size.ts";
import type { DeclaredRule, Estate } from "./estate.ts";
import type { Given } from "./given.ts";
import { type Makeup, readHolders } from "./holders.ts";
import { type Expanded, expandScopes } from "./patterns.ts";
import { listOf, type Properties, readProperties } from "./shape.ts";
import { oneOrMore, plainText, readDate, thingOf } from "./values.ts";

export interface RuleParts {
  /** What stands in the model alike, whatever the rule does. */
  readonly common: Omit<Deny, "name" | "scopes">;
  readonly expanded: Expanded;
  /** What the rules of the estate look at besides, and where. */
  readonly declared: Pick<DeclaredRule, "at" | "patterns" | "reached" | "written">;
}

const api = thingOf("api");
export const apis = oneOrMore(api, listOf(api, "a list of APIs"));

export const ruleProperties = ["to", "scopes", "on", "when", "from", "until", "reason"];

/** Reads the shared properties; `undefined` once it is reported why there is no rule. */
export function readRule(estate: Estate, given: Properties, nameSpan: Span): RuleParts | undefined {
  const reached = given.read("to", readHolders);
  const expanded = given.read("scopes", expandScopes);
  const on = given.read("on", apis);
  const when = reached && given.read("when", (e, entry) => readCondition(e, entry, issuerOf(e, reached.makeup)));
  const from = given.read("from", readDate);
  const until = given.read("until", readDate);
  const reason = given.read("reason", plainText);
  if (!given.sound || !reached || !expanded) return undefined;
  if (from !== undefined && until !== undefined && until <= from)
    return estate.report(report("WRIT3021", given.at("until"), { end: "until" }));
  return {
    common: {
      to: { identities: reached.identities, groups: reached.groups },
      ...(on && { on: on.map((found) => found.name) }),
      ...(when && { when }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      ...(reason !== undefined && { reason }),
      patterns: expanded.patterns.map((pattern) => pattern.text),
    },
    expanded,
    declared: {
      reached,
      patterns: expanded.patterns,
      written: (property) => given.get(property)?.expression,
      at: (property, inside) => (property === undefined ? nameSpan : given.at(property, inside)),
    },
  };
}

/** The one issuer of all who are meant, if there is one. */
export function issuerOf(estate: Estate, { issuers }: Makeup): Issuer | undefined {
  const [name, ...more] = issuers;
  return more.length === 0 ? estate.issuers.get(name ?? "")?.value : undefined;
}

/** @param issuer whose claims can be read */
export function readCondition(
  estate: Estate,
  { expression }: Given,
  issuer: Issuer | undefined,
): Condition | undefined {
  const when = checkCondition(expression, conditionScope(estate, issuer));
  return when && sizeWithin(estate, when, expression.span) ? when : undefined;
}

export function readApproval(given: Properties, property = "approved"): Grant["approved"] {
  return given.read(property, (e, entry, title) => {
    const parts = readProperties(e, entry, title, ["by"], ["ticket"]);
    const by = parts?.read("by", oneOrMore(plainText, listOf(plainText, "a list of people")));
    const ticket = parts?.read("ticket", plainText);
    return parts?.sound && by ? { by, ...(ticket !== undefined && { ticket }) } : undefined;
  });
}
