/** `never`: what no policy may ever allow. */
import { report, type Span } from "../../diagnostics/index.ts";
import type { Never } from "../../model/index.ts";
import type { Estate } from "../estate.ts";
import { readCallers } from "../holders.ts";
import { expandScopes } from "../patterns.ts";
import { apis, issuerOf, readCondition } from "../rule.ts";
import { type Properties, readArguments, readProperties } from "../shape.ts";
import { plainText, thingOf } from "../values.ts";
import type { Word } from "../word.ts";

const readIssuer = thingOf("issuer");

export const never: Word = {
  name: "never",
  form: "statement",
  define({ call }, estate) {
    const [first, second] = readArguments(estate, call, "never", ["its name", "its properties"]) ?? [];
    if (!first || !second) return undefined;
    const name = plainText(estate, first, "the name");
    const given = readProperties(estate, second, "`never`", ["scopes"], ["by", "issuer", "on", "when"]);
    if (name !== undefined) checkNameIsNew(estate, name, first.expression.span);
    const parts = given && readParts(estate, given);
    if (name === undefined || !parts) return undefined;
    const nameSpan = first.expression.span;
    estate.nevers.push({
      kind: "never",
      value: { name, ...parts },
      written: (property) => given.get(property)?.expression,
      at: (property, inside) => (property === undefined ? nameSpan : given.at(property, inside)),
    });
    estate.place("never", name, nameSpan);
    return undefined;
  },
};

function checkNameIsNew(estate: Estate, name: string, span: Span): void {
  const before = estate.positions.get(`never ${name}`);
  if (!before) return;
  const related = [{ span: before, message: "it is called so here first" }];
  estate.report(report("WRIT4102", span, { name }, { related }));
}

function readParts(estate: Estate, given: Properties): Omit<Never, "name"> | undefined {
  const by = given.read("by", readCallers);
  const issuer = given.read("issuer", readIssuer);
  const expanded = given.read("scopes", expandScopes);
  const on = given.read("on", apis);
  // Identities of a tier may come from anywhere, and so may everybody.
  const common = by && by.tiers.length === 0 ? issuerOf(estate, by.makeup) : undefined;
  const understood = (!given.has("by") || by) && (!given.has("issuer") || issuer);
  const when = understood
    ? given.read("when", (e, entry) => readCondition(e, entry, issuer?.issuer ?? common))
    : undefined;
  if (!given.sound || !expanded) return undefined;
  return {
    ...(by && { by: { identities: by.identities, groups: by.groups, tiers: by.tiers } }),
    ...(issuer && { issuer: issuer.name }),
    // Not closed under implication, as in a deny.
    scopes: expanded.scopes,
    patterns: expanded.patterns.map((pattern) => pattern.text),
    ...(on && { on: on.map((found) => found.name) }),
    ...(when && { when }),
  };
}
