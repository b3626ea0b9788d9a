/** What people and programs are shown of a diagnostic. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Diagnostic,
  positionAt,
  renderGithub,
  renderJson,
  renderSarif,
  renderText,
  report,
  type Span,
} from "../../src/diagnostics/index.ts";
import { Lines } from "../../src/diagnostics/lines.ts";

const path = "orders.policy.ts";
const text = 'import { grant } from "writ";\r\n\tgrant({ to: shop, scopes: [ordres.read] });\n';
const sources = new Map([
  [path, text],
  ["scopes.policy.ts", "export const orders = 1;\n"],
]);

function spanOf(part: string, inText = text, inPath = path): Span {
  const start = inText.indexOf(part);
  return { path: inPath, start, end: start + part.length };
}

const unknown: Diagnostic = report(
  "WRIT2001",
  spanOf("ordres"),
  { name: "ordres" },
  {
    help: "did you mean `orders`?",
    related: [{ span: { path: "scopes.policy.ts", start: 13, end: 19 }, message: "`orders` is declared here" }],
    fix: { title: "write `orders`", safe: true, edits: [{ span: spanOf("ordres"), text: "orders" }] },
  },
);

describe("text", () => {
  test("shows the sentence, the place, the line with carets, the other place, the help and the fix", () => {
    expect(renderText([unknown], sources, { folder: "policies/" })).toBe(
      [
        "error WRIT2001: `ordres` is not declared",
        "  policies/orders.policy.ts:2:29",
        "    2 |     grant({ to: shop, scopes: [ordres.read] });",
        "      |                                ^^^^^^",
        "  `orders` is declared here",
        "  policies/scopes.policy.ts:1:14",
        "    1 | export const orders = 1;",
        "      |              ------",
        "  help: did you mean `orders`?",
        "  fix: write `orders` (`writ check --fix` does it)",
        "",
        "1 error",
        "",
      ].join("\n"),
    );
  });

  test("writes no escape sequence unless colour is asked for", () => {
    expect(renderText([unknown], sources)).not.toContain("\u001b");
    expect(renderText([unknown], sources, { colour: true })).toContain("\u001b[1;31merror WRIT2001\u001b[0m");
  });

  test("escapes what moves the cursor, hides or reorders text, in source, message, help and path", () => {
    const hostile = "const a\u202e\u001b[2J\u0007\u200b\ud800 = 1;";
    const evil = `x\u001b]0;owned\u0007.policy.ts`;
    const diagnostic = report(
      "WRIT2001",
      { path: evil, start: 6, end: 8 },
      { name: "a\u202e\r\n" },
      { help: "\u009b31m" },
    );
    const shown = renderText([diagnostic], new Map([[evil, hostile]]));
    expect(shown.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
    expect(shown).toContain("const a\\u{202e}\\u{1b}[2J\\u{7}\\u{200b}\\u{d800} = 1;");
    expect(shown).toContain("`a\\u{202e}\\u{d}\\u{a}` is not declared");
  });

  test("puts carets under what is as wide as it is shown", () => {
    const wide = "const 名前 = é + ordres;";
    const shown = renderText([report("WRIT2001", spanOf("ordres", wide), { name: "ordres" })], new Map([[path, wide]]));
    const [, , line = "", carets = ""] = shown.split("\n");
    // Two wide characters take four columns, a combining mark none.
    const columns = line.slice(0, line.indexOf("ordres")).length + 2 - (wide.includes("e\u0301") ? 1 : 0);
    expect(carets.indexOf("^")).toBe(columns);
  });

  test("cuts a long line around the span, at once even when it is millions of characters long", () => {
    const long = `${"a ".repeat(2_000_000)}ordres${" b".repeat(2_000_000)}`;
    const before = performance.now();
    const shown = renderText([report("WRIT2001", spanOf("ordres", long), { name: "ordres" })], new Map([[path, long]]));
    expect(performance.now() - before).toBeLessThan(1000);
    const [, , line = "", carets = ""] = shown.split("\n");
    expect(line.length).toBeLessThan(140);
    expect(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("ordres");
    expect(line).toMatch(/\| ….*…$/);
  });

  test("shows a sentence with a word of a whole file by its ends", () => {
    const long = "a".repeat(260_000);
    const shown = renderText([report("WRIT2001", undefined, { name: long })], sources);
    expect(shown).toMatch(/^error WRIT2001: `a{499}…a+` is not declared\n/);
    expect(shown.length).toBeLessThan(2100);
  });

  test("shows a span of a few lines in full and a longer one by its ends", () => {
    const lines = Array.from({ length: 9 }, (_, i) => `line ${i + 1}`).join("\n");
    const at = (start: string, end: string): string =>
      renderText(
        [
          report(
            "WRIT2001",
            { path, start: lines.indexOf(start), end: lines.indexOf(end) + end.length },
            { name: "x" },
          ),
        ],
        new Map([[path, lines]]),
      );
    expect(at("2", "line 4").match(/line \d/g)).toEqual(["line 2", "line 3", "line 4"]);
    expect(at("2", "line 8").match(/line \d|…/g)).toEqual(["line 2", "line 3", "…", "line 8"]);
  });

  test("marks the end of the file and an empty span with one caret", () => {
    const shown = renderText([report("WRIT2001", { path, start: 3, end: 3 }, { name: "x" })], new Map([[path, "abc"]]));
    expect(shown).toContain("| abc\n");
    expect(shown.match(/\^/g)).toHaveLength(1);
  });

  test("shows a file whose text is not at hand without a frame", () => {
    expect(
      renderText([report("WRIT5082", { path: "a.policy.ts", start: 0, end: 0 }, { path: "a.policy.ts" })], new Map()),
    ).toContain("\n  a.policy.ts\n");
  });

  test("counts what it does not show", () => {
    const shown = renderText(Array(5).fill(unknown), sources, { limit: 2 });
    expect(shown.match(/error WRIT2001/g)).toHaveLength(2);
    expect(shown).toContain("5 errors (the first 2 are shown)");
    expect(renderText([], sources)).toBe("");
  });
});

test("lines are found as `positionAt` finds them", () => {
  const mixed = "a\r\nbc\rd\n\n\r\ne";
  const lines = new Lines(mixed);
  for (let offset = 0; offset <= mixed.length; offset++)
    expect([offset, lines.position(offset)]).toEqual([offset, positionAt(mixed, offset)]);
});

test("JSON has lines, columns and offsets, the name, the fix", () => {
  const [first] = renderJson([unknown], sources, "policies/");
  expect(first).toMatchObject({
    code: "WRIT2001",
    name: "unknown-name",
    severity: "error",
    span: {
      path: "policies/orders.policy.ts",
      start: { line: 2, column: 29, offset: 59 },
      end: { line: 2, column: 35, offset: 65 },
    },
    related: [{ span: { path: "policies/scopes.policy.ts", start: { line: 1, column: 14 } } }],
    fix: { safe: true, edits: [{ text: "orders" }] },
  });
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
});

describe("workflow commands", () => {
  test("name the place", () => {
    expect(renderGithub([unknown], sources, "policies/")).toBe(
      "::error file=policies/orders.policy.ts,line=2,endLine=2,col=29,endColumn=35,title=WRIT2001 unknown-name::`ordres` is not declared%0Ahelp: did you mean `orders`?\n",
    );
  });

  test("cannot be broken out of by an author's text", () => {
    const evil = "a,line=9::b\r\n::set-output name=x::y%";
    const lines = renderGithub([report("WRIT2001", { path: evil, start: 0, end: 0 }, { name: evil })], new Map());
    expect(lines.match(/\n/g)).toHaveLength(1);
    expect(lines.startsWith("::error file=a%2Cline=9%3A%3Ab%0D%0A%3A%3Aset-output name=x%3A%3Ay%25,title=")).toBe(true);
  });
});

describe("SARIF", () => {
  const options = {
    version: "1.2.3",
    explain: () => "# WRIT2001 unknown-name\n\nThe sentence.\n",
    folder: "policies/",
  };

  test("has results, their rules with help, regions and fixes", () => {
    const log = JSON.parse(JSON.stringify(renderSarif([unknown, unknown], sources, options)));
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    expect(run.tool.driver.rules).toHaveLength(1);
    expect(run.tool.driver.rules[0]).toMatchObject({
      id: "WRIT2001",
      name: "unknown-name",
      shortDescription: { text: "The sentence." },
      help: { markdown: expect.stringContaining("The sentence.") },
      defaultConfiguration: { level: "error" },
    });
    expect(run.results).toHaveLength(2);
    expect(run.results[0]).toMatchObject({
      ruleId: "WRIT2001",
      ruleIndex: 0,
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "policies/orders.policy.ts" },
            region: { startLine: 2, startColumn: 29, endLine: 2, endColumn: 35 },
          },
        },
      ],
      relatedLocations: [{ message: { text: "`orders` is declared here" } }],
      fixes: [
        {
          artifactChanges: [
            { replacements: [{ deletedRegion: { startColumn: 29 }, insertedContent: { text: "orders" } }] },
          ],
        },
      ],
    });
    expect(run.columnKind).toBe("utf16CodeUnits");
  });

  test("makes no link of what an author wrote, and shows what hides", () => {
    const name = "[approved](https://evil.example)\u202e";
    const related = [{ span: { path, start: 0, end: 0 }, message: name }];
    const log = JSON.stringify(renderSarif([report("WRIT2001", undefined, { name }, { related })], new Map(), options));
    expect(log).not.toMatch(/[^\\]\]\(|\u202e/);
    expect(log).toContain("approved\\\\](https://evil.example)\\\\u{202e}");
  });

  test("encodes paths as URIs", () => {
    const odd = "a b/%c.policy.ts";
    const log = JSON.stringify(
      renderSarif([report("WRIT2001", { path: odd, start: 0, end: 0 }, { name: "x" })], new Map(), options),
    );
    expect(log).toContain('"uri":"policies/a%20b/%25c.policy.ts"');
  });
});

test("whatever the text and the span, a frame is drawn, is short, and holds nothing that a terminal obeys", () => {
  const unit = fc.constantFrom(
    "a",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\u001b[2J",
    "\u202e",
    "é",
    "名",
    "\u0301",
    "👩‍🚀",
    "\ud800",
    "`",
  );
  fc.assert(
    fc.property(
      fc.string({ unit, maxLength: 400 }),
      fc.nat(500),
      fc.nat(500),
      fc.boolean(),
      (hostile, a, b, colour) => {
        const span = { path, start: Math.min(a, b), end: Math.max(a, b) };
        const diagnostic = report("WRIT2001", span, { name: hostile }, { related: [{ span, message: hostile }] });
        const shown = renderText([diagnostic], new Map([[path, hostile]]), { colour });
        const plain = shown
          .split("\u001b[")
          .map((part, index) => (index > 0 && colour ? part.replace(/^[0-9;]*m/, "") : part))
          .join("");
        expect(plain.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
        for (const line of plain.split("\n")) if (line.includes(" | ")) expect(line.length).toBeLessThan(450);
        expect(renderGithub([diagnostic], new Map([[path, hostile]])).trimEnd()).not.toMatch(/[\r\n]/);
        expect(
          JSON.stringify(renderSarif([diagnostic], new Map([[path, hostile]]), { version: "1", explain: () => "" })),
        ).toBeDefined();
      },
    ),
    { numRuns: 300 },
  );
});
