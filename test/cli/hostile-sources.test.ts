/** Policies that somebody wrote to harm whoever compiles them: each is told by name, soon, and nothing outside the folder is read. */
import { describe, expect, test } from "vitest";
import type { Host } from "../../src/cli/host.ts";
import { table } from "../../src/diagnostics/index.ts";
import { processorTime } from "../processor-time.ts";
import { type MapFile, mapHost } from "./map-host.ts";
import { again, codesIn, writ } from "./run.ts";

const tier = (name: string): string =>
  `export const ${name} = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "60m" } });\n`;
const words = 'import { tier } from "writ";\n\n';

const namesOf = (stdout: string) => codesIn(stdout).map((code) => table[code as keyof typeof table].name);

describe("a source that wants to take long", () => {
  const depth = 100_000;
  test.each<[string, Record<string, string>, string]>([
    ["B19 10 MiB", { "a.policy.ts": ")".repeat(10 << 20) }, "file-too-large"],
    [
      "B19 brackets 100,000 deep",
      { "a.policy.ts": `const a = ${"[".repeat(depth)}${"]".repeat(depth)};\n` },
      "nested-too-deeply",
    ],
    [
      "B19 parentheses 100,000 deep",
      { "a.policy.ts": `const a = ${"(".repeat(depth)}1${")".repeat(depth)};\n` },
      "nested-too-deeply",
    ],
    ["B19 an identifier of 1 MiB", { "a.policy.ts": `const ${"a".repeat(1 << 20)} = 1;\n` }, "file-too-large"],
    [
      "B19 an identifier as long as a file may be",
      { "a.policy.ts": `export const ${"a".repeat(262_000)} = 1;\n` },
      "bad-name",
    ],
    [
      "B19 a million errors",
      Object.fromEntries(Array.from({ length: 8 }, (_, file) => [`a${file}.policy.ts`, ")\n".repeat(125_000)])),
      "stray-bracket",
    ],
  ])(
    "%s",
    async (_, files, name) => {
      const [started, resident] = [processorTime(), process.memoryUsage().rss];
      const inFolder = Object.fromEntries(Object.entries(files).map(([path, text]) => [`policies/${path}`, text]));
      const { exit, stdout, stderr } = await writ("check", inFolder);
      expect(processorTime() - started).toBeLessThan(5000);
      expect(process.memoryUsage().rss - resident).toBeLessThan(512 << 20);
      expect([exit, stderr]).toEqual([1, ""]);
      expect(namesOf(stdout)).toContain(name);
      // And what a person gets to see of it is little.
      expect(stdout.length).toBeLessThan(100_000);
    },
    120_000,
  );
});

test("a folder that can't be looked into is told, for what denies may be in it", async () => {
  const host = mapHost({ "policies/a.policy.ts": words + tier("a"), "policies/denies/b.policy.ts": words + tier("b") });
  const { entries } = host;
  const closed = { ...host, entries: (path: string) => (path.endsWith("/denies") ? undefined : entries(path)) };
  const { exit, stdout } = await again("check", closed);
  expect([exit, codesIn(stdout)]).toEqual([1, ["WRIT5083"]]);
  expect(stdout).toContain("`denies` cannot be read");
});

describe("a source that wants to read elsewhere", () => {
  const outside: Record<string, MapFile> = {
    "x.policy.ts": words + tier("secret"),
    "x.json": "[]",
    "/etc/passwd": "root",
    "policies/.hidden/x.policy.ts": words + tier("secret"),
    "policies/way": { link: "../" },
  };
  const imported = (from: string): string =>
    `import { secret } from ${JSON.stringify(from)};\n\nexport const a = [secret];\n`;
  const registered = (from: string): string =>
    `import { registry } from "writ";\n\nexport const rows = registry(${JSON.stringify(from)});\n`;

  test.each([
    ...["/etc/passwd", "../../x.policy.ts", "../x.policy.ts", "./../x.policy.ts", "./a/../../x.policy.ts"],
    ...["http://example.com/x.policy.ts", "https://example.com/x.policy.ts", "//example.com/x.policy.ts"],
    ...["file:///etc/passwd", "data:text/javascript,1", "node:fs", "./%2e%2e/x.policy.ts", "..\\x.policy.ts"],
    ...["./way/x.policy.ts", "./x.policy.ts\u0000", "npm:x/../../x.json", "/etc/passwd\u0000.policy.ts", ""],
  ])("B20 %j", async (from) => {
    for (const [write, known] of [
      [imported, ["import-outside", "import-foreign", "import-missing"]],
      [registered, ["data-reference", "data-missing", "data-format-unknown", "link-out-of-folder"]],
    ] as const) {
      const files = mapHost({ ...outside, "policies/a.policy.ts": write(from) });
      const read: string[] = [];
      const host: Host = Object.assign(Object.create(files) as typeof files, {
        read: (path: string, limit: number) => {
          read.push(files.realPath(path) ?? path);
          return files.read(path, limit);
        },
        send: () => {
          throw host;
        },
      });
      const { exit, stdout, stderr } = await again("check", host as typeof files);
      expect([exit, stderr]).toEqual([1, ""]);
      expect(known, stdout).toContain(namesOf(stdout)[0]);
      expect(read.filter((path) => !path.startsWith("/here/policies/"))).toEqual([]);
      expect(stdout).not.toContain("root");
    }
  });
});

describe("a source that wants to be read in another way", () => {
  test.each<[string, string, string]>([
    ["B21 a control that reorders, in a comment", `${words}${tier("a")}// \u202e\n`, "bidirectional-control"],
    ["B21 a control that reorders, in a text", words + tier("a").replace("60m", "60m\u2066"), "bidirectional-control"],
    ["B21 what cannot be seen, in a text", words + tier("a").replace("60m", "60\u200bm"), "invisible-character"],
    ["B21 a Cyrillic letter in a name", words + tier("\u0430dmin"), "look-alike-name"],
    ["B21 a Greek letter in a name", words + tier("adm\u03bfn"), "look-alike-name"],
    ["B21 two names that look alike", words + tier("pool1") + tier("poolI"), "look-alike-names"],
    ["B21 one name in two normal forms", words + tier("caf\u00e9") + tier("cafe\u0301"), "foreign-letter"],
  ])("%s", async (_, text, name) => {
    const { exit, stdout } = await writ("check", { "policies/a.policy.ts": text });
    expect([exit, namesOf(stdout)[0]]).toEqual([1, name]);
    // Nor does it reach the terminal as it is.
    expect(stdout).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
  });
});
