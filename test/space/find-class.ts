/** Finds the classes of a concrete request by asking both models, so that the classes can be held against requests. */
import {
  type FoundOperation,
  type Identity,
  type Input,
  isCanonicalPath,
  lookupIn,
  type Model,
  pathSegments,
} from "../../src/model/index.ts";
import type { CallerClass, OperationClass } from "../../src/space/index.ts";

/** Whom a model takes the credential of a request for, which counts in the order of the decision procedure. */
function callerIn(model: Model, { token, peer, key }: Input): { identity?: Identity | undefined; created?: number } {
  const lookup = lookupIn(model);
  if (token) {
    const issuer = lookup.issuerByUrl(token.iss as string);
    return { identity: issuer && lookup.identityOfToken(issuer.name, token.sub as string) };
  }
  if (peer?.spiffe !== undefined) return { identity: lookup.identityOfSpiffe(peer.spiffe) };
  return (key?.id !== undefined && lookup.identityOfKey(key.id)) || {};
}

/** All classes in which the caller is: always one. */
export function callerClassesOf(
  classes: readonly CallerClass[],
  before: Model,
  after: Model,
  input: Input,
): readonly CallerClass[] {
  const { token, peer, key } = input;
  const kind = token ? "token" : peer?.spiffe !== undefined ? "svid" : key?.id !== undefined ? "key" : "none";
  const [old, young] = [callerIn(before, input), callerIn(after, input)];
  const names = { before: old.identity?.name, after: young.identity?.name };
  const issuers = [before, after].map((model) => lookupIn(model).issuerByUrl(String(token?.iss)));
  return classes.filter(
    ({ credential, members }) =>
      credential === kind &&
      members().some(
        (member) =>
          member.before === names.before &&
          member.after === names.after &&
          (kind !== "token" ||
            (issuers.some(Boolean) ? member.url === token!.iss : isUnknown(member.url!, before, after))) &&
          (kind !== "key" || (!names.before && !names.after) || member.key === key!.id),
      ),
  );
}

function isUnknown(url: string, ...models: readonly Model[]): boolean {
  return models.every((model) => !lookupIn(model).issuerByUrl(url));
}

function operationIn(model: Model, { host, method, path }: Input["request"]): FoundOperation | undefined {
  return lookupIn(model).operation(host, method, pathSegments(path))?.found;
}

/** All classes in which the call is: always one. */
export function operationClassesOf(
  classes: readonly OperationClass[],
  before: Model,
  after: Model,
  request: Input["request"],
): readonly OperationClass[] {
  if (!isCanonicalPath(request.path)) return classes.filter(({ kind }) => kind === "not-canonical");
  const [old, young] = [operationIn(before, request), operationIn(after, request)];
  if (!old && !young) return classes.filter(({ kind }) => kind === "unknown");
  return classes.filter(({ members }) =>
    members.some((member) => member.before === old?.name && member.after === young?.name),
  );
}
