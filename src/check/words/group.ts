/** `group`: the identities that a predicate chooses, evaluated while compiling. */
import { report } from "../../diagnostics/index.ts";
import type { Identity } from "../../model/index.ts";
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
    const members = candidates(from.members(), chooses.tag).filter(chooses);
    if (members.length === 0 && !from.partial) estate.report(report("WRIT3030", nameSpan, { group: name }));
    estate.groups.push({ name, members: members.map((member) => member.name) });
    estate.place("group", name, nameSpan);
    return { kind: "group", name, members, partial: from.partial, issuers: from.makeup.issuers };
  },
};

/** A registry with a group for each of its tags is looked through once, not once for each. */
const indices = new WeakMap<readonly Identity[], ReadonlyMap<string, readonly Identity[]>>();

function candidates(members: readonly Identity[], tag: string | undefined): readonly Identity[] {
  if (tag === undefined) return members;
  let index = indices.get(members);
  if (!index) {
    const byTag = new Map<string, Identity[]>();
    for (const member of members) {
      for (const own of new Set(member.tags)) {
        const sharing = byTag.get(own);
        if (sharing) sharing.push(member);
        else byTag.set(own, [member]);
      }
    }
    index = byTag;
    indices.set(members, index);
  }
  return index.get(tag) ?? [];
}
