/** The classes of callers and operations: every request is in exactly one, none is empty, and all of one are decided alike. */
import { describe, expect, test } from "vitest";
import { type Decision, decide, type Input, lookupIn, type Model, pathSegments } from "../../src/model/index.ts";
import { type CallerClass, callerClasses, type OperationClass, operationClasses } from "../../src/space/index.ts";
import { now } from "../agree/random-model.ts";
import { furthestScenario } from "../agree/random-request.ts";
import { Random } from "../random.ts";
import { allPaths, allSubjects, densePair } from "./dense-estates.ts";
import { callerClassesOf, operationClassesOf } from "./find-class.ts";

const paths = allPaths();
const subjects = allSubjects();

describe("callers", () => {
  test("are each in one class, and no class is without one", () => {
    for (let seed = 1; seed <= 25; seed++) {
      const { before, after } = densePair(new Random(seed));
      const classes = callerClasses(before, after);
      const reached = new Set<CallerClass>();
      for (const input of callersOf(before, after)) {
        const found = callerClassesOf(classes, before, after, input);
        expect(found.length, `${seed} ${JSON.stringify(input)}`).toBe(1);
        reached.add(found[0]!);
      }
      expect(classes.filter((one) => !reached.has(one)).map((one) => one.shows)).toEqual([]);
    }
  });

  test("of a class show one of them, and all that an SVID beside a token can name", () => {
    for (let seed = 1; seed <= 25; seed++) {
      const { before, after } = densePair(new Random(seed));
      const models = { before, after };
      const classes = callerClasses(before, after);
      for (const one of classes) {
        const input = inputOf(one.shows);
        expect(callerClassesOf(classes, before, after, input)).toEqual([one]);
        const flagsOf = (spiffe: string) =>
          (["before", "after"] as const).map((side) => {
            const named = lookupIn(models[side]).identityOfSpiffe(spiffe);
            return named !== undefined && named === one[side].identity;
          });
        for (const side of ["before", "after"] as const)
          expect(one[side].grants).toEqual(lookupIn(models[side]).grantsTo(one[side].identity?.name ?? ""));
        if (one.credential !== "token") continue;
        for (const peer of one.peers) expect(flagsOf(peer.spiffe)).toEqual([peer.before, peer.after]);
        const listed = one.peers.map((peer) => `${peer.before},${peer.after}`).sort();
        const possible = new Set(subjects.map((spiffe) => flagsOf(spiffe).join()));
        expect(listed, `${seed} ${JSON.stringify(one.shows)}`).toEqual([...possible].sort());
      }
    }
  });

  test("of one class are decided alike, whatever they ask for", () => {
    let compared = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const random = new Random(seed);
      const { before, after } = densePair(random);
      const classes = callerClasses(before, after);
      const members = Map.groupBy(
        callersOf(before, after),
        (caller) => callerClassesOf(classes, before, after, caller)[0]!,
      );
      for (const [{ credential, signature }, [first, ...others]] of members) {
        for (const other of random.some(others, 2)) {
          for (let n = 0; n < 6; n++) {
            const { input, ...loaded } = asked(random, before, after);
            const outcomes = [first!, other].map((caller) => outcomeOf(before, after, askedBy(caller, input), loaded));
            compared++;
            expect(outcomes[1], `${seed} ${credential} ${signature}`).toEqual(outcomes[0]);
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});

describe("calls", () => {
  test("are each in one class, and no class is without one", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { before, after } = densePair(new Random(seed));
      const classes = operationClasses(before, after);
      const reached = new Set<string>();
      const wanted = new Set(classes.flatMap(({ members }) => members.map((member) => JSON.stringify(member))));
      for (const path of paths) {
        const request = { host: "h", method: "GET", path };
        const found = operationClassesOf(classes, before, after, request);
        expect(found.length, `${seed} ${path}`).toBe(1);
        const [b, a] = [before, after].map(
          (model) => lookupIn(model).operation("h", "GET", pathSegments(path))?.found.name,
        );
        for (const member of found[0]!.members)
          if (member.before === b && member.after === a) reached.add(JSON.stringify(member));
        for (const one of classes.filter(({ kind }) => kind === "operation")) {
          const isExample = b === one.before?.name && a === one.after?.name;
          expect(isIn(one, path), `${seed} ${path} ${one.names}`).toBe(isExample);
        }
      }
      expect(reached).toEqual(wanted);
    }
  });

  test("of one class are decided alike, where no condition reads the path", () => {
    let compared = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const random = new Random(seed);
      const pair = densePair(random);
      const [before, after] = [pair.before, pair.after].map(withoutConditions) as [Model, Model];
      const classes = operationClasses(before, after);
      const members = Map.groupBy(
        paths.map((path) => ({ host: "h", method: "GET", path })),
        (request) => operationClassesOf(classes, before, after, request)[0]!,
      );
      for (const [{ kind, signature }, [first, ...others]] of members) {
        for (const other of random.some(others, 3)) {
          for (let n = 0; n < 6; n++) {
            const { input, ...loaded } = asked(random, before, after);
            const outcomes = [first!, other].map((request) => outcomeOf(before, after, { ...input, request }, loaded));
            compared++;
            expect(outcomes[1], `${seed} ${kind} ${signature}`).toEqual(outcomes[0]);
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});

test("where neither the caller nor the operation is changed, both models decide alike", () => {
  let compared = 0;
  let allowed = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const random = new Random(seed);
    const { before, after } = densePair(random);
    const [callers, operations] = [callerClasses(before, after), operationClasses(before, after)];
    for (let n = 0; n < 30; n++) {
      const { input, ...loaded } = asked(random, before, after);
      const [caller, ...more] = callerClassesOf(callers, before, after, input);
      const [operation, ...others] = operationClassesOf(operations, before, after, input.request);
      expect([more, others]).toEqual([[], []]);
      if (caller!.changed || operation!.changed) continue;
      compared++;
      const decisions = [before, after].map((model) => decide({ model, ...loaded }, input));
      if (decisions[0]!.allow) allowed++;
      expect(told(decisions[1]!), `${seed} ${JSON.stringify(input)}`).toEqual(told(decisions[0]!));
    }
  }
  expect(compared).toBeGreaterThan(300);
  expect(allowed).toBeGreaterThan(20);
});

function callersOf(before: Model, after: Model): readonly Input[] {
  const urls = new Set([...before.issuers, ...after.issuers].map(({ url }) => url));
  return [
    inputOf({}),
    inputOf({ key: "nobody" }),
    ...subjects.map((spiffe) => inputOf({ spiffe })),
    ...[...urls, "https://other.example"].flatMap((url) => subjects.map((subject) => inputOf({ url, subject }))),
  ];
}

function inputOf({ url, subject, spiffe, key }: CallerClass["shows"]): Input {
  return {
    time: now,
    ...(url !== undefined && { token: { iss: url, sub: subject } }),
    ...(spiffe !== undefined && { peer: { spiffe } }),
    ...(key !== undefined && { key: { id: key } }),
    request: { host: "h", method: "GET", path: "/" },
  };
}

/** A question that comes as far as chance allows in one of the models. */
function asked(random: Random, before: Model, after: Model): { readonly input: Input; readonly policy?: unknown } {
  const { input, ...loaded } = furthestScenario(random, random.pick([before, after]));
  return { input: input as Input, ...loaded };
}

/** The same question by another caller, with all else that the credential proved. */
function askedBy({ token, peer, key }: Input, { token: claims, peer: connection, key: _, ...rest }: Input): Input {
  const { spiffe: __, ...channel } = connection ?? {};
  return {
    ...rest,
    peer: { ...channel, ...peer },
    ...(token && { token: { ...claims, ...token } }),
    ...(key && { key }),
  };
}

/** What both models say, but for names; and whether they tell the upstream the same. */
function outcomeOf(before: Model, after: Model, input: Input, loaded: object): unknown {
  const decisions = [before, after].map((model) => decide({ model, ...loaded }, input));
  const [old, young] = decisions.map((decision) => (decision.allow ? JSON.stringify(decision.headers) : ""));
  return [decisions.map((decision) => [decision.reason, decision.allow && decision.until]), old === young];
}

function told(decision: Decision): unknown {
  return [decision.reason, decision.allow && [decision.headers, decision.until]];
}

function isIn({ segments, apart }: OperationClass, path: string): boolean {
  return (
    [segments].some((shape) => fits(shape, pathSegments(path))) &&
    !apart.some((shape) => fits(shape, pathSegments(path)))
  );
}

function fits(shape: OperationClass["segments"], path: readonly string[]): boolean {
  if (shape.at(-1)?.kind !== "rest" && shape.length !== path.length) return false;
  return shape.every((segment, i) => (segment.kind === "literal" ? segment.text === path[i] : path[i]));
}

function withoutConditions(model: Model): Model {
  return {
    ...model,
    grants: model.grants.map(({ when: _, ...grant }) => grant),
    denies: model.denies.map(({ when: _, ...deny }) => deny),
  };
}
