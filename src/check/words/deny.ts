/** `deny`: what must never be allowed. */
import type { Deny } from "../../model/index.ts";
import { readRule, ruleProperties } from "../rule.ts";
import { readArguments, readProperties } from "../shape.ts";
import { plainText } from "../values.ts";
import type { Word } from "../word.ts";

export const deny: Word = {
  name: "deny",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const [properties] = readArguments(estate, call, "deny", ["the deny's properties"]) ?? [];
    if (!properties) return undefined;
    const given = readProperties(estate, properties, "a deny", ["to", "scopes"], ruleProperties);
    if (!given) return undefined;
    const reason = given.read("reason", plainText);
    const rule = readRule(estate, given);
    if (!rule) return undefined;
    const { to, reached, expanded, on, when, from, until } = rule;
    const value: Deny = {
      name,
      to,
      ...(on && { on }),
      ...(when && { when }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      scopes: expanded.scopes,
      patterns: expanded.patterns.map((pattern) => pattern.text),
      ...(reason !== undefined && { reason }),
    };
    estate.rules.push({
      kind: "deny",
      value,
      reached,
      patterns: expanded.patterns,
      written: (property) => given.get(property)?.expression,
      at: (property, inside) => (property === undefined ? nameSpan : given.at(property, inside)),
    });
    estate.place("deny", name, nameSpan);
    return { kind: "deny", name };
  },
};
