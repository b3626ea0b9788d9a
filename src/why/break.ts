/** For an allowed request: single changes that may take what the decision rests on. */
import type { Allow } from "../model/index.ts";
import { type Change, inRequest } from "./change.ts";
import { breakRights } from "./repair-rights.ts";
import type { Scene } from "./scene.ts";

/** Those first that say most about the decision: conditions, grants, scopes, then time, then knowing of revocations. */
export function breaks({ call, decision, question }: Scene): readonly (readonly Change[])[] {
  if (!decision.allow) return [];
  const { grants, until } = decision satisfies Allow;
  const credential = call?.credential;
  const found: (readonly Change[])[] = call && grants.length > 0 ? [...breakRights(call, grants)] : [];
  if (call && credential?.kind === "token") {
    for (const scope of credential.token.scopes) {
      const others = credential.token.scopes.filter((other) => other !== scope);
      found.push([inRequest(["token", "scope"], others.join(" "))]);
    }
  }
  found.push([inRequest(["time"], until)]);
  if (question.loaded.revocations !== undefined)
    found.push([{ in: "revocations", at: [], words: "nothing is known of revocations" }]);
  return found;
}
