import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Decision,
  decide,
  type Grant,
  type Model,
  type Observation,
  reasons,
  rows,
} from "../../src/model/index.ts";
import { applyChanges, type Change } from "../../src/why/change.ts";
import { renderTrace, why } from "../../src/why/index.ts";
import { decideCases } from "../decide/cases.ts";
import { bases, estate, loaded, now } from "../decide/estate.ts";

const cases = decideCases();

/** Values that a hostile or a broken caller may put anywhere. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    0.5,
    2 ** 53,
    "",
    "a",
    [],
    {},
    [[]],
    "__proto__",
    { __proto__: null },
    now,
    "spiffe://example.org/x",
  ),
  // Members that JavaScript calls when it makes a text or a number of an object.
  fc.constant({ toString: 1, valueOf: 1, toJSON: 1, length: 1, constructor: null }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Every place in a value. */
function places(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([name, member]) => places(member).map((rest) => [name, ...rest]))];
}

const base = fc.constantFrom(...Object.values(bases));

describe("decide", () => {
  it("answers whatever it is asked, and allows only what passed every row (threat model Q15)", () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.option(odd, { nil: undefined })), { maxLength: 3 });
    const count = new Map<string, number>();
    fc.assert(
      fc.property(base, edits, (input, list) => {
        const changes = list.map(([at, to]): Change => {
          const all = places(input);
          return { in: "request", at: all[at % all.length] ?? [], words: "", ...(to !== undefined && { to }) };
        });
        const question = applyChanges({ loaded, input }, changes);
        const observations: Observation[] = [];
        const decision = decide(question.loaded, question.input, (o) => observations.push(o));
        count.set(decision.reason, (count.get(decision.reason) ?? 0) + 1);
        expect(reasons).toContain(decision.reason);
        expect(decision.allow).toBe(decision.reason === "granted");
        expect(decision.allow).toBe(observations.every((o) => o.passed));
        if (decision.allow && decision.identity !== undefined)
          for (const row of [
            rows.notRevoked,
            rows.presented,
            rows.trusted,
            rows.scopesCarried,
            rows.conditionsHold,
            rows.notDenied,
          ])
            expect(observations.map((o) => o.row)).toContain(row);
      }),
      { numRuns: 3_000, seed: 15 },
    );
    expect(count.size).toBeGreaterThan(8);
  });

  it("answers any JSON value in place of everything that is loaded", () => {
    fc.assert(
      fc.property(odd, odd, odd, (input, policy, revocations) => {
        expect(decide({ model: estate, policy, revocations }, input).allow).toBe(false);
        expect(decide({ ...loaded, policy }, bases.mtls).allow).toBe(false);
        expect(decide({ ...loaded, revocations }, bases.mtls).allow).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("answers any JSON value in place of any part of what is loaded, and so does why", () => {
    const part = fc.constantFrom("policy" as const, "revocations" as const, "request" as const);
    const known = {
      issuedBefore: { payments: now },
      tokens: { corp: { j1: 1 } },
      identities: {},
      grants: {},
      ...(loaded.revocations as object),
    };
    fc.assert(
      fc.property(base, part, fc.nat(), odd, (input, where, at, to) => {
        const given = { ...loaded, revocations: known };
        const all = places(where === "policy" ? given.policy : where === "revocations" ? known : input);
        const change: Change = { in: where, at: all[at % all.length] ?? [], to, words: "" };
        const question = applyChanges({ loaded: given, input }, [change]);
        const trace = why(question.loaded, question.input);
        expect(trace.decision).toEqual(decide(question.loaded, question.input));
        for (const flip of trace.flips) {
          const changed = applyChanges(question, flip.changes);
          expect(decide(changed.loaded, changed.input).allow).toBe(!trace.decision.allow);
        }
        expect(renderTrace(trace)).toContain(
          trace.decision.reason === "granted" ? "allowed by" : trace.decision.reason,
        );
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same answer when it is watched, and watches to the first failure", () => {
    for (const { loaded, input, decision, name } of cases) {
      const seen: Observation[] = [];
      expect(
        decide(loaded, input, (o) => seen.push(o)),
        name,
      ).toEqual(decision);
      expect(
        seen.slice(0, -1).every((o) => o.passed),
        name,
      ).toBe(true);
      expect(seen.at(-1)?.passed, name).toBe(decision.allow);
      for (const o of seen) expect(o.compared, name).toBeTypeOf("string");
    }
  });

  it("changes nothing that it is given", () => {
    const before = JSON.stringify(cases.map(({ loaded, input }) => [loaded, input]));
    for (const { loaded, input } of cases) decide(loaded, input);
    expect(JSON.stringify(cases.map(({ loaded, input }) => [loaded, input]))).toBe(before);
  });
});

describe("decide is monotonic", () => {
  const allowed = cases.filter((c) => c.decision.allow);
  const refused = cases.filter((c) => !c.decision.allow);
  const withModel = (more: Partial<Model>) => ({ model: { ...estate, ...more } });

  it("no deny turns a refusal into an allow", () => {
    const everyone = { identities: estate.identities.map((i) => i.name), groups: [] };
    const deny = { name: "more", to: everyone, scopes: estate.scopes.map((s) => s.name), patterns: [] };
    for (const { loaded: given, input, name } of cases) {
      const model = { ...given.model, denies: [...given.model.denies, deny] };
      const decision = decide({ ...given, model }, input);
      expect(decision.allow && decision.identity !== undefined, name).toBe(false);
    }
  });

  it("no revocation turns a refusal into an allow, and one of each kind refuses what it names", () => {
    const kinds: Readonly<Record<string, (d: Decision) => string | undefined>> = {
      identities: (d) => d.identity,
      tiers: (d) => d.tier,
      owners: (d) => estate.identities.find((i) => i.name === d.identity)?.owner,
    };
    for (const [kind, nameOf] of Object.entries(kinds)) {
      for (const { loaded: given, input, decision, name } of [...allowed, ...refused]) {
        const named = nameOf(decision);
        if (named === undefined || typeof given.revocations !== "object" || given.revocations === null) continue;
        const revocations = { ...given.revocations, [kind]: { [named]: 1 } };
        expect(decide({ ...given, revocations }, input).allow, `${kind}: ${name}`).toBe(false);
      }
    }
  });

  it("no grant that is taken away turns a refusal into an allow", () => {
    for (const { loaded: given, input, name } of refused)
      for (const grant of given.model.grants) {
        const grants = given.model.grants.filter((other) => other !== grant);
        expect(decide({ ...given, model: { ...given.model, grants } }, input).allow, name).toBe(false);
      }
  });

  it("no fact that is withheld turns a refusal by a grant's condition into an allow", () => {
    const facts = ["token.seats", "token.night", "request.ip", "request.headers"];
    for (const { loaded, input, decision, name } of refused.filter((c) => c.decision.reason === "condition"))
      for (const fact of facts) {
        const question = applyChanges({ loaded, input }, [{ in: "request", at: fact.split("."), words: "" }]);
        const after = decide(question.loaded, question.input);
        // A condition may ask for the absence of an optional claim; then absence is a fact and not a lack of one.
        const asksForAbsence = JSON.stringify(loaded.model.grants).includes('"not"');
        if (!asksForAbsence) expect(after.allow, `${name}: ${fact} (${decision.reason})`).toBe(false);
      }
  });

  it("the order of grants, denies and identities decides nothing", () => {
    for (const { loaded: given, input, decision, name } of cases) {
      const { model } = given;
      const reversed = {
        ...model,
        identities: model.identities.toReversed(),
        grants: model.grants.toReversed(),
        denies: model.denies.toReversed(),
        groups: model.groups.toReversed(),
        apis: model.apis.map((api) => ({ ...api, operations: api.operations.toReversed() })),
      };
      expect(decide({ ...given, model: reversed }, input), name).toEqual(decision);
    }
  });

  it("a decision holds until its `until`, and then rests on something else, unless a condition reads a clock", () => {
    for (const { loaded: given, input, decision, name } of allowed) {
      if (!decision.allow) continue;
      const at = (time: number) => decide(given, { ...(input as object), time });
      expect(at(decision.until - 1).allow, name).toBe(true);
      const after = at(decision.until);
      const readsClock = JSON.stringify(given.model).includes('"age"');
      if (after.allow && !readsClock) expect(after.grants, name).not.toEqual(decision.grants);
    }
  });

  it("works on an estate whose things are named like a prototype's members", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const text = JSON.stringify(estate).replaceAll('"till"', `"${name}"`).replaceAll('"legacy"', `"${name}"`);
      const model: Model = JSON.parse(text);
      const grants: readonly Grant[] = model.grants.map((g) => (g.name === "readersRead" ? { ...g, name } : g));
      const decision = decide({ ...loaded, ...withModel({ ...model, grants }) }, bases.key);
      expect(decision).toMatchObject({ allow: true, identity: name, tier: name, grants: [name] });
      const revoked = JSON.parse(`{"at":${now},"floor":0,"identities":{"${name}":1}}`);
      expect(decide({ ...loaded, model, revocations: revoked }, bases.key).reason).toBe("revoked");
    }
  });
});
