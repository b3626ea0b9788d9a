import { describe, expect, test } from "vitest";
import { positionAt } from "../../src/diagnostics/index.ts";
import { readRegistry } from "../../src/documents/index.ts";
import { registry } from "./reading.ts";

const good = '{"name":"a","subject":"s","tier":"t","owner":"o"}';
const row = (more: string) => `{"name":"a","subject":"s","tier":"t","owner":"o",${more}}`;

type Case = [odd: string, text: string | Uint8Array, names: unknown[], said: string[]];

describe("JSON", () => {
  const cases: Case[] = [
    ["no rows", "[]", [], []],
    ["one row", `[${good}]`, ["a"], []],
    [
      "every field",
      `[${row('"from":"2026-01-01","expires":"2027-01-01","tags":["x"],"keys":{"k":"2026-01-01"}')}]`,
      ["a"],
      [],
    ],
    ["an object", "{}", [], ["5020 {"]],
    ["a text", '"a"', [], ['5020 "']],
    ["nothing", "", [], ["5004 "]],
    ["a comma too many", `[${good},]`, [], ["5004 ]"]],
    ["a comment", `// a\n[${good}]`, [], ["5004 /"]],
    ["a key twice", '[{"name":"a","name":"b"}]', [], ['5004 "']],
    ["`__proto__`", '[{"__proto__":{}}]', [], ['5004 "']],
    ["something behind", "[] []", [], ["5004 ["]],
    ["10,000 levels", "[".repeat(10_000), [], ["5004 ["]],
    ["a byte order mark", `\ufeff[${good}]`, [], ["5003 \ufeff"]],
    ["not UTF-8", Uint8Array.of(0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d), [], ["5002 \ufffd"]],
    ["a row that is none", `[${good},null,[1],"x"]`, ["a"], ["5021 null", "5021 [1]", '5021 "x"']],
    ["a misspelt field", `[${row('"ower":"x"')}]`, ["a"], ['5022 "ower"']],
    [
      "no name",
      '[{"subject":"s","tier":"t","owner":"o"}]',
      [undefined],
      ['5023 {"subject":"s","tier":"t","owner":"o"}'],
    ],
    [
      "nothing to be known by",
      '[{"name":"a","tier":"t","owner":"o"}]',
      ["a"],
      ['5029 {"name":"a","tier":"t","owner":"o"}'],
    ],
    ["a number", '[{"name":7,"subject":"s","tier":"t","owner":"o"}]', [undefined], ["5024 7"]],
    ["null", `[${row('"from":null')}]`, ["a"], ["5024 null"]],
    ["an empty text", `[${row('"from":""')}]`, ["a"], ['5025 ""']],
    ["a long text", `[${row(`"from":"${"x".repeat(256)}"`)}]`, ["a"], [`5026 "${"x".repeat(39)}`]],
    ["a line feed", `[${row('"from":"a\\nb"')}]`, ["a"], ['5027 "a\\nb"']],
    ["a space at the end", `[${row('"from":"a "')}]`, ["a"], ['5027 "a "']],
    ["a line separator", `[${row('"from":"a\u2028b"')}]`, ["a"], ['5027 "a\u2028b"']],
    ["tags as a text", `[${row('"tags":"x"')}]`, ["a"], ['5024 "x"']],
    ["a tag that is none", `[${row('"tags":["x",1,""]')}]`, ["a"], ["5024 1", '5025 ""']],
    [
      "too many tags",
      `[${row(`"tags":[${Array(65).fill('"x"').join()}]`)}]`,
      ["a"],
      [`5028 [${Array(65).fill('"x"').join()}`.slice(0, 45)],
    ],
    ["keys as a list", `[${row('"keys":["k"]')}]`, ["a"], ['5024 ["k"]']],
    ["no keys", `[${row('"keys":{}')}]`, ["a"], ["5025 {}"]],
    ["a key without a date", `[${row('"keys":{"k":1,"l":""}')}]`, ["a"], ["5024 1", '5025 ""']],
  ];
  test.each(cases)("%s", (_odd, text, names, said) => {
    expect(registry(text, "fleet.json")).toEqual({ names, said });
  });

  test("says what was most likely meant", () => {
    const { diagnostics } = read(`[${row('"expiry":"x","Owner":"y","zzz":1')}]`, "fleet.json");
    expect(diagnostics.map(({ help }) => help)).toEqual([
      "did you mean `expires`?",
      "did you mean `owner`?",
      expect.stringContaining("the fields are `name`"),
    ]);
  });

  test("knows the place of each field, tag and key", () => {
    const text = `[\n  ${row('"tags":["x","y"],"keys":{"k":"2026-01-01"}')}\n]`;
    const [first] = read(text, "fleet.json").value;
    const at = (span: { start: number; end: number }) => text.slice(span.start, span.end);
    expect([...first!.fields].map(([name, { span }]) => [name, at(span)])).toEqual([
      ["name", '"a"'],
      ["subject", '"s"'],
      ["tier", '"t"'],
      ["owner", '"o"'],
      ["tags", '["x","y"]'],
      ["keys", '{"k":"2026-01-01"}'],
    ]);
    expect([at(first!.spanOf("tags", 1)), at(first!.spanOf("keys", "k"))]).toEqual(['"y"', '"2026-01-01"']);
    expect(positionAt(text, first!.span.start)).toEqual({ line: 2, column: 3 });
    expect(first!.spanOf("from")).toEqual(first!.span);
  });

  test("more than a million rows", () => {
    const { value, diagnostics } = read(`[${"0,".repeat(1_000_000)}0]`, "fleet.json");
    expect([value.length, diagnostics.map(({ code }) => code)]).toEqual([0, ["WRIT5028"]]);
  });

  test("a file of faults is not read to its end", () => {
    expect(read(`[${"0,".repeat(50_000)}0]`, "fleet.json").diagnostics).toHaveLength(1000);
  });

  test("larger than allowed", () => {
    const { diagnostics } = readRegistry({ path: "fleet.json", bytes: new Uint8Array(64 * 1024 * 1024 + 1) });
    expect(diagnostics.map(({ code }) => code)).toEqual(["WRIT5001"]);
  });
});

describe("NDJSON", () => {
  const cases: Case[] = [
    ["nothing", "", [], []],
    ["two rows", `${good}\n${good}\n`, ["a", "a"], []],
    ["no line feed at the end, CRLF", `${good}\r\n${good}`, ["a", "a"], []],
    ["an empty line", `${good}\n\n${good}\n`, ["a", "a"], ["5021 "]],
    ["a broken line", `${good}\n{"name":}\n${good}\n`, ["a", "a"], ["5004 }"]],
    ["a list", `[${good}]\n`, [], [`5021 [${good}`.slice(0, 45)]],
    ["a field in the second line", `${good}\n${row('"x":1')}\n`, ["a", "a"], ['5022 "x"']],
  ];
  test.each(cases)("%s", (_odd, text, names, said) => {
    expect(registry(text, "fleet.ndjson")).toEqual({ names, said });
  });

  test("the line of a fault is known", () => {
    const text = `${good}\n${good}\n{"name":"a","subject":"s","tier":"t","owner":""}\n`;
    const [only] = read(text, "fleet.ndjson").diagnostics;
    expect(positionAt(text, only!.span!.start)).toEqual({ line: 3, column: 46 });
  });
});

describe("CSV", () => {
  const head = "name,subject,tier,owner,tags,keys\n";
  const cases: Case[] = [
    ["a row", `${head}a,s,t,o,,\n`, ["a"], []],
    ["no line feed at the end, CRLF", "name,subject,tier,owner\r\na,s,t,o\r\nb,s,t,o", ["a", "b"], []],
    ["quotes, commas, quotes inside", `${head}a,"s,""1""",t,o,,\n`, ["a"], []],
    ["a line feed inside quotes", `${head}a,"s\n1",t,o,,\n`, ["a"], ['5027 "s\n1"']],
    ["tags and keys", `${head}a,s,t,o,x;y,k=2026-01-01;l=2026-02-01\n`, ["a"], []],
    ["nothing", "", [], ["5030 "]],
    ["an empty header", "\na,s\n", [], ["5030 "]],
    ["an unknown column", "name,subject,tier,owner,age\na,s,t,o,1\n", [], ["5022 age"]],
    ["a column twice", "name,name\na,b\n", [], ["5031 name"]],
    ["a column with spaces", "name, subject\na,b\n", [], ["5022  subject"]],
    ["a cell too few", `${head}a,s,t\nb,s,t,o,,\n`, ["b"], ["5032 a,s,t"]],
    ["a cell too many", `${head}a,s,t,o,,,\n`, [], ["5032 a,s,t,o,,,"]],
    ["an empty line", `${head}\na,s,t,o,,\n`, ["a"], ["5032 "]],
    ["an unclosed quote", `${head}a,"s,t,o,,\n`, [], ['5034 "']],
    ["a quote inside", `${head}a,s"1,t,o,,\n`, [], ['5034 "']],
    ["text behind a quote", `${head}a,"s"1,t,o,,\n`, [], ["5034 1"]],
    ["a bare carriage return", `${head}a,s,t,o,,\rb,s,t,o,,\n`, [], ["5034 \r"]],
    ["an empty name", `${head},s,t,o,,\n`, [undefined], ["5025 "]],
    ["neither subject nor keys", `${head}a,,t,o,,\n`, ["a"], ["5029 a,,t,o,,"]],
    ["a key without a date", `${head}a,s,t,o,,k\n`, [], ["5033 k"]],
    ["a key twice", `${head}a,s,t,o,,k=1;k=2\n`, [], ["5033 k=1;k=2"]],
    ["an empty tag", `${head}a,s,t,o,x;,\n`, ["a"], ["5025 x;"]],
  ];
  test.each(cases)("%s", (_odd, text, names, said) => {
    expect(registry(text, "fleet.csv")).toEqual({ names, said });
  });

  test("cells are what they say", () => {
    const [first] = read(`${head}a,"s,""1""",t,o,x;y,k=2026-01-01\n`, "fleet.csv").value;
    expect(first?.values).toEqual({
      name: "a",
      subject: 's,"1"',
      tier: "t",
      owner: "o",
      tags: ["x", "y"],
      keys: { k: "2026-01-01" },
    });
  });
});

test("an unknown extension is refused by name", () => {
  expect(registry(good, "fleet.toml")).toEqual({ names: [], said: ["5007 "] });
});

function read(text: string, path: string) {
  return readRegistry({ path, bytes: new TextEncoder().encode(text) });
}
