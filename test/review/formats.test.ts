/** What programs read of a difference, the page of it, and by what it is approved. */
import { describe, expect, test } from "vitest";
import { emit } from "../../src/compile.ts";
import { renderSarif } from "../../src/diagnostics/index.ts";
import { type Model, normalise } from "../../src/model/index.ts";
import {
  failuresOf,
  findingsOf,
  modelDigest,
  readApprovals,
  readDifference,
  renderDifferenceHtml,
  renderDifferenceJson,
} from "../../src/review/index.ts";
import { changeWith, emptyModel, hostileNames, reviewWith } from "./differences.ts";
import { historyOf, modelOf } from "./history.ts";

const encode = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

function withIdentity(subject: string, tier = "workload"): Model {
  const issuer = {
    name: "corp",
    url: "https://id.example.com",
    audience: "a",
    algorithms: [],
    claims: [],
    translate: [],
  };
  const identity = { name: "payments", tier, issuer: "corp", subject, keys: [], owner: "o", tags: [] };
  return normalise({ ...emptyModel, issuers: [issuer], identities: [identity] });
}

describe("the digest of a change", () => {
  const digestOf = (change: Parameters<typeof changeWith>[0], after: Model = emptyModel) =>
    reviewWith([changeWith(change)], { after: { model: after } }).changes[0]!.change.digest;

  test("stays the same while the change does", () => {
    expect(digestOf({})).toBe(digestOf({ causes: ["grant other"], trust: 10 }));
    expect(digestOf({}, withIdentity("a"))).toBe(digestOf({}, withIdentity("a", "partner")));
  });

  test("is another one for whatever somebody could be made to approve instead", () => {
    const digests = [
      digestOf({}),
      digestOf({ kind: "loss" }),
      digestOf({ identities: ["payments", "b"] }),
      digestOf({ operations: ["orders.example.com DELETE /v1/orders"] }),
      digestOf({ credentials: ["key"] }),
      digestOf({ when: [["a"]] }),
      digestOf({ when: [["a", "b"]] }),
      digestOf({ when: [["a"], ["b"]] }),
      // The same name, known by something else.
      digestOf({}, withIdentity("a")),
      digestOf({}, withIdentity("b")),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe("JSON", () => {
  test("holds all of it, and is known again by who approves, whatever was approved and wherever it is declared", () => {
    const change = changeWith({ when: [["a", "b"], ["c"]] });
    const review = reviewWith([change]);
    const value = renderDifferenceJson(review) as { changes: readonly { when: unknown; witness: unknown }[] };
    expect(value.changes[0]).toMatchObject({ kind: "gain", when: change.when, pairs: 1 });
    const { digest, before, after } = review;
    const read = { digest, before: before.model, after: after.model };
    expect(readDifference(encode(value), "diff.json")).toEqual(read);
    expect(readDifference(encode(JSON.stringify(value, null, 2)), "diff.json")).toEqual(read);
    const approvals = [{ change: review.changes[0]!.change.digest, by: ["a"], reason: "b" }];
    const moved = reviewWith([change], { approvals, before: { name: "x" }, after: { positions: new Map() } });
    expect(moved.digest).toBe(digest);
    expect(readDifference(encode(renderDifferenceJson(moved)), "diff.json")).toEqual(read);
  });

  test("does not depend on what a release is called", () => {
    const change = changeWith();
    const { witness } = change;
    const released = changeWith({
      witness: {
        ...witness,
        before: { ...witness.before, revision: "7-1" },
        after: { ...witness.after, revision: "8-2" },
      },
    } as Partial<typeof change>);
    expect(reviewWith([released]).digest).toBe(reviewWith([change]).digest);
  });

  test("that somebody changed is not what was read", () => {
    const text = JSON.stringify(renderDifferenceJson(reviewWith([changeWith()])));
    for (const [from, to] of [
      ["payments", "harmless"],
      ['"gain"', '"reason"'],
      ["GET /v1/orders", "GET /v1/ordexs"],
      ['"method":"GET"', '"method":"PUT"'],
    ] as const) {
      const altered = text.replaceAll(from, to);
      expect(altered).not.toBe(text);
      expect(() => readDifference(encode(altered), "diff.json")).toThrow(/isn't as/);
    }
  });

  test.each(["", "gains nothing", "[]", "# a difference"])("is told from %j", (text) => {
    expect(readDifference(encode(text), "diff.md")).toBeUndefined();
  });

  test.each(["{}", "{", '{"format":1,"digest":"x"}', `{"a":${"[".repeat(100_000)}`, '{"format":2,"changes":[]}'])(
    "is not %j",
    (text) => {
      expect(() => readDifference(encode(text), "diff.json")).toThrow(/isn't as/);
    },
  );

  test("names a policy as its bundle does", () => {
    const [step] = historyOf();
    const model = modelOf(step!.after);
    const { policy } = emit(model);
    expect(policy.revision).toBe(`0-${modelDigest(model).slice(0, 16)}`);
  });
});

describe("approvals", () => {
  const change = "a".repeat(64);
  const good = { change, by: ["a.lindqvist@example.com"], reason: "the audit asks for it", ticket: "SEC-1" };

  test("name a change, who approved it and why", () => {
    expect(readApprovals(encode({ approved: [good] }), "a.json")).toEqual([good]);
    expect(readApprovals(encode({ approved: [] }), "a.json")).toEqual([]);
  });

  test.each([
    ["no JSON", "{"],
    ["a list", [good]],
    ["a member beside", { approved: [good], until: "2027" }],
    ["an unknown member", { approved: [{ ...good, expires: "2027-01-01" }] }],
    ["a short digest", { approved: [{ ...good, change: change.slice(1) }] }],
    ["a digest in capitals", { approved: [{ ...good, change: change.toUpperCase() }] }],
    ["nobody", { approved: [{ ...good, by: [] }] }],
    ["a blank person", { approved: [{ ...good, by: [" "] }] }],
    ["no reason", { approved: [{ change, by: ["a"] }] }],
    ["an empty ticket", { approved: [{ ...good, ticket: "" }] }],
    ["one change twice", { approved: [good, { ...good, reason: "again" }] }],
    ["null", { approved: [null] }],
    ["a member twice", `{"approved": [], "approved": []}`],
  ])("with %s are refused", (_, value) => {
    expect(() => readApprovals(encode(value), "a.json")).toThrow(/approves nothing/);
  });
});

describe("findings", () => {
  const sources = new Map([["orders.policy.ts", `${"\n".repeat(31)}export const reads = grant({\n`]]);
  const changes = [changeWith(), changeWith({ kind: "loss" }), changeWith({ kind: "reason", causes: ["grant gone"] })];

  test("are errors where the command fails for them, and stand where the cause is declared", () => {
    const review = reviewWith(changes);
    const found = findingsOf(review, { failOn: new Set(["gain"]), sources });
    expect(found.map(({ code, severity, span }) => [code, severity, span?.start])).toEqual([
      ["WRIT4210", "error", 31],
      ["WRIT4211", "warning", 31],
      ["WRIT4214", "warning", undefined],
    ]);
    expect(failuresOf(review, { failOn: new Set(["gain"]), sources })).toHaveLength(1);
    expect(failuresOf(review, { failOn: new Set(), sources })).toEqual([]);
  });

  test("are none where they were approved; an approval of nothing is one", () => {
    const [first] = reviewWith(changes).changes;
    const approval = { change: first!.change.digest, by: ["a"], reason: "b" };
    const review = reviewWith(changes, { approvals: [approval, { ...approval, change: "0".repeat(64) }] });
    const failures = failuresOf(review, { failOn: new Set(["gain"]), sources });
    expect(failures.map(({ code }) => code)).toEqual(["WRIT4202"]);
  });

  test("as SARIF have rules of the table and regions of the file", () => {
    const found = findingsOf(reviewWith(changes), { failOn: new Set(["gain"]), sources });
    const log = renderSarif(found, sources, {
      version: "1.0.0",
      explain: () => "# x\n\nA sentence.",
      folder: "policies/",
    });
    const { runs } = log as { runs: { tool: { driver: { rules: { id: string }[] } }; results: object[] }[] };
    expect(runs[0]!.tool.driver.rules.map(({ id }) => id)).toEqual(["WRIT4210", "WRIT4211", "WRIT4214"]);
    expect(runs[0]!.results[0]).toMatchObject({
      ruleId: "WRIT4210",
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "policies/orders.policy.ts" },
            region: { startLine: 32, startColumn: 1 },
          },
        },
      ],
    });
    // Code scanning refuses the whole file for one result without a place.
    expect(runs[0]!.results[2]).toMatchObject({
      ruleId: "WRIT4214",
      locations: [{ physicalLocation: { artifactLocation: { uri: "policies" } } }],
    });
  });
});

describe("the page", () => {
  test("is one file that loads nothing and runs nothing", () => {
    const page = renderDifferenceHtml(reviewWith([changeWith(), changeWith({ kind: "loss" })]));
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).toContain("prefers-color-scheme: dark");
    expect(page).toContain("@media print");
    expect(page).toBe(renderDifferenceHtml(reviewWith([changeWith(), changeWith({ kind: "loss" })])));
  });

  test.each(hostileNames)("shows %j as text", (name) => {
    const base = changeWith();
    const plain = renderDifferenceHtml(reviewWith([changeWith({ identities: ["a", "b"], when: [["a"], ["b"]] })]));
    const page = renderDifferenceHtml(
      reviewWith(
        [
          changeWith({
            identities: [name, "b"],
            operations: [name],
            when: [[name], ["b"]],
            causes: [name],
            after: { reason: "granted", grants: [name] },
            witness: { ...base.witness, input: { ...base.witness.input, token: { sub: name } } },
          }),
        ],
        { before: { name }, after: { name } },
      ),
    );
    const tags = (html: string) => (html.match(/<\/?[a-z][^>]*>/g) ?? []).sort();
    expect(tags(page)).toEqual(tags(plain));
    expect(page).not.toMatch(/[^\P{C}\n]/u);
  });

  test("of 2,000 changes names each of them", () => {
    const changes = Array.from({ length: 2000 }, (_, index) => changeWith({ identities: [`caller-${index}x`] }));
    const page = renderDifferenceHtml(reviewWith(changes));
    expect(changes.filter(({ identities }) => !page.includes(`<code>${identities[0]}</code>`))).toEqual([]);
  });
});
