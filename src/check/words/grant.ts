/** `grant`: who may use which scopes, where, when and until when. */
import type { Grant } from "../../model/index.ts";
import type { Estate } from "../estate.ts";
import { reportImplied } from "../patterns.ts";
import { readApproval, readRule, ruleProperties } from "../rule.ts";
import { type Properties, readArguments, readProperties } from "../shape.ts";
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
  const rule = readRule(estate, given, nameSpan);
  if (!rule) return undefined;
  const { common, expanded, declared } = rule;
  reportImplied(estate, expanded);
  const value: Grant = {
    name,
    ...common,
    scopes: expanded.closed,
    emergency: kind === "emergency",
    ...(approved && { approved }),
  };
  estate.rules.push({ kind, value, ...declared });
  estate.place("grant", name, nameSpan);
  if (value.when) estate.place("when", name, declared.at("when"));
  return { kind: "grant", name };
}
