/** What the regions of a difference say of one request: by which cells it lies in, without deciding it. */
import { assert } from "../../src/diagnostics/index.ts";
import { type Compared, compare } from "../../src/diff/compare.ts";
import type { ChangeKind } from "../../src/diff/index.ts";
import { endsDiffer } from "../../src/diff/until.ts";
import { type Input, isCanonicalPath, lookupIn, type Model, own, pathSegments } from "../../src/model/index.ts";
import {
  type CallerClass,
  callerClasses,
  type OperationClass,
  operationClasses,
  type Question,
} from "../../src/space/index.ts";

/** @example predictor(before, after).predict(question) === kindOf(decideBy(before, question), decideBy(after, question)) */
export function predictor(
  before: Model,
  after: Model,
): { readonly predict: (question: Question) => ChangeKind | undefined } {
  // A request is read as what it says itself, so it is looked for where no other caller and operation stands for its own.
  const callers = callerClasses(before, after, true);
  const operations = operationClasses(before, after, true);
  const models = [before, after] as const;
  const compared = new Map<CallerClass, Map<OperationClass, Compared>>();
  return {
    predict: (question) => {
      const caller = callerOf(callers, models, question.input);
      const operation = operationOf(operations, models, question.input);
      const known = compared.get(caller) ?? new Map<OperationClass, Compared>();
      compared.set(caller, known);
      const found = known.get(operation) ?? compare(caller, operation);
      known.set(operation, found);
      return predictIn(found, question);
    },
  };
}

function predictIn({ scene, regions }: Compared, question: Question): ChangeKind | undefined {
  const cells = scene.cellsOf(question).map((cell, number) => {
    assert(cell !== undefined, `a cell of \`${scene.variables[number]?.dimension.key}\` for every request`);
    return cell;
  });
  assert(scene.diagrams.evaluate(scene.possible, cells) === 1, "a request that is held to be impossible");
  const inside = regions.filter(
    ({ diagram, ends }) => scene.diagrams.evaluate(diagram, cells) === 1 && (!ends || endsDiffer(ends, question)),
  );
  assert(inside.length <= 1, "a request of one change at most");
  return inside[0]?.kind;
}

type Models = readonly [Model, Model];

/** The one class that the credential belongs to. */
function callerOf(callers: readonly CallerClass[], models: Models, input: Input): CallerClass {
  const url = input.token && own(input.token, "iss");
  const subject = input.token && own(input.token, "sub");
  const spiffe = input.peer?.spiffe;
  const key = input.key?.id;
  const credential = input.token ? "token" : spiffe !== undefined ? "svid" : key !== undefined ? "key" : "none";
  const names = models.map((model) => {
    const lookup = lookupIn(model);
    if (credential === "token") {
      const issuer = typeof url === "string" ? lookup.issuerByUrl(url) : undefined;
      return issuer && typeof subject === "string" ? lookup.identityOfToken(issuer.name, subject)?.name : undefined;
    }
    if (credential === "svid") return lookup.identityOfSpiffe(spiffe ?? "")?.name;
    return credential === "key" ? lookup.identityOfKey(key ?? "")?.identity.name : undefined;
  });
  const isKnown = (issuerUrl: unknown): boolean =>
    typeof issuerUrl === "string" && models.some((model) => lookupIn(model).issuerByUrl(issuerUrl) !== undefined);
  const found = callers.filter(
    (other) =>
      other.credential === credential &&
      other
        .members()
        .some(
          (member) =>
            member.before === names[0] &&
            member.after === names[1] &&
            (credential !== "token" || (isKnown(url) ? member.url === url : !isKnown(member.url))) &&
            (credential !== "key" || member.key === key || names.every((name) => name === undefined)),
        ),
  );
  assert(found.length === 1, `one class of callers for ${JSON.stringify(input)}, not ${found.length}`);
  return found[0] as CallerClass;
}

/** The one class that the request's operation belongs to. */
function operationOf(operations: readonly OperationClass[], models: Models, { request }: Input): OperationClass {
  const { host, method, path } = request;
  if (!isCanonicalPath(path)) return only(operations.filter(({ kind }) => kind === "not-canonical"));
  const [before, after] = models.map(
    (model) => lookupIn(model).operation(host, method, pathSegments(path))?.found.name,
  );
  if (before === undefined && after === undefined) return only(operations.filter(({ kind }) => kind === "unknown"));
  return only(operations.filter(({ members }) => members.some((m) => m.before === before && m.after === after)));
}

function only(found: readonly OperationClass[]): OperationClass {
  assert(found.length === 1, `one class of operations, not ${found.length}`);
  return found[0] as OperationClass;
}
