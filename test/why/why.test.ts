import { describe, expect, it } from "vitest";
import { type Condition, decide, type Fact, type Grant, normalise } from "../../src/model/index.ts";
import { applyChanges } from "../../src/why/change.ts";
import { renderTrace, why } from "../../src/why/index.ts";
import { decideCases } from "../decide/cases.ts";
import { bases, estate, loaded, now } from "../decide/estate.ts";
import { processorTime } from "../processor-time.ts";

/** A base request with other members in its token. */
function tokenOf(base: "bearer" | "mtls" | "partner" | "robot", token: object, request: object = {}) {
  const input = bases[base];
  return { ...input, token: { ...input.token, ...token }, request: { ...input.request, ...request } };
}

const words = (input: unknown, from = loaded) =>
  why(from, input).flips.map((flip) => flip.changes.map((change) => change.words));
const lacks = (input: unknown, name: string, from = loaded) =>
  why(from, input)
    .near.find((rule) => rule.name === name)
    ?.lacks.map((lack) => lack.words);

function withGrant(name: string, more: Partial<Grant>) {
  const grants = estate.grants.map((grant) => (grant.name === name ? { ...grant, ...more } : grant));
  return { ...loaded, model: normalise({ ...estate, grants }) };
}

describe("why, of every case of the tables", () => {
  const traces = decideCases().map((c) => ({ ...c, trace: why(c.loaded, c.input) }));

  it("tells the decision, and the rows up to the one that refused", () => {
    for (const { name, trace, decision } of traces) {
      expect(trace.decision, name).toEqual(decision);
      expect(
        trace.steps.map((step) => step.passed),
        name,
      ).toEqual([...trace.steps.slice(0, -1).map(() => true), decision.allow]);
      expect(
        trace.steps.map((step) => step.step),
        name,
      ).toEqual(trace.steps.map((step) => step.step).toSorted((a, b) => a - b));
    }
  });

  it("offers what turns the decision, and nothing that is not needed for it", () => {
    for (const { name, trace, loaded, input, decision } of traces) {
      for (const flip of trace.flips) {
        const decideAfter = (changes = flip.changes) => {
          const changed = applyChanges({ loaded, input }, changes);
          return decide(changed.loaded, changed.input);
        };
        expect(decideAfter(), name).toEqual(flip.decision);
        expect(flip.decision.allow, name).toBe(!decision.allow);
        for (const change of flip.changes)
          if (flip.changes.length > 1)
            expect(decideAfter(flip.changes.filter((other) => other !== change)).allow, name).toBe(decision.allow);
      }
      const sizes = trace.flips.map((flip) => flip.changes.length);
      expect(sizes, name).toEqual(sizes.toSorted((a, b) => a - b));
    }
  });

  it("finds a way for whatever is a request, but for an estate that no checker lets through", () => {
    const without = traces.filter(({ trace }) => trace.flips.length === 0);
    const named = without.filter(({ decision }) => !["input-limit", "input-malformed"].includes(decision.reason));
    expect(named.map(({ name }) => name)).toEqual([
      "a policy is looked at before the input",
      "a tier that is not declared",
    ]);
    for (const { trace } of without) expect(trace.noFlip).toBeTypeOf("string");
    for (const { trace } of traces) expect(trace.noFlip === undefined).toBe(trace.flips.length > 0);
  });

  it("is plain data and bounded", () => {
    for (const { name, trace } of traces) {
      expect(JSON.parse(JSON.stringify(trace)), name).toEqual(trace);
      expect(trace.near.length).toBeLessThanOrEqual(5);
      expect(trace.flips.length).toBeLessThanOrEqual(3);
    }
  });
});

describe("rules that came near", () => {
  it("says what each lacked, those first that lack least", () => {
    const trace = why(loaded, tokenOf("mtls", { region: "us" }, { path: "/v1/tenants/t2/orders/9/refunds" }));
    expect(trace.near).toEqual([
      { kind: "grant", name: "paymentsRefund", scopes: ["orders:refund"], lacks: [] },
      {
        kind: "deny",
        name: "noNightRefunds",
        scopes: ["orders:refund"],
        lacks: [{ kind: "condition", words: "`r.claims.night` is absent, needs true" }],
      },
      {
        kind: "grant",
        name: "paymentsWrite",
        scopes: ["orders:write"],
        lacks: [
          { kind: "condition", words: '`r.claims.region` is "us", needs "eu"' },
          { kind: "condition", words: '`r.claims.tenant` is "t1", needs what `r.params.tenant` is, "t2"' },
        ],
      },
      {
        kind: "grant",
        name: "incident",
        scopes: ["orders:write"],
        lacks: [{ kind: "holder", words: "is not to `payments`" }],
      },
    ]);
  });

  it("says when a grant begins, ended, is revoked or is on another API", () => {
    expect(lacks(bases.partner, "acmeReads", withGrant("acmeReads", { from: now + 1 }))).toEqual([
      "begins at 2027-01-15T08:00:01Z",
    ]);
    expect(lacks(bases.partner, "acmeReads", withGrant("acmeReads", { until: now }))).toEqual([
      "ended at 2027-01-15T08:00:00Z",
    ]);
    expect(lacks(bases.partner, "acmeReads", withGrant("acmeReads", { on: ["ledgerApi"] }))).toEqual([
      "is on `ledgerApi`, not on `ordersApi`",
    ]);
    expect(lacks(bases.partner, "acmeReads", withGrant("acmeReads", { scopes: ["orders:refund"] }))).toEqual([
      "does not name `orders:read`",
    ]);
    const revoked = { ...loaded, revocations: { at: now, floor: 0, grants: { acmeReads: 1, noScanners: 1 } } };
    expect(lacks(bases.partner, "acmeReads", revoked)).toEqual(["is revoked"]);
    const scanner = { ...bases.svid, request: { ...bases.svid.request, headers: { "user-agent": "scanner" } } };
    expect(lacks(scanner, "noScanners", revoked)).toEqual([]);
  });

  it("lists no more than five, and no rules that are far from it", () => {
    const [first] = estate.grants.filter((grant) => grant.name === "acmeReads");
    if (!first) return expect.unreachable();
    const many = Array.from({ length: 9 }, (_, i) => ({
      ...first,
      name: `more${i}`,
      to: { identities: [], groups: [] },
    }));
    const { near } = why(
      { ...loaded, model: normalise({ ...estate, grants: [...estate.grants, ...many] }) },
      bases.partner,
    );
    expect(near.map((rule) => rule.name)).toEqual(["acmeReads", "incident", "more0", "more1", "more2"]);
  });

  it("needs both a caller and an operation", () => {
    expect(why(loaded, { time: now, request: bases.mtls.request }).near).toEqual([]);
    expect(why(loaded, tokenOf("mtls", {}, { path: "/none" })).near).toEqual([]);
    expect(why(loaded, tokenOf("mtls", {}, { path: "/v1/tenants/t1/orders/%39/refunds" })).near).toEqual([]);
  });

  it("looks past a row that refused earlier", () => {
    expect(lacks(tokenOf("mtls", { exp: 1, region: "us" }), "paymentsWrite")).toEqual([
      '`r.claims.region` is "us", needs "eu"',
    ]);
  });
});

describe("what a condition lacks, in its author's terms", () => {
  const claim = (name: string): Fact => ({ kind: "claim", issuer: "corp", name });
  const header: Fact = { kind: "header", name: "x-a" };
  const ip: Fact = { kind: "request", name: "ip" };
  const of = (when: Condition, request: object = {}, token: object = {}) =>
    lacks(tokenOf("mtls", token, request), "paymentsRefund", withGrant("paymentsRefund", { when }));
  const compare = (operator: (Condition & { kind: "compare" })["operator"], literal: string | number): Condition => ({
    kind: "compare",
    operator,
    fact: claim("seats"),
    literal,
  });

  it.each<[Condition, string]>([
    [compare("equal", 3), "`r.claims.seats` is 9, needs 3"],
    [compare("less", 3), "`r.claims.seats` is 9, needs less than 3"],
    [compare("less-or-equal", 3), "`r.claims.seats` is 9, needs at most 3"],
    [compare("greater", 30), "`r.claims.seats` is 9, needs more than 30"],
    [compare("greater-or-equal", 30), "`r.claims.seats` is 9, needs at least 30"],
    [{ kind: "in", fact: claim("tenant"), values: ["a", "b"] }, '`r.claims.tenant` is "t1", needs one of "a", "b"'],
    [
      { kind: "includes", fact: claim("groups"), text: "b" },
      '`r.claims.groups` is ["a"], needs a list that includes "b"',
    ],
    [
      { kind: "starts-with", fact: claim("tenant"), text: "x" },
      '`r.claims.tenant` is "t1", needs a text that starts with "x"',
    ],
    [
      { kind: "ends-with", fact: claim("tenant"), text: "x" },
      '`r.claims.tenant` is "t1", needs a text that ends with "x"',
    ],
    [{ kind: "cidr", fact: ip, range: "10.0.0.0/8" }, '`r.request.ip` is "1.2.3.4", needs an address in 10.0.0.0/8'],
    [{ kind: "present", fact: claim("night") }, "`r.claims.night` is absent, needs any value"],
    [{ kind: "present", fact: header }, '`r.request.headers["x-a"]` is absent, needs any value'],
    [
      { kind: "same", left: claim("tenant"), right: { kind: "parameter", name: "id" } },
      '`r.claims.tenant` is "t1", needs what `r.params.id` is, "9"',
    ],
    [
      { kind: "not", of: { kind: "compare", operator: "equal", fact: claim("region"), literal: "eu" } },
      '`r.claims.region` is "eu", needs anything but "eu"',
    ],
    [
      { kind: "compare", operator: "equal", fact: { kind: "identity", name: "owner" }, literal: "x" },
      '`r.identity.owner` is "team-payments@example.com", needs "x"',
    ],
    [
      { kind: "compare", operator: "greater", fact: { kind: "token", name: "age" }, literal: 60 },
      "`r.token.age` is 10, needs more than 60",
    ],
    [{ kind: "constant", value: false }, "the condition is always false"],
    [{ kind: "named", name: "none" }, "`r.params.` cannot be read: the path has no such parameter"],
    [{ kind: "or", of: [] }, "none of no conditions holds"],
    [
      { kind: "or", of: [compare("equal", 3), { kind: "and", of: [compare("less", 3), compare("less", 4)] }] },
      "`r.claims.seats` is 9, needs less than 3 and `r.claims.seats` is 9, needs less than 4, or `r.claims.seats` is 9, needs 3",
    ],
    [
      { kind: "not", of: { kind: "and", of: [compare("equal", 9), compare("greater", 3)] } },
      "`r.claims.seats` is 9, needs anything but 9, or `r.claims.seats` is 9, needs anything but more than 3",
    ],
  ])("%j", (when, expected) => {
    expect(of(when, { ip: "1.2.3.4" }, { seats: 9 })).toEqual([expected]);
  });

  it("names each part that fails, and no part that holds", () => {
    const when: Condition = {
      kind: "and",
      of: [compare("equal", 9), compare("less", 3), { kind: "present", fact: header }],
    };
    expect(of(when, {}, { seats: 9 })).toEqual([
      "`r.claims.seats` is 9, needs less than 3",
      '`r.request.headers["x-a"]` is absent, needs any value',
    ]);
  });

  it("names only what cannot be read, and why", () => {
    const parameter: Fact = { kind: "parameter", name: "id" };
    const present = (fact: Fact): Condition => ({ kind: "present", fact });
    const all: Condition = {
      kind: "or",
      of: [header, ip, parameter, { kind: "parameter", name: "none" } as const].map(present),
    };
    expect(of(all, { headers: { "x-a": ["1", "2"] }, path: "/v1/tenants/t1/orders/%20/refunds" })).toEqual([
      '`r.request.headers["x-a"]` cannot be read: it was sent more than once',
      "`r.params.id` cannot be read: it holds an escape",
      "`r.params.none` cannot be read: the path has no such parameter",
      "`r.request.ip` cannot be read: the request does not say it",
    ]);
    expect(of(present(ip), { ip: "::1%a" })).toEqual(['`r.request.ip` cannot be read: "::1%a" is no address']);
    const readers = withGrant("readersRead", {
      when: { kind: "and", of: [present(claim("region")), present({ kind: "token", name: "age" })] },
    });
    expect(lacks(bases.svid, "readersRead", readers)).toEqual([
      "`r.claims.region` cannot be read: there is no token",
      "`r.token.age` cannot be read: there is no token",
    ]);
    const hub = withGrant("anyoneLedger", { when: present(claim("region")) });
    expect(lacks(bases.robot, "anyoneLedger", hub)).toEqual([
      "`r.claims.region` cannot be read: the token is of `hub`, the condition reads claims of `corp`",
    ]);
  });
});

describe("what would turn the decision", () => {
  it("repairs row after row", () => {
    const input = tokenOf("mtls", { region: "us", scope: "orders:write", exp: now });
    expect(words(input)).toEqual([
      [
        `\`token.exp\` is ${now + 1} (2027-01-15T08:00:01Z)`,
        '`token.scope` is "orders:write orders:refund"',
        '`token.region` is "eu"',
      ],
      [
        `\`token.exp\` is ${now + 1} (2027-01-15T08:00:01Z)`,
        '`token.scope` is "orders:write orders:refund"',
        "`paymentsWrite` has no condition",
      ],
      [
        `\`token.exp\` is ${now + 1} (2027-01-15T08:00:01Z)`,
        '`token.scope` is "orders:refund orders:write"',
        '`token.region` is "eu"',
      ],
    ]);
  });

  it("turns one fact, or two where one is not enough", () => {
    const [first] = words(tokenOf("mtls", { region: "us" }));
    expect(first).toEqual(['`token.region` is "eu"']);
    const two = words(tokenOf("mtls", { region: "us" }, { path: "/v1/tenants/t2/orders/9/refunds" }));
    expect(two).toContainEqual(['`token.region` is "eu"', '`token.tenant` is "t2"']);
    expect(two).toContainEqual(['`token.region` is "eu"', '`request.path` is "/v1/tenants/t1/orders/9/refunds"']);
  });

  it("takes an optional fact away where its absence is asked for", () => {
    const absent = (fact: Fact) =>
      withGrant("paymentsRefund", { when: { kind: "not", of: { kind: "present", fact } } });
    const seats = absent({ kind: "claim", issuer: "corp", name: "seats" });
    expect(words(tokenOf("mtls", { seats: 3 }), seats)[0]).toEqual(["there is no `token.seats`"]);
    const sent = tokenOf("mtls", {}, { headers: { "x-a": "1" } });
    expect(words(sent, absent({ kind: "header", name: "x-a" }))[0]).toEqual(["there is no `request.headers.x-a`"]);
  });

  it("offers the narrowest new grant before it widens another", () => {
    const none = {
      ...loaded,
      model: normalise({ ...estate, grants: estate.grants.filter((g) => !g.to.identities.includes("acme")) }),
    };
    const trace = why(none, bases.partner);
    expect(trace.flips[0]?.changes).toEqual([
      {
        in: "estate",
        at: ["grants", "new grant"],
        to: {
          name: "new grant",
          to: { identities: ["acme"], groups: [] },
          on: ["ordersApi"],
          scopes: ["orders:read"],
          patterns: ["orders:read"],
          emergency: false,
        },
        words: "a grant of `orders:read` on `ordersApi` to `acme`",
      },
    ]);
    expect(words(bases.partner, none)).toContainEqual(["`readersRead` is to `acme` too"]);
  });

  it("names what was revoked, and what a caller can do about it", () => {
    const revoked = (revocations: object) => ({ ...loaded, revocations: { at: now, floor: 0, ...revocations } });
    expect(words(bases.mtls, revoked({ tokens: { corp: { j1: 1 } } }))).toEqual([
      ['`token.jti` is "j1-new"'],
      ["nothing revokes the token `j1`"],
    ]);
    expect(words(bases.mtls, revoked({ issuedBefore: { payments: now - 5 } }))[0]).toEqual([
      `\`token.iat\` is ${now - 5} (2027-01-15T07:59:55Z)`,
    ]);
    expect(words(bases.key, revoked({ keys: { k1: 1 }, owners: { "shops@example.com": 1 } }))).toEqual([
      ["nothing revokes the key `k1`", "nothing revokes the owner `shops@example.com`"],
    ]);
  });

  it("presents the caller as its tier asks", () => {
    expect(words({ ...bases.mtls, peer: { "x5t#S256": "other" } })[0]).toEqual(["there is no `token.cnf`"]);
    expect(words({ ...bases.partner, proof: undefined })).toContainEqual(['`proof.jkt` is "thumb"']);
  });

  it("finds a caller where there is none", () => {
    const [first] = why(loaded, { time: now, request: bases.svid.request }).flips;
    expect(first?.decision).toMatchObject({ allow: true, identity: "auditor" });
    expect(first?.changes.map((change) => change.words)).toEqual([
      '`peer.spiffe` is "spiffe://example.org/ns/payments/sa/auditor"',
    ]);
  });

  it("finds the operation that was meant", () => {
    const path = (text: string) => words({ ...bases.svid, request: { ...bases.svid.request, path: text } })[0];
    expect(path("/v1/tenants/t1/./orders//9")).toEqual(['`request.path` is "/v1/tenants/t1/orders/9"']);
    expect(path("/v1/tenants/t%31/orders/9;a=1")).toEqual(['`request.path` is "/v1/tenants/t1/orders/9"']);
    expect(path("/slash")).toEqual(['`request.path` is "/slash/"']);
    expect(words({ ...bases.svid, request: { ...bases.svid.request, host: "order.example.com" } })[0]).toEqual([
      '`request.host` is "orders.example.com"',
    ]);
    expect(words({ ...bases.svid, request: { ...bases.svid.request, method: "get" } })[0]).toEqual([
      '`request.method` is "GET"',
    ]);
  });

  it("says of an allowed request what it rests on", () => {
    expect(why(loaded, bases.mtls).flips.map((flip) => [flip.changes[0]?.words, flip.decision.reason])).toEqual([
      ['`token.region` is "us"', "condition"],
      ["`token.night` is true", "denied"],
      ["there is no `paymentsWrite`", "scope-not-granted"],
    ]);
    expect(why(loaded, bases.public).flips.map((flip) => flip.changes[0]?.words)).toEqual([
      `\`time\` is ${now + 56} (2027-01-15T08:00:56Z)`,
    ]);
  });

  it("says where nothing can be changed", () => {
    for (const input of [undefined, null, 7, "x", [], {}, { time: -1 }])
      expect(why(loaded, input)).toMatchObject({
        flips: [],
        near: [],
        noFlip: "the input is no request that keeps the limits, so no change of what is loaded helps",
      });
  });

  it("finds the same in an estate of ten thousand, in time", () => {
    const identities = Array.from({ length: 10_000 }, (_, i) => ({
      name: `id${i}`,
      tier: "workload",
      issuer: "corp",
      subject: `subject-${i}`,
      keys: [],
      owner: "x@example.com",
      tags: [],
    }));
    const large = { ...loaded, model: normalise({ ...estate, identities: [...estate.identities, ...identities] }) };
    const inputs = [
      bases.mtls,
      tokenOf("mtls", { region: "us" }),
      tokenOf("mtls", { scope: "" }),
      tokenOf("partner", { exp: 1 }),
    ];
    const started = processorTime();
    for (const input of inputs) expect(why(large, input)).toEqual(why(loaded, input));
    expect(processorTime() - started).toBeLessThan(10_000);
  });
});

describe("renderTrace", () => {
  it("shows everything as plain text", () => {
    const text = renderTrace(why(loaded, tokenOf("mtls", { region: "us" }, { path: "/v1/tenants/t1/orders" })));
    expect(text).toBe(`POST orders.example.com/v1/tenants/t1/orders: refused, condition
  identity payments
  tier workload
  operation orders.example.com POST /v1/tenants/{tenant}/orders

 0 yes a policy is loaded: r7
 0 yes the input has its shape and keeps the limits: it has and does
 0 yes the policy is in force: 1799900000 ≤ 1800000000 < 1800100000
 0 yes revocations are known: as of 1799999995
 0 yes what is known of revocations is not from the future: 1799999995 ≤ 1800000000 + 60
 0 yes the policy is not recalled: 7 ≥ 5
 1 yes the credential names an identity: token → payments
 1 yes the tier of the identity is declared: workload
 2 yes the identity is in its life: 0 ≤ 1800000000 < ever
 3 yes the token carries the id by which it is revoked: j1
 3 yes revocations are fresh enough for the tier: 1800000000 − 1799999995 ≤ 60
 3 yes nothing that was presented is revoked: nothing is
 4 yes the token is for us: https://apis.example.com for https://apis.example.com, at most 2
 4 yes the token is valid already: 1799999930 ≤ 1800000000
 4 yes the token has not expired: 1800000000 < 1800000290
 4 yes the token is short-lived enough for the tier: 1800000290 − 1799999990 ≤ 3600
 5 yes the credential was presented as the tier asks: mtls for bearer, dpop, mtls, svid
 6 yes the path is canonical: /v1/tenants/t1/orders
 6 yes the operation is declared: orders.example.com POST /v1/tenants/{tenant}/orders
 6 yes the tier has the trust that the operation demands: 40 ≥ 0
 7 yes the token carries every needed scope: orders:write
 8 yes every needed scope is granted: orders:write
 8 yes by a grant that is in force: orders:write
 8 NO  whose condition holds: orders:write

rules that came near
  grant paymentsWrite (orders:write)
    \`r.claims.region\` is "us", needs "eu"
  grant incident (orders:write)
    is not to \`payments\`
  grant paymentsRefund
    does not name \`orders:write\`

it would be allowed if
   \`token.region\` is "eu"
  or \`paymentsWrite\` has no condition
`);
  });

  it("shows what would refuse, and with which reason", () => {
    const text = renderTrace(why(loaded, bases.public));
    expect(text).toContain("GET orders.example.com/healthz: allowed by being public\n");
    expect(text).toContain("it would be refused if\n");
    expect(text).toContain("     (revocations-stale)\n");
    expect(renderTrace(why(loaded, 7))).toContain("a malformed request: refused, input-malformed\n");
  });

  it("lets nothing of a caller reach a terminal as a command", () => {
    const hostile = "\u001b[2J\u202e\u0007\u009b";
    for (const input of [
      tokenOf("mtls", { jti: hostile, tenant: hostile, scope: hostile }),
      tokenOf("mtls", { iss: hostile }),
      tokenOf("mtls", { aud: hostile }),
      tokenOf("mtls", {}, { path: `/${hostile}` }),
      tokenOf("mtls", {}, { host: hostile, method: `A\n${hostile}` }),
    ])
      expect(renderTrace(why(loaded, input))).not.toMatch(/[^\n\P{C}]/u);
  });
});
