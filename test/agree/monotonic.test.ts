/** Taking something away never opens anything: properties of the reference on generated estates and questions. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Decision, type Deny, decide, type Input, type Model, normalise } from "../../src/model/index.ts";
import { Random } from "../random.ts";
import { randomCondition } from "./random-condition.ts";
import { randomModel } from "./random-model.ts";
import { randomScenario } from "./random-request.ts";
import { type Scenario, valueAt, withValue } from "./scenario.ts";

const models = 40;
const perModel = 40;

function ask(model: Model, { input, ...loaded }: Scenario): Decision {
  return decide({ model, ...loaded }, input);
}

/** Asks each question as it is and changed; a refusal must stay one. */
function holds(
  change: (random: Random, model: Model, scenario: Scenario) => { model: Model; scenario: Scenario },
): void {
  let refused = 0;
  let closed = 0;
  for (let n = 0; n < models; n++) {
    const random = new Random(n);
    const model = randomModel(random);
    for (let m = 0; m < perModel; m++) {
      const scenario = randomScenario(random, model);
      const changed = change(random, model, scenario);
      const [before, after] = [ask(model, scenario), ask(changed.model, changed.scenario)];
      // What was no question before may be one now; a key that is revoked need not be shown.
      if (["input-malformed", "input-limit", "revoked"].includes(before.reason)) continue;
      if (before.allow) closed += after.allow ? 0 : 1;
      else {
        refused++;
        expect(after.allow, JSON.stringify({ before, ...changed })).toBe(false);
      }
    }
  }
  // The property says something only where questions are refused, and where the change closes something.
  expect(refused).toBeGreaterThan(300);
  expect(closed).toBeGreaterThan(20);
}

describe("nothing that is taken away opens anything", () => {
  test("one more deny", () => {
    holds((random, model, scenario) => {
      const when = random.chance(0.5) && {
        when: randomCondition(random, { issuer: model.issuers[0], parameters: ["tenant", "id"], named: [] }),
      };
      const deny: Deny = {
        name: "oneMore",
        to: { identities: random.some(model.identities, 8).map((i) => i.name), groups: [] },
        scopes: model.scopes.map((s) => s.name),
        patterns: [],
        ...when,
      };
      return { model: normalise({ ...model, denies: [...model.denies, deny] }), scenario };
    });
  });

  test("one more revocation", () => {
    holds((random, model, scenario) => {
      const identity = random.pick(model.identities);
      const [list, name] = random.pick([
        ["identities", identity.name],
        ["owners", identity.owner],
        ["tiers", identity.tier],
        ["issuers", identity.issuer ?? "none"],
        ["keys", random.pick(["thumb", "print"])],
        ["issuedBefore", identity.name],
        ["grants", random.pick(model.grants).name],
      ] as const);
      const revocations = withValue(scenario.revocations, [list, name], 2_000_000_000);
      const known = typeof scenario.revocations === "object" && scenario.revocations !== null;
      return { model, scenario: known ? { ...scenario, revocations } : scenario };
    });
  });

  test("one fact less", () => {
    // A claim, a header or a token less can be what a `not` reads: then the condition cannot be read, or the credential is another.
    holds((random, model, scenario) => {
      const path = random.pick([
        ["token", "iss"],
        ["token", "aud"],
        ["token", "exp"],
        ["token", "iat"],
        ["token", "scope"],
        ["key"],
        ["proof"],
        ["peer", "x5t#S256"],
        ["request", "ip"],
      ]);
      return { model, scenario: { ...scenario, input: withValue(scenario.input, path, undefined) } };
    });
  });
});

describe("garbage", () => {
  const model = randomModel(new Random(1));
  const { policy, revocations, input } = randomScenario(new Random(1), model);

  test("is never allowed and never throws", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true, maxDepth: 40 }), (value) => {
        expect(decide({ model, policy, revocations }, value).allow).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("in one place of a question is decided without throwing", () => {
    const places = fc.constantFrom(
      ...["time", "token", "peer", "proof", "key", "request"].map((name) => [name]),
      ...["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf", "region"].map((name) => ["token", name]),
      ...["host", "method", "path", "ip", "headers"].map((name) => ["request", name]),
    );
    fc.assert(
      fc.property(places, fc.anything({ maxDepth: 4 }), (path, value) => {
        const decision = decide({ model, policy, revocations }, withValue(input, path, value));
        expect(typeof decision.allow).toBe("boolean");
      }),
      { numRuns: 2000 },
    );
  });

  test("as policy or revocations refuses", () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 3 }), (value) => {
        expect(decide({ model, policy: value, revocations }, input).reason).toBe("policy-missing");
        expect(decide({ model, policy, revocations: value }, input).allow).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("the question itself is a whole one", () => {
    expect(valueAt(input as Input, ["request", "host"])).toBeTypeOf("string");
  });
});
