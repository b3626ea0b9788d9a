/** `emergency`: a grant for hours, with two approvers and a reason. */
import { report } from "../../diagnostics/index.ts";
import type { Estate } from "../estate.ts";
import { look } from "../given.ts";
import { ruleProperties } from "../rule.ts";
import { type Properties, readArguments, readProperties } from "../shape.ts";
import type { Word } from "../word.ts";
import { addGrant } from "./grant.ts";

export const emergency: Word = {
  name: "emergency",
  form: "declaration",
  define(word, estate) {
    const [properties] = readArguments(estate, word.call, "emergency", ["the emergency's properties"]) ?? [];
    if (!properties) return undefined;
    const required = ["to", "scopes", "from", "until", "approved", "reason"];
    const given = readProperties(estate, properties, "an emergency", required, ruleProperties);
    if (!given) return undefined;
    if (!hasTwoApprovers(estate, given)) given.sound = false;
    return addGrant(estate, word, given, "emergency");
  },
};

/** TypeScript knows how long a list is only where it is written out, so here it must be. */
function hasTwoApprovers(estate: Estate, given: Properties): boolean {
  const approved = given.get("approved");
  const seen = approved && look(estate, approved);
  if (seen?.kind !== "object") return true; // reported where it is read
  const by = seen.object.properties.find(
    (p) => p.kind === "property" && (p.key.kind === "identifier" ? p.key.name : p.key.value) === "by",
  );
  if (by?.kind !== "property" || by.value.kind === "hole") return true;
  const { value } = by;
  if (value.kind === "array" && value.elements.filter((e) => e.kind !== "spread").length >= 2) return true;
  estate.report(report("WRIT2137", value.span, {}));
  return false;
}
