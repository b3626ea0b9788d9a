/** `identity`: one non-human identity, or a family of them. */
import { report } from "../../diagnostics/index.ts";
import type { Identity } from "../../model/index.ts";
import type { Estate } from "../estate.ts";
import type { Given } from "../given.ts";
import { addIdentity, keyIdProblem, subjectProblem } from "../identities.ts";
import { listOf, readArguments, readEntries, readProperties } from "../shape.ts";
import { plainText, rawText, readDate, thingOf } from "../values.ts";
import type { Word } from "../word.ts";

export const identity: Word = {
  name: "identity",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const [properties] = readArguments(estate, call, "identity", ["the identity's properties"]) ?? [];
    if (!properties) return undefined;
    const optional = ["issuer", "subject", "keys", "from", "expires", "tags"];
    const given = readProperties(estate, properties, "an identity", ["tier", "owner"], optional);
    if (!given) return undefined;
    const tier = given.read("tier", thingOf("tier"));
    const owner = given.read("owner", plainText);
    const issuer = given.read("issuer", thingOf("issuer"));
    const subject = given.read("subject", readSubject);
    const keys = given.read("keys", readKeys) ?? [];
    const from = given.read("from", readDate);
    const expires = given.read("expires", readDate);
    const tags = given.read("tags", listOf(plainText, "a list of texts", true)) ?? [];
    if (given.has("subject") !== given.has("issuer")) {
      const [has, lacks] = given.has("subject") ? ["subject", "issuer"] : ["issuer", "subject"];
      given.sound = false;
      estate.report(report("WRIT2136", given.keyAt(has), { has, lacks }));
    } else if (!given.has("subject") && !given.has("keys")) {
      given.sound = false;
      estate.report(report("WRIT2135", given.at(), {}));
    }
    if (!given.sound || !tier || owner === undefined) return undefined;
    const value: Identity = {
      name,
      tier: tier.name,
      ...(issuer && { issuer: issuer.name }),
      ...(subject !== undefined && { subject }),
      keys,
      owner,
      ...(from !== undefined && { from }),
      ...(expires !== undefined && { expires }),
      tags,
    };
    const added = addIdentity(estate, value, tier.tier, (property, inside) =>
      property ? given.at(property, inside) : nameSpan,
    );
    if (!added) return undefined;
    estate.place("identity", name, nameSpan);
    return { kind: "identity", name, identity: added };
  },
};

function readSubject(estate: Estate, given: Given, title: string): string | undefined {
  const text = rawText(estate, given, title);
  if (!text) return undefined;
  const problem = subjectProblem(text.text);
  if (!problem) return text.text;
  return estate.report(report("WRIT2129", text.span, { subject: text.text, problem }));
}

function readKeys(estate: Estate, given: Given, title: string): Identity["keys"] | undefined {
  const entries = readEntries(estate, given, title);
  if (!entries) return undefined;
  if (entries.length === 0) return estate.report(report("WRIT2109", given.expression.span, { title }));
  const keys = entries.map(({ name, keySpan, ...value }) => {
    const created = readDate(estate, value, `the day on which \`${name}\` was made`);
    if (keyIdProblem(name)) return estate.report(report("WRIT2130", keySpan, { id: name }));
    return created === undefined ? undefined : { id: name, created };
  });
  return keys.every((key) => key !== undefined) ? keys : undefined;
}
