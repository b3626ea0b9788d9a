/** `condition`: a test that several rules share. */
import { checkCondition } from "../condition.ts";
import { conditionScope } from "../condition-scope.ts";
import { sizeWithin } from "../condition-size.ts";
import { readArguments } from "../shape.ts";
import { thingOf } from "../values.ts";
import type { Word } from "../word.ts";

export const condition: Word = {
  name: "condition",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const named = call.arguments.length > 1 ? ["issuer", "test"] : ["test"];
    const given = readArguments(estate, call, "condition", named);
    const test = given?.at(-1);
    if (!given || !test) return undefined;
    const [first] = given;
    const issuer = given.length > 1 && first ? thingOf("issuer")(estate, first, "the issuer") : undefined;
    if (given.length > 1 && !issuer) return undefined;
    const when = checkCondition(test.expression, conditionScope(estate, issuer?.issuer));
    if (!when) return undefined;
    const size = sizeWithin(estate, when, test.expression.span);
    if (!size) return undefined;
    estate.conditionSizes.set(name, size);
    estate.conditions.set(name, { name, when });
    estate.place("condition", name, nameSpan);
    return { kind: "condition", name, ...(issuer && { issuer: issuer.name }) };
  },
};
