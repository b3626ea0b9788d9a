/** `grant`: who may use which scopes, where, when and until when. */
import type { Grant } from "../../model/index.ts";
import type { Estate } from "../estate.ts";
import { type RuleParts, readApproval, readRule, ruleProperties } from "../rule.ts";
import { type Properties, readArguments, readProperties } from "../shape.ts";
import { plainText } from "../values.ts";
import type { Thing, Word, WordCall } from "../word.ts";

export const grant: Word = {
  name: "grant",
  form: "declaration",
  define(word, estate) {
    const [properties] = readArguments(estate, word.call, "grant", ["the grant's properties"]) ?? [];
    if (!properties) return undefined;
    const given = readProperties(estate, properties, "a grant", ["to", "scopes"], [...ruleProperties, "approved"]);
    return given && addGrant(estate, word, given, "grant");
  },
};

/** Shared with `emergency`, which is a grant with a shorter life. */
export function addGrant(
  estate: Estate,
  { name, nameSpan }: WordCall,
  given: Properties,
  kind: "grant" | "emergency",
): Thing | undefined {
  const approved = readApproval(given);
  const reason = given.read("reason", plainText);
  const rule: RuleParts | undefined = readRule(estate, given);
  if (!rule) return undefined;
  const { to, reached, expanded, on, when, from, until } = rule;
  const value: Grant = {
    name,
    to,
    ...(on && { on }),
    ...(when && { when }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    scopes: expanded.closed,
    patterns: expanded.patterns.map((pattern) => pattern.text),
    emergency: kind === "emergency",
    ...(approved && { approved }),
    ...(reason !== undefined && { reason }),
  };
  estate.rules.push({
    kind,
    value,
    reached,
    patterns: expanded.patterns,
    written: (property) => given.get(property)?.expression,
    at: (property, inside) => (property === undefined ? nameSpan : given.at(property, inside)),
  });
  estate.place("grant", name, nameSpan);
  return { kind: "grant", name };
}
