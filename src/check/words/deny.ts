/** `deny`: what must never be allowed. */
import type { Deny } from "../../model/index.ts";
import { readRule, ruleProperties } from "../rule.ts";
import { readArguments, readProperties } from "../shape.ts";
import type { Word } from "../word.ts";

export const deny: Word = {
  name: "deny",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const [properties] = readArguments(estate, call, "deny", ["the deny's properties"]) ?? [];
    if (!properties) return undefined;
    const given = readProperties(estate, properties, "a deny", ["to", "scopes"], ruleProperties);
    if (!given) return undefined;
    const rule = readRule(estate, given, nameSpan);
    if (!rule) return undefined;
    // Not closed under implication: denying a read does not deny the write that implies it.
    const value: Deny = { name, ...rule.common, scopes: rule.expanded.scopes };
    estate.rules.push({ kind: "deny", value, ...rule.declared });
    estate.place("deny", name, nameSpan);
    if (value.when) estate.place("when", name, rule.declared.at("when"));
    return { kind: "deny", name };
  },
};
