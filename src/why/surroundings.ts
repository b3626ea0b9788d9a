/** The part of an estate that a request can touch, so that trying changes costs the same however large the estate is. */
import { type Identity, type Model, own, reaches } from "../model/index.ts";
import type { Question } from "./change.ts";
import { possibleCallers } from "./repair-credential.ts";
import type { Scene } from "./scene.ts";

/** Grants to others that are worth extending to the caller. */
const mostOthers = 8;

/** The same question of a smaller estate, which decides it the same way. */
export function surroundings(scene: Scene): Question {
  const { loaded, input } = scene.question;
  const { model } = loaded;
  const kept = new Set([...named(scene), ...possibleCallers(scene)].map((identity) => identity.name));
  const groups = model.groups
    .map((group) => ({ ...group, members: group.members.filter((member) => kept.has(member)) }))
    .filter((group) => group.members.length > 0);
  const needed = scene.found?.operation.scopes ?? [];
  const held = new Set([...kept].flatMap((name) => scene.lookup.grantsTo(name)));
  const others = model.grants.filter(
    (grant) => scene.found && reaches(grant, scene.found) && needed.some((scope) => grant.scopes.includes(scope)),
  );
  const grants = new Set([...held, ...others.filter((grant) => !held.has(grant)).slice(0, mostOthers)]);
  const denies = new Set([...kept].flatMap((name) => scene.lookup.deniesTo(name)));
  const part: Model = {
    ...model,
    identities: model.identities.filter((identity) => kept.has(identity.name)),
    groups,
    apis: scene.found ? model.apis.filter((api) => api === scene.found?.api) : model.apis,
    grants: model.grants.filter((grant) => grants.has(grant)),
    denies: model.denies.filter((deny) => denies.has(deny)),
  };
  return { loaded: { ...loaded, model: part }, input };
}

/** Whom each part of the credential names, also where they disagree, and by whichever issuer. */
function named({ input, lookup, question }: Scene): readonly Identity[] {
  const subject = own(input?.token ?? {}, "sub");
  return [
    ...question.loaded.model.issuers.map((issuer) =>
      typeof subject === "string" ? lookup.identityOfToken(issuer.name, subject) : undefined,
    ),
    lookup.identityOfSpiffe(input?.peer?.spiffe ?? ""),
    lookup.identityOfKey(input?.key?.id ?? "")?.identity,
  ].filter((identity) => identity !== undefined);
}
