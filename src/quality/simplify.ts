/** Makes a request plainer, one thing at a time, as long as it still shows what it is to show. */
import type { Json, JsonObject, Said } from "../check/index.ts";
import { decide, lookupIn, type Model, pathSegments } from "../model/index.ts";

/** What examples of this estate usually say. */
export interface Usual {
  readonly time: number;
  /** Values of claims, by name. */
  readonly claims: ReadonlyMap<string, Json>;
  /** What callers call and are allowed, by their name. */
  readonly calls: ReadonlyMap<string, Call>;
  /** Whether a request calls an operation at all. */
  readonly isCall: (call: Call) => boolean;
}

type Call = Pick<Said, "host" | "method" | "path">;

/** What most examples of a model say; of equally many, what comes first in their order. */
export function usualOf(model: Model): Usual {
  const { examples } = model;
  const lookup = lookupIn(model);
  const times = new Map<number, number>();
  const claims = new Map<string, Map<string, number>>();
  const calls = new Map<string, Call>();
  for (const { policy, revocations, input } of examples) {
    const decision = decide({ model, policy, revocations }, input);
    if (decision.allow && decision.identity !== undefined && !calls.has(decision.identity))
      calls.set(decision.identity, input.request);
    const { time, token }: { time: unknown; token?: Readonly<Record<string, unknown>> } = input;
    if (typeof time === "number") times.set(time, (times.get(time) ?? 0) + 1);
    for (const [name, value] of Object.entries(token ?? {})) {
      const counts = claims.get(name) ?? new Map<string, number>();
      claims.set(name, counts);
      const text = JSON.stringify(value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return {
    // 2026-01-01, where nothing says when the estate is used.
    time: mostOf(times) ?? 1_767_225_600,
    claims: new Map(
      [...claims].flatMap(([name, counts]) => {
        const text = mostOf(counts);
        return text === undefined ? [] : [[name, JSON.parse(text) as Json]];
      }),
    ),
    calls,
    isCall: ({ host, method, path }) => lookup.operation(host, method, pathSegments(path)) !== undefined,
  };
}

function mostOf<T>(counts: ReadonlyMap<T, number>): T | undefined {
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0];
}

/** @param shows whether a request still shows what it is to show */
export function simplify(said: Said, usual: Usual, shows: (said: Said) => boolean): Said {
  let current = said;
  for (const step of steps(usual)) {
    for (const plainer of step(current)) {
      if (!shows(plainer)) continue;
      current = plainer;
      break;
    }
  }
  return current;
}

type Step = (said: Said) => readonly Said[];

function steps(usual: Usual): readonly Step[] {
  return [
    (said) => [
      without(said, "token", "peer", "proof"),
      without(unbound(said), "peer", "proof"),
      without(said, "peer", "proof"),
      without(said, "token"),
    ],
    ...(["iat", "exp", "nbf", "aud", "jti", "cnf", "scope"] as const).map(
      (name): Step =>
        (said) =>
          said.token && name in said.token ? [withToken(said, { ...omit(said.token, name) })] : [],
    ),
    (said) => [without(said, "presented")],
    (said) => [without(said, "revocations")],
    (said) => [without(said, "ip")],
    (said) => [without(said, "headers")],
    (said) => (said.time === usual.time ? [] : [{ ...said, time: usual.time }]),
    ...[...usual.claims].map(
      ([name, value]): Step =>
        (said) =>
          withClaim(said, name, value),
    ),
    (said) => {
      const call = usual.calls.get(said.caller?.identity.name ?? "");
      if (!call || usual.isCall(said)) return [];
      return [{ ...said, host: call.host, method: call.method, path: call.path }];
    },
    (said) => said.path.split("/").flatMap((_, i) => shortened(said, i)),
  ];
}

function without(said: Said, ...names: readonly (keyof Said)[]): Said {
  return Object.fromEntries(
    Object.entries(said).filter(([name]) => !names.includes(name as keyof Said)),
  ) as unknown as Said;
}

function withToken(said: Said, token: JsonObject): Said {
  return Object.keys(token).length > 0 ? { ...said, token } : without(said, "token");
}

/** Bound as examples are: what it is bound to, and what proves it, go together. */
function unbound(said: Said): Said {
  return said.token ? withToken(said, omit(said.token, "cnf")) : said;
}

function omit(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));
}

/** The usual value, in the path too where the claim stood there. */
function withClaim(said: Said, name: string, value: Json): readonly Said[] {
  const before = said.claims?.[name];
  if (before === undefined || before === value) return [];
  const changed = { ...said, claims: { ...said.claims, [name]: value } };
  if (typeof before !== "string" || typeof value !== "string" || before === "") return [changed];
  return [
    {
      ...changed,
      path: said.path
        .split("/")
        .map((one) => (one === before ? value : one))
        .join("/"),
    },
    changed,
  ];
}

/** Values that were made to differ are called `another-1` and `tenant-2-in-path`: a plainer segment says as much. */
function shortened(said: Said, at: number): readonly Said[] {
  const segments = said.path.split("/");
  const segment = segments[at] ?? "";
  if (!/-/.test(segment)) return [];
  return ["t2", "9"].map((plain) => ({ ...said, path: segments.with(at, plain).join("/") }));
}
