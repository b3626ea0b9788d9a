/**
 * Holds the difference of two policies against a solver that knows nothing of it: for everybody who may call and everything that may be
 * called, whether there is a request of each kind of change at all.
 */
import { type Change, type ChangeKind, diffModels, kinds } from "../../src/diff/index.ts";
import { type Input, isCanonicalPath, lookupIn, type Model, pathSegments } from "../../src/model/index.ts";
import { Random } from "../random.ts";
import { type Call, type Caller, type Encoded, Encoding, type Pools } from "./encoding.ts";
import { decideBoth } from "./exact.ts";
import { predictor } from "./predictor.ts";
import { randomPair } from "./random-pair.ts";
import { type Asked, valuesOf } from "./request-space.ts";
import { all, any, not, type Smt, type Solver } from "./smt.ts";

export interface SolverFailure {
  readonly seed: number;
  readonly what: string;
  readonly edits: readonly string[];
  readonly kind?: ChangeKind;
  readonly caller?: Caller;
  readonly call?: Call;
  readonly asked?: Asked;
  readonly given?: unknown;
}

export interface Solved {
  pairs: number;
  /** Pairs of a caller and something called that the solver looked at; of all others both sides are one formula. */
  looked: number;
  same: number;
  questions: number;
  /** Of which there is a request. */
  readonly found: Record<ChangeKind, number>;
  changes: number;
  readonly failures: SolverFailure[];
}

export function nothingSolved(): Solved {
  const found = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<ChangeKind, number>;
  return { pairs: 0, looked: 0, same: 0, questions: 0, found, changes: 0, failures: [] };
}

export async function solvePair(solver: Solver, seed: number, solved: Solved): Promise<void> {
  const random = new Random(seed);
  const { before, after, edits } = randomPair(random, "larger");
  const fail = (what: string, more: Partial<SolverFailure> = {}): void =>
    void solved.failures.push({ seed, what, edits, ...more });
  const { changes } = diffModels(before, after);
  const { predict } = predictor(before, after);
  solved.pairs++;
  solved.changes += changes.length;
  const shown = new Set<string>();
  const shows = changes.map(({ witness }) => witness.input);
  const { callers, calls, pools } = partsOf(before, after, shows);
  for (const caller of callers) {
    for (const call of calls) {
      const encoding = new Encoding(caller, call, pools);
      const [one, other] = [encoding.decide(before), encoding.decide(after)];
      if (JSON.stringify(one) === JSON.stringify(other)) {
        solved.same++;
        continue;
      }
      solved.looked++;
      const [who, what] = [nameOf(caller, before, after), operationOf(call, before, after)];
      const questions = kinds.map((kind) => changeOf(kind, one, other));
      // Mostly there is none at all.
      const [some] = await solver.solve(encoding.variables, encoding.always, [any(...questions)]);
      const answers = some ? await solver.solve(encoding.variables, encoding.always, questions) : [];
      solved.questions += some ? 1 + questions.length : 1;
      for (const [n, values] of answers.entries()) {
        const kind = kinds[n]!;
        if (!values) continue;
        solved.found[kind]++;
        const asked = encoding.asked(values);
        const about = { kind, caller, call, asked };
        const { kind: real, one: was, other: is } = decideBoth({ before, after }, asked);
        if (real !== kind) fail("the solver is wrong: the reference decides otherwise", { ...about, given: [was, is] });
        else if (predict(asked) !== kind) fail("a change that is not predicted", { ...about, given: predict(asked) });
        else if (!changes.some((change) => isAbout(change, kind, who, what)))
          fail("a change that is not reported", about);
        shown.add(`${kind} ${who} → ${what}`);
      }
    }
  }
  for (const { kind, identities, operations, isMixed } of changes) {
    // A change that names somebody does not say whether it is about others, too.
    const pairs = orNobody(identities).flatMap((who) => orNobody(operations).map((what) => `${kind} ${who} → ${what}`));
    const missing = pairs.filter((pair) => !shown.has(pair));
    if (isMixed ? missing.length === pairs.length : missing.length > 0)
      fail("a change that there is no request of", { kind, given: missing });
  }
}

function orNobody(names: readonly string[]): readonly (string | undefined)[] {
  return names.length > 0 ? names : [undefined];
}

function isAbout(
  { kind: of, credentials, identities, operations }: Change,
  kind: ChangeKind,
  who: string | undefined,
  what: string | undefined,
): boolean {
  // Whoever needs no credential may be anybody.
  const names = who === undefined || identities.includes(who) || credentials.includes("none");
  return of === kind && names && (what === undefined || operations.includes(what));
}

/** That a request changes in this way. */
function changeOf(kind: ChangeKind, before: Encoded, after: Encoded): Smt {
  const both = all(before.allow, after.allow);
  switch (kind) {
    case "gain":
      return all(not(before.allow), after.allow);
    case "loss":
      return all(before.allow, not(after.allow));
    case "headers":
      return before.headers === after.headers ? "false" : both;
    case "until":
      return before.headers === after.headers ? all(both, not(`(= ${before.until} ${after.until})`)) : "false";
    case "reason": {
      const [was, is] = [refusals(before), refusals(after)];
      const same = [...was].flatMap(([reason, formula]) => (is.has(reason) ? [all(formula, is.get(reason)!)] : []));
      return all(not(before.allow), not(after.allow), not(any(...same)));
    }
  }
}

/** By reason: the first row that fails has it. */
function refusals({ rows }: Encoded): ReadonlyMap<string, Smt> {
  const found = new Map<string, Smt>();
  const passed: Smt[] = [];
  for (const { passes, reason } of rows) {
    found.set(reason, any(found.get(reason) ?? "false", all(...passed, not(passes))));
    passed.push(passes);
  }
  return found;
}

/** Of texts there are those of the models, in all places, and those of the requests that the difference shows. */
function partsOf(
  before: Model,
  after: Model,
  shows: readonly Input[],
): { readonly callers: readonly Caller[]; readonly calls: readonly Call[]; readonly pools: Pools } {
  const models = [before, after];
  const values = valuesOf(before, after);
  const { subjects } = values;
  const calls = [...values.calls, ...shows.map(({ request: { host, method, path } }) => ({ host, method, path }))];
  const addresses = distinct([...values.addresses, ...shows.map(({ request }) => request.ip)]);
  // What a claim or a header may be the same as, besides others of them.
  const others = distinct([
    ...addresses.filter((address) => address !== undefined),
    ...calls.flatMap(({ path, host, method }) => [path, host, method, ...pathSegments(path)]),
    ...models.flatMap((m) => m.identities.flatMap(({ name, owner, tier }) => [name, owner, tier])),
  ]);
  const isSame = JSON.stringify(models.map((m) => [m.grants, m.denies, m.conditions])).includes('"kind":"same"');
  const pool = (values: ReadonlyMap<string, readonly unknown[]>, shown: (input: Input) => object | undefined) =>
    new Map(
      [...values].map(([name, own]) => {
        const more = shows.flatMap((input) =>
          Object.entries(shown(input) ?? {}).flatMap(([n, v]) => (n === name ? [v] : [])),
        );
        return [name, distinct([...own, ...more, ...(isSame ? others : [])])];
      }),
    );
  const claims = pool(values.claims, ({ token }) => token);
  const headers = pool(values.headers, ({ request }) => request.headers);
  const spiffe = subjects.filter((subject) => subject.startsWith("spiffe://"));
  const urls = distinct(models.flatMap((m) => m.issuers.map(({ url }) => url)));
  const keys = distinct(models.flatMap((m) => m.identities.flatMap((i) => i.keys.map(({ id }) => id))));
  const callers: Caller[] = [
    { kind: "none" },
    ...[...keys, "stranger"].map((id) => ({ kind: "key", id }) as const),
    ...[...spiffe, "spiffe://elsewhere/stranger"].map((id) => ({ kind: "svid", spiffe: id }) as const),
    ...[...urls, "https://unknown.example.com"].flatMap((url) =>
      [...subjects, "stranger"].map((subject) => ({ kind: "token", url, subject }) as const),
    ),
  ];
  const needed = models.flatMap((m) => m.apis.flatMap((a) => a.operations.flatMap((o) => o.scopes)));
  const foreign = models.flatMap((m) => m.issuers.flatMap((i) => i.translate.map(({ from }) => from)));
  return {
    callers: representatives(callers, before, after),
    calls: together(
      calls.filter(({ path }) => isCanonicalPath(path)),
      before,
      after,
    ),
    pools: {
      claims,
      headers,
      addresses,
      peers: [undefined, ...spiffe, "spiffe://elsewhere/stranger"],
      audiences: distinct(models.flatMap((m) => m.issuers.map(({ audience }) => audience))),
      scopes: distinct([...needed, ...foreign, ...models.flatMap((m) => m.scopes.map(({ name }) => name))]),
    },
  };
}

/** One for each pair of identities that it names, and kind of credential. */
function representatives(callers: readonly Caller[], before: Model, after: Model): readonly Caller[] {
  const found = new Map<string, Caller>();
  for (const caller of callers) {
    const names = [before, after].map((model) => identityOf(caller, model));
    const key = JSON.stringify([
      caller.kind,
      caller.kind === "token" && caller.url,
      caller.kind === "key" && caller.id,
      ...names,
    ]);
    if (!found.has(key)) found.set(key, caller);
  }
  return [...found.values()];
}

function together(
  calls: readonly { readonly host: string; readonly method: string; readonly path: string }[],
  before: Model,
  after: Model,
): readonly Call[] {
  const groups = Map.groupBy(calls, ({ host, method, path }) => {
    const found = [before, after].map(
      (model) => lookupIn(model).operation(host, method, pathSegments(path))?.found.name,
    );
    return found.every((name) => name === undefined) ? "nothing" : JSON.stringify([host, method, ...found]);
  });
  return [...groups].map(([key, [first, ...rest]]) => ({
    host: first!.host,
    method: first!.method,
    paths: key === "nothing" ? [first!.path] : [first!, ...rest].map(({ path }) => path),
  }));
}

function identityOf(caller: Caller, model: Model): string | undefined {
  const lookup = lookupIn(model);
  switch (caller.kind) {
    case "none":
      return undefined;
    case "key":
      return lookup.identityOfKey(caller.id)?.identity.name;
    case "svid":
      return lookup.identityOfSpiffe(caller.spiffe)?.name;
    case "token": {
      const issuer = lookup.issuerByUrl(caller.url);
      return issuer && lookup.identityOfToken(issuer.name, caller.subject)?.name;
    }
  }
}

function nameOf(caller: Caller, before: Model, after: Model): string | undefined {
  return identityOf(caller, after) ?? identityOf(caller, before);
}

function operationOf({ host, method, paths: [path = ""] }: Call, before: Model, after: Model): string | undefined {
  const name = (model: Model) => lookupIn(model).operation(host, method, pathSegments(path))?.found.name;
  return name(after) ?? name(before);
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
