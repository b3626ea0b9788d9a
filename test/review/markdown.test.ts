/** The comment of a pull request: one screen, every gain by name, and nothing in it that an author could have made out of a name. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/diff/index.ts";
import { commentMarker, renderDifferenceMarkdown, renderStepsMarkdown, stepLines } from "../../src/review/index.ts";
import { changeWith, hostileNames, reviewWith } from "./differences.ts";

const render = (changes: readonly Change[], names: { before?: string; after?: string } = {}) =>
  renderDifferenceMarkdown(
    reviewWith(changes, { before: { name: names.before ?? "main" }, after: { name: names.after ?? "policies" } }),
  );

/** A change whose every text is the name. */
function changeOf(name: string, kind: Change["kind"] = "gain"): Change {
  const base = changeWith({ kind });
  return changeWith({
    kind,
    identities: [name, `${name}2`, `${name}3`],
    operations: [name],
    when: [[name, name], [name]],
    causes: [`grant ${name}`],
    before: { ...base.before, grants: [name], headers: { [name]: name }, until: name },
    after: { ...base.after, grants: [name], headers: { [`${name}x`]: name }, until: name },
    witness: {
      ...base.witness,
      input: { time: 1, token: { sub: name }, request: { host: name, method: "GET", path: `/${name}` } },
    },
  });
}

/** What is left when our own markup is taken away must hold no markup. */
function strayIn(markdown: string): readonly string[] {
  const [before = "", fenced = "", after = ""] = markdown.split(/^```(?:json)?$/m);
  const fences = markdown.split("\n").filter((line) => /^ {0,3}(?:```|~~~)/.test(line)).length;
  const requests = fenced.split("\n").filter((line) => line !== "");
  const stray = requests.filter((line) => !line.startsWith("{") || !isJson(line));
  const prose = (before + after)
    .replace(/`[^`\n|\\]+`/g, "")
    .replace(/<code>writ (?:why -|diff --format json)<\/code>/g, "")
    .replace(/<code>(?:[A-Za-z0-9 ]|&#\d+;)*<\/code>/g, "")
    .replace(/<\/?(?:details|summary|sub|ol|li|p|br)(?: start="\d+")?>/g, "")
    .replace(/&#\d+;/g, "")
    .replace(/\*\*/g, "")
    .replace(commentMarker, "")
    .replace(/^\|--:(?:\|---)+\|$/gm, "");
  const rows = prose.split("\n").filter((line) => line.startsWith("|"));
  return [
    ...stray,
    ...(fences === 2 ? [] : [`${fences} fences`]),
    ...rows.filter((row) => row.split("|").length !== 8),
    ...(prose.match(/[<>`\\[\]@#*_~]|https?:|javascript/g) ?? []),
    ...(markdown.match(/[^\P{C}\n]|[\u2028\u2029\u200b]/gu) ?? []),
  ];
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

describe("a comment", () => {
  test("begins with the marker by which it is found again, says the verdict, and is the same when it is made again", () => {
    const changes = [changeWith(), changeWith({ kind: "loss", when: [['claims.region is "eu"']] })];
    const [one, other] = [render(changes), render(changes)];
    expect(one).toBe(other);
    const lines = one.split("\n");
    expect(lines.slice(0, 7)).toEqual([
      "<!-- writ diff -->",
      "**1 gain, 1 loss; nothing else changes for 549 identities and 1,220 operations** (from `main` to `policies`)",
      "",
      "| | change | who | what | when | because of |",
      "|--:|---|---|---|---|---|",
      "| 1 | **gain**<br>was refused as `condition`, is granted by `reads` | `payments` | `GET orders.example.com/v1/orders` | always | `grant reads` |",
      '| 2 | **loss**<br>was granted by `reads`, is refused as `scope-not-granted` | `payments` | `GET orders.example.com/v1/orders` | `claims.region is "eu"` | `grant reads` |',
    ]);
    expect(strayIn(one)).toEqual([]);
  });

  test("of nothing is three lines", () => {
    expect(render([]).split("\n")).toHaveLength(5);
  });

  test.each([1, 18, 19, 40, 300])("of %i gains is one screen and names each of them", (count) => {
    const gains = Array.from({ length: count }, (_, index) => changeWith({ identities: [`caller-${index}x`] }));
    const markdown = render([...gains, ...gains.map((change) => ({ ...change, kind: "reason" as const }))]);
    expect(markdown.split("\n").length).toBeLessThan(60);
    expect(markdown.length).toBeLessThan(65_536);
    for (const { identities } of gains)
      expect(markdown).toMatch(new RegExp(`[\`>]${identities[0]!.replace("-", "(?:-|&#45;)")}[\`<]`));
    expect(strayIn(markdown)).toEqual([]);
  });

  test("of 20,000 changes fits into a comment, and counts what it does not name", () => {
    const changes = Array.from({ length: 20_000 }, (_, index) => changeWith({ identities: [`caller-${index}`] }));
    const markdown = render(changes);
    expect(markdown.split("\n").length).toBeLessThan(60);
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toContain("<summary>19,982 more: 19,982 gain</summary>");
    expect(markdown).toMatch(/<p>[\d,]+ more are in <code>writ diff --format json<\/code><\/p>/);
  });

  test.each(["`", "\u200b", "\u{e0001}", "|", "x"])("fits into a comment though all of it is %j", (unit) => {
    const name = unit.repeat(500);
    const changes = Array.from({ length: 40 }, (_, index) =>
      changeWith({
        ...changeOf(name, index < 20 ? "gain" : "headers"),
        when: Array.from({ length: 6 }, (_, at) => Array.from({ length: 12 }, () => `${at}${name}`)),
      }),
    );
    const markdown = render(changes);
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toContain("**gain**");
    expect(markdown).toMatch(/<summary>\d+ more: /);
    expect(strayIn(markdown)).toEqual([]);
    const step = { name: "diff", state: "failed", said: name } as const;
    const problems = Array.from({ length: 100 }, () => name);
    expect(renderStepsMarkdown([step, step, step, step], problems).length).toBeLessThan(65_536);
  });

  test.each(hostileNames)("holds %j as a name and nothing else", (name) => {
    for (const kind of ["gain", "loss", "headers", "until", "reason"] as const) {
      const changes = Array.from({ length: kind === "gain" ? 19 : 1 }, () => changeOf(name, kind));
      expect(strayIn(render(changes, { before: name, after: name }))).toEqual([]);
    }
  });

  test("holds any names as names", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.string({ maxLength: 20 }), (one, other) => {
        expect(strayIn(render([changeOf(one), changeOf(`${other}\`|`)], { before: one, after: other }))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("shows who approved what, and counts approvals of nothing", () => {
    const change = changeWith();
    const [reviewed] = reviewWith([change]).changes;
    const approval = { change: reviewed!.change.digest, by: ["a`b|c@example.com", "d"], reason: "x" };
    const markdown = renderDifferenceMarkdown(
      reviewWith([change], { approvals: [approval, { ...approval, change: "0".repeat(64) }] }),
    );
    expect(markdown).toContain("<br>approved by <code>a&#96;b&#124;c&#64;example&#46;com</code> and 1 more");
    expect(markdown).toContain("1 approved and not among the changes");
    expect(strayIn(markdown)).toEqual([]);
  });

  test("says how the other steps went, under the verdict", () => {
    const summary = stepLines([
      { name: "check", state: "fine", said: "3 policy files" },
      { name: "build", state: "findings", said: "`bundles` is stale" },
    ]);
    const lines = renderDifferenceMarkdown(reviewWith([]), { summary }).split("\n");
    expect(lines[2]).toBe("<br>check: 3 policy files");
    expect(lines[3]).toBe("<br>build: **wrong**, `bundles` is stale");
    for (const said of [...hostileNames, "www.evil.example", "see www.evil.example"]) {
      const comment = renderStepsMarkdown([{ name: "diff", state: "failed", said }], [said, said]);
      const rest = comment.split("\n").slice(2).join("\n").replace(/^- /gm, "");
      expect([said, strayIn(`${rest}\n\`\`\`json\n\`\`\`\n`)]).toEqual([said, []]);
    }
  });
});
