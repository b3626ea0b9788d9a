/** `group`: the identities that a predicate chooses, evaluated while compiling. */
import { report } from "../../diagnostics/index.ts";
import { conditionScope } from "../condition-scope.ts";
import { readHolders } from "../holders.ts";
import { checkPredicate } from "../predicate.ts";
import { readArguments } from "../shape.ts";
import type { Word } from "../word.ts";

export const group: Word = {
  name: "group",
  form: "declaration",
  define({ call, name, nameSpan }, estate) {
    const names = ["whom it chooses from", "a predicate, `(i) => …`"];
    const [first, second] = readArguments(estate, call, "group", names) ?? [];
    if (!first || !second) return undefined;
    const from = readHolders(estate, first, "whom a group chooses from");
    const chooses = checkPredicate(second.expression, conditionScope(estate, undefined));
    if (!from || !chooses) return undefined;
    const members = from.members().filter(chooses);
    if (members.length === 0 && !from.partial) estate.report(report("WRIT3030", nameSpan, { group: name }));
    estate.groups.push({ name, members: members.map((member) => member.name) });
    estate.place("group", name, nameSpan);
    return { kind: "group", name, members, partial: from.partial };
  },
};
