/** From a model to requests that it allows, or nearly: each operation, asked for by those who are granted it. */
import {
  type Api,
  type Grant,
  type Identity,
  type Input,
  type Method,
  type Model,
  type Operation,
  type Policy,
  parseTemplate,
  type Revocations,
} from "../model/index.ts";
import { repairs, type Scene, sceneOf } from "../why/index.ts";
import { methodsOf, present } from "./credential.ts";

/** Who asks for one operation, in how many ways at most. */
const mostCallers = 4;
/** Of one grant, and of each group that it is to. */
const mostHolders = 3;
/** On average, where there are more operations than can be asked for. */
const callersEach = 3;
const mostRepairs = 6;
/** 2026-01-01, where nothing says when the estate is used. */
const someDay = 1_767_225_600;
const halfDay = 43_200;

/** A request to vary: what is known of who asks and for what. */
export interface Base {
  readonly scene: Scene;
  readonly model: Model;
  readonly policy: Policy;
  readonly revocations: Revocations;
  readonly input: Input;
  readonly identity?: Identity;
  /** One identity of each kind that the estate has. */
  readonly others: readonly Identity[];
  /** Its place among the requests, so that each is varied a little otherwise. */
  readonly number: number;
}

interface Call {
  readonly api: Api;
  readonly operation: Operation;
}

interface Caller {
  readonly identity: Identity;
  readonly method: Method;
}

/** At most `count`, over operations of as many kinds as possible, the first caller of each before the second of any. */
export function requestsOf(model: Model, policy: Policy, count: number): readonly Base[] {
  const time = usualTime(model, policy);
  const callersOf = callersIn(model);
  const others = variedIdentities(model, time);
  const asked = variedCalls(model, Math.ceil(count / callersEach)).map((call) => ({ call, callers: callersOf(call) }));
  const bases: Base[] = [];
  const add = (call?: Call, caller?: Caller): void => {
    bases.push(baseOf({ model, policy, others, number: bases.length }, time, call, caller));
  };
  for (let turn = 0; bases.length < count; turn++) {
    const left = asked.filter(({ callers }) => turn < callers.length);
    if (left.length === 0) break;
    for (const { call, callers } of left) if (bases.length < count) add(call, callers[turn]);
  }
  if (bases.length === 0) add();
  return bases;
}

/** At most `count`: operations that demand the same are of one kind, and there is one of each kind before a second of any. */
function variedCalls(model: Model, count: number): readonly Call[] {
  const kinds = Map.groupBy(
    model.apis.flatMap((api) => api.operations.map((operation): Call => ({ api, operation }))),
    ({ api, operation }) => JSON.stringify([api.name, operation.public, operation.minTrust, operation.scopes]),
  );
  const rows = [...kinds.values()];
  const calls: Call[] = [];
  for (let turn = 0; calls.length < count; turn++) {
    const row = rows.flatMap((kind) => kind[turn] ?? []);
    if (row.length === 0) break;
    calls.push(...spread(row, count - calls.length));
  }
  return calls;
}

/** Of one kind are those that steps 1 to 3 look at in the same way. */
function variedIdentities({ identities }: Model, time: number): readonly Identity[] {
  const kinds = Map.groupBy(identities, ({ tier, issuer, subject, keys, from = 0, expires = time + 1 }) =>
    JSON.stringify([tier, issuer, subject?.includes("*"), keys.length > 0, from <= time, time < expires]),
  );
  return [...kinds.values()].flatMap((kind) => kind.slice(0, 2));
}

/** At most `count` of the items, evenly from first to last. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)] as T);
}

function usualTime(model: Model, { notBefore, notAfter }: Policy): number {
  const released = notBefore > 0 ? notBefore + halfDay : (model.examples[0]?.input.time ?? someDay);
  const usual = Number.isSafeInteger(released) ? released : someDay;
  return notBefore <= usual && usual < notAfter ? usual : Math.max(notBefore, Math.floor((notBefore + notAfter) / 2));
}

/** Those who hold a grant of what the operation needs, one for each grant first; of each its ways that its tier accepts. */
function callersIn(model: Model): (call: Call) => readonly (Caller | undefined)[] {
  const identities = new Map(model.identities.map((identity) => [identity.name, identity]));
  const members = new Map(model.groups.map((group) => [group.name, group.members.slice(0, mostHolders)]));
  const tiers = new Map(model.tiers.map((tier) => [tier.name, tier]));
  const byScope = new Map<string, Grant[]>();
  for (const grant of model.grants) {
    for (const scope of grant.scopes) {
      const grants = byScope.get(scope);
      if (grants) grants.push(grant);
      else byScope.set(scope, [grant]);
    }
  }
  const holders = ({ to }: Grant): readonly string[] =>
    [...to.identities.slice(0, mostHolders), ...to.groups.flatMap((name) => members.get(name) ?? [])].slice(
      0,
      mostHolders,
    );
  return ({ api, operation }) => {
    if (operation.public) return [undefined];
    const grants = (byScope.get(operation.scopes[0] ?? "") ?? []).filter(({ on }) => !on || on.includes(api.name));
    const rows = grants.slice(0, mostCallers * 2).map(holders);
    const names = Array.from({ length: mostHolders }, (_, i) => rows.flatMap((row) => row[i] ?? [])).flat();
    // Nobody may call it: then somebody asks in vain.
    const found = [...new Set(names)].flatMap((name) => identities.get(name) ?? []);
    const asking = found.length > 0 ? found : model.identities.slice(0, 1);
    return asking.slice(0, mostCallers).flatMap((identity): Caller[] => {
      const accepted = tiers.get(identity.tier)?.authentication ?? [];
      const ways = methodsOf(identity).filter((method) => accepted.includes(method));
      return ways.map((method) => ({ identity, method }));
    });
  };
}

function baseOf(
  about: Pick<Base, "model" | "number" | "others" | "policy">,
  time: number,
  call: Call | undefined,
  caller: Caller | undefined,
): Base {
  const { model, policy } = about;
  const revocations: Revocations = { sequence: 1, at: time - Math.min(5, time), floor: policy.sequence };
  const input: Input = {
    time,
    ...(caller && present(model, caller.identity, caller.method, call?.operation.scopes ?? [], time)),
    request: {
      host: call?.api.host ?? "nowhere.example.com",
      method: call?.operation.method ?? "GET",
      path: pathOf(call?.operation.template ?? "/"),
      ip: "203.0.113.7",
      headers: {},
    },
  };
  const scene = furthest(sceneOf({ loaded: { model, policy, revocations }, input }));
  const identity = scene.call?.credential.identity ?? caller?.identity;
  return {
    ...about,
    scene,
    revocations: scene.question.loaded.revocations as Revocations,
    input: scene.question.input as Input,
    ...(identity && { identity }),
  };
}

export function pathOf(template: string): string {
  const segments = parseTemplate(template);
  if ("problem" in segments) return template;
  const texts = segments.map((segment) => {
    if (segment.kind === "literal") return segment.text;
    return segment.kind === "rest" ? "a/b" : "1";
  });
  return `/${texts.join("/")}`;
}

/** Changes request and revocations, never the estate, for as long as that brings the request further. */
function furthest(from: Scene): Scene {
  let scene = from;
  for (let round = 0; round < mostRepairs && !scene.decision.allow; round++) {
    const { question, observations } = scene;
    const next = repairs(scene)
      .filter((changes) => changes.every((change) => change.in === "request" || change.in === "revocations"))
      .map((changes) => sceneOf(question, changes));
    const better =
      next.find(({ decision }) => decision.allow) ??
      next.find((other) => other.observations.length > observations.length) ??
      // Where two scopes lack their condition, the row stays the same when the first has it.
      next.find((other) => other.observations.length === observations.length);
    if (!better) break;
    scene = better;
  }
  return scene;
}
