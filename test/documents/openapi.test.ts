import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readOpenApi } from "../../src/documents/index.ts";
import { openApi } from "./reading.ts";

const head = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\n";
const paths = (...lines: string[]) => `${head}paths:\n${lines.map((line) => `  ${line}\n`).join("")}`;
const get = (path: string) => paths(`"${path}": { get: {} }`);

/** What is odd, the document, the operations that come of it, and what is said at which text. */
type Case = [odd: string, document: string, operations: string[], said: string[]];

describe("path keys", () => {
  const cases: Case[] = [
    ["plain", get("/a/{id}"), ["GET /a/{id}"], []],
    ["the root", get("/"), ["GET /"], []],
    ["a dash in a parameter", get("/a/{user-id}"), ["GET /a/{user_id}"], []],
    ["a dot in a parameter", get("/a/{user.id}"), ["GET /a/{user_id}"], []],
    ["a digit first in a parameter", get("/a/{1st}"), ["GET /a/{_1st}"], []],
    ["letters of other alphabets in a parameter", get("/a/{имя}"), ["GET /a/{___}"], []],
    ["an empty parameter", get("/a/{}"), ["GET /a/{_}"], []],
    ["spaces in a parameter", get("/a/{ id }"), ["GET /a/{id}"], []],
    ["the same parameter twice", get("/a/{id}/b/{id}"), ["GET /a/{id}/b/{id_2}"], []],
    ["parameters equal once normalised", get("/{a-b}/{a.b}"), ["GET /{a_b}/{a_b_2}"], []],
    ["a suffix", get("/a/{id}.json"), ["GET /a/{id}"], ["5058 get"]],
    ["a prefix", get("/a/v{id}"), ["GET /a/{id}"], ["5058 get"]],
    ["two parameters in a segment", get("/a/{x}-{y}"), ["GET /a/{x_y}"], ["5058 get"]],
    ["two parameters touching", get("/a/{x}{y}"), ["GET /a/{x_y}"], ["5058 get"]],
    ["two parameters and dots", get("/a/{x}..{y}"), ["GET /a/{x_y}"], ["5058 get"]],
    ["an OData key", get("/a('{id}')/b"), ["GET /{id}/b"], ["5058 get"]],
    ["a reserved expansion", get("/a/{+path}"), ["GET /a/{path...}"], []],
    ["an exploded parameter", get("/a/{path*}"), ["GET /a/{path...}"], []],
    ["a greedy proxy", get("/a/{proxy+}"), ["GET /a/{proxy...}"], []],
    ["our own rest", get("/a/{path...}"), ["GET /a/{path...}"], []],
    ["a double star", get("/a/{name=**}"), ["GET /a/{name...}"], []],
    ["a pattern", get("/a/{id:[0-9]{4}}"), ["GET /a/{id}"], ["5058 get"]],
    ["a pattern for anything", get("/a/{path:.*}"), ["GET /a/{path...}"], []],
    ["a rest in the middle", get("/a/{+path}/b"), [], ["5057 get"]],
    ["a verb behind a rest", get("/v1/{+name}:cancel"), [], ["5057 get"]],
    ["a label parameter", get("/a/{.format}"), ["GET /a/{_format}"].map(() => "GET /a/{format}"), ["5058 get"]],
    ["a matrix parameter", get("/a/{;x}"), [], ["5057 get"]],
    ["query parameters as RFC 6570", get("/a{?x,y}"), ["GET /a"], ["5058 get"]],
    ["a query", get("/a?x=1"), ["GET /a"], ["5058 get"]],
    ["a fragment", get("/a#x"), ["GET /a"], ["5058 get"]],
    ["no leading slash", get("a/b"), [], ["5057 get"]],
    ["an empty key", get(""), [], ["5057 get"]],
    ["a trailing slash", paths("/a: { get: {} }", "/a/: { get: {} }"), ["GET /a", "GET /a/"], []],
    ["a doubled slash", get("/a//b"), [], ["5057 get"]],
    ["two slashes first", get("//a"), [], ["5057 get"]],
    ["a dot segment", get("/a/../b"), [], ["5057 get"]],
    ["an escaped dot segment", get("/a/%2e%2E/b"), [], ["5057 get"]],
    ["a space", get("/a b"), ["GET /a%20b"], []],
    ["letters of other alphabets", get("/caf\u00e9"), ["GET /caf%C3%A9"], []],
    ["an emoji", get("/\u{1F4A9}"), ["GET /%F0%9F%92%A9"], []],
    ["lower-case escapes", get("/caf%c3%a9"), ["GET /caf%C3%A9"], []],
    ["escaped unreserved characters", get("/%61%7E"), ["GET /a~"], []],
    ["an escaped slash", get("/a%2fb"), [], ["5057 get"]],
    ["an escaped percent sign", get("/a%25"), [], ["5057 get"]],
    ["an escaped NUL", get("/a%00"), [], ["5057 get"]],
    ["escapes that are not UTF-8", get("/%c0%ae"), [], ["5057 get"]],
    ["half an escape", get("/a%2"), [], ["5057 get"]],
    ["a semicolon", get("/a;b=1"), [], ["5057 get"]],
    ["a backslash", paths("'/a\\b': { get: {} }"), [], ["5057 get"]],
    ["half a surrogate pair", get("/a\\ud800"), [], ["5057 get"]],
    ["an open brace", get("/a/{id"), [], ["5057 get"]],
    ["a closing brace only", get("/a/id}"), [], ["5057 get"]],
    ["more segments than a request may have", get("/a".repeat(65)), [], ["5057 get"]],
    ["a key longer than YAML allows", get(`/${"a".repeat(2048)}`), [], ['5005 "']],
    ["an extension", paths("x-more: { get: {} }", "/a: { get: {} }"), ["GET /a"], []],
    ["a number as key", paths("404: { get: {} }"), [], ["5057 get"]],
    ["characters that JSON escapes", get("/a/\\u007Bid\\u007D"), ["GET /a/{id}"], []],
  ];
  test.each(cases)("%s", (_odd, document, operations, said) => {
    expect(openApi(document)).toEqual({ operations, said });
  });
});

describe("operations that look alike", () => {
  const cases: Case[] = [
    ["equal up to names", paths("/a/{x}: { get: {} }", "/a/{y}: { get: {} }"), ["GET /a/{x}"], ["5059 get"]],
    [
      "equal up to names, other methods",
      paths("/a/{x}: { get: {} }", "/a/{y}: { put: {} }"),
      ["GET /a/{x}", "PUT /a/{y}"],
      [],
    ],
    ["equal once canonical", paths("/%61: { get: {} }", "/a: { get: {} }"), ["GET /a"], ["5059 get"]],
    [
      "a verb behind a parameter",
      paths("/a/{x}: { get: {} }", "'/a/{x}:stop': { get: {} }"),
      ["GET /a/{x}"],
      ["5069 get"],
    ],
    ["the other way round", paths("'/a/{x}:stop': { get: {} }", "/a/{x}: { get: {} }"), ["GET /a/{x}"], ["5069 get"]],
    ["two verbs", paths("'/a/{x}:stop': { get: {} }", "'/a/{x}:go': { get: {} }"), [], ["5057 get", "5057 get"]],
    [
      "verbs of two methods",
      paths("'/a/{x}:stop': { post: {} }", "/a/{x}: { get: {} }"),
      ["POST /a/{x}", "GET /a/{x}"],
      ["5058 post"],
    ],
    [
      "a literal beside",
      paths("/a/{x}.json: { get: {} }", "/a/list: { get: {} }"),
      ["GET /a/{x}", "GET /a/list"],
      ["5058 get"],
    ],
    [
      "a wider literal prefix takes requests",
      paths("/a/{x}.json: { get: {} }", "/{p}/{q}: { get: {} }"),
      ["GET /{p}/{q}"],
      ["5069 get"],
    ],
    ["a rest beside", paths("/a/{x}.json: { get: {} }", "/a/{r+}: { get: {} }"), ["GET /a/{r...}"], ["5069 get"]],
    [
      "a name before brackets",
      paths("/c({x})/items: { get: {} }", "/c({x})/items({y}): { get: {} }"),
      ["GET /{x}/items", "GET /{x}/{y}"],
      ["5058 get", "5058 get"],
    ],
    [
      "a rest in the middle, covered",
      paths("/v1/{+name}/stop: { get: {} }", "/v1/{a}/{b}: { get: {} }"),
      ["GET /v1/{a}/{b}"],
      ["5069 get"],
    ],
    [
      "queries that tell actions apart",
      paths("/?do=a: { post: {} }", "/?do=b: { post: {} }"),
      [],
      ["5057 post", "5057 post"],
    ],
    ["a fragment beside its path", paths("/a: { put: {} }", "/a#x: { put: {} }"), ["PUT /a"], ["5069 put"]],
    ["literal and parameter", paths("/a/{x}: { get: {} }", "/a/b: { get: {} }"), ["GET /a/{x}", "GET /a/b"], []],
  ];
  test.each(cases)("%s", (_odd, document, operations, said) => {
    expect(openApi(document)).toEqual({ operations, said });
  });

  test("a merged operation says what decides it", () => {
    const bytes = new TextEncoder().encode(paths("/a/{x}: { get: {} }", "/a/{x}..{y}: { get: {} }"));
    const { value, sources } = readOpenApi({ path: "api.yaml", bytes }, () => undefined);
    const start = sources[0]!.text.lastIndexOf("get");
    const span = { path: "api.yaml", start, end: start + 3 };
    expect(value.merged).toMatchObject([{ method: "GET", written: "/a/{x}..{y}", span, into: "/a/{x}" }]);
  });
});

describe("paths and their fields", () => {
  const v32 = paths("/a:", "  query: {}", "  additionalOperations: { LINK: {}, link: {}, TRACE: {} }").replace(
    "3.1.0",
    "3.2.0",
  );
  const cases: Case[] = [
    ["no paths", `${head}webhooks: {}\n`, [], []],
    ["null paths", `${head}paths:\n`, [], []],
    ["paths as a list", `${head}paths: [/a]\n`, [], ["5053 ["]],
    ["paths as a text", `${head}paths: /a\n`, [], ["5053 /a"]],
    ["a null path", paths("/a:"), [], []],
    ["a path as a number", paths("/a: 1"), [], ["5053 1"]],
    ["a null operation", paths("/a: { get: , put: {} }"), ["PUT /a"], ["5053 get"]],
    ["an operation as a list", paths("/a: { get: [], put: {} }"), ["PUT /a"], ["5053 ["]],
    ["TRACE", paths("/a: { trace: {}, get: {} }"), ["GET /a"], ["5060 trace"]],
    ["upper case", paths("/a: { GET: {}, get: {} }"), ["GET /a"], ["5061 GET"]],
    ["fields of a path", paths("/a: { summary: s, parameters: [], x-y: 1, get: {} }"), ["GET /a"], []],
    ["`query` before 3.2", paths("/a: { query: {} }"), [], ["5061 query"]],
    ["`query` and additional operations", v32, ["QUERY /a", "LINK /a"], ["5057 link", "5060 TRACE"]],
    ["a path twice", paths("/a: { get: {} }", "/a: { put: {} }"), ["GET /a"], ["5008 /a"]],
    ["a method twice", paths("/a:", "  get: {}", "  get: {}"), ["GET /a"], ["5008 get"]],
    ["tags of every kind", paths("/a: { get: { tags: [a, 1, true] } }"), ["GET /a"], []],
    ["tags as a text", paths("/a: { get: { tags: a } }"), ["GET /a"], ["5053 a"]],
  ];
  test.each(cases)("%s", (_odd, document, operations, said) => {
    expect(openApi(document)).toEqual({ operations, said });
  });
});

describe("servers", () => {
  const at = (servers: string) => `${paths("/a: { get: {} }")}servers: ${servers}\n`;
  const url = (text: string) => at(`[{ url: "${text}" }]`);
  const cases: Case[] = [
    ["none", at("[]"), ["GET /a"], []],
    ["a base path", url("https://x.example/v1"), ["GET /v1/a"], []],
    ["a slash at the end", url("https://x.example/v1/"), ["GET /v1/a"], []],
    ["a relative path", url("/v1"), ["GET /v1/a"], []],
    ["no scheme", url("//x.example/v1"), ["GET /v1/a"], []],
    ["a relative name", url("v1"), ["GET /a"], ['5062 "v1"']],
    ["a dot", url("."), ["GET /a"], []],
    ["a query", url("https://x.example/?a"), ["GET /a"], ['5062 "https://x.example/?a"']],
    ["a host with blanks", url("https://x example/v1"), ["GET /a"], ['5062 "https://x example/v1"']],
    [
      "two with one base path",
      at("[{ url: 'https://x.example/v1' }, { url: 'https://y.example/v1' }]"),
      ["GET /v1/a"],
      [],
    ],
    ["two base paths", at("[{ url: /v1 }, { url: /v2 }]"), ["GET /v1/a", "GET /v2/a"], []],
    ["a variable with a default", at("[{ url: '/{v}', variables: { v: { default: v3 } } }]"), ["GET /v3/a"], []],
    [
      "a variable with a list",
      at("[{ url: '/{v}', variables: { v: { default: v1, enum: [v1, v2] } } }]"),
      ["GET /v1/a", "GET /v2/a"],
      [],
    ],
    ["a number as default", at("[{ url: '/{v}', variables: { v: { default: 2.0 } } }]"), ["GET /2.0/a"], []],
    ["a variable that is not there", url("/{v}"), ["GET /a"], ['5062 "/{v}"']],
    ["no url", at("[{ description: x }]"), ["GET /a"], ["5053 {"]],
    ["an object", at("{ url: /v1 }"), ["GET /a"], ["5053 {"]],
    ["an unreachable base path", url("https://x.example/a;b"), [], ["5057 get"]],
    [
      "one of its own",
      paths("/a: { servers: [{ url: /p }], get: {}, put: { servers: [{ url: /o }] } }"),
      ["GET /p/a", "PUT /o/a"],
      [],
    ],
  ];
  test.each(cases)("%s", (_odd, document, operations, said) => {
    expect(openApi(document)).toEqual({ operations, said });
  });

  test("hosts are known with their base paths", () => {
    const servers = at(
      "[{ url: 'https://B.example:8443/v1' }, { url: 'https://{r}.a.example', variables: { r: { default: eu, enum: [us] } } }]",
    );
    const { value } = readOpenApi({ path: "api.yaml", bytes: new TextEncoder().encode(servers) }, () => undefined);
    expect(value.hosts).toEqual(["b.example", "eu.a.example", "us.a.example"]);
    expect(value.operations.map(({ path, hosts }) => [path, ...hosts])).toEqual([
      ["/v1/a", "b.example"],
      ["/a", "eu.a.example", "us.a.example"],
    ]);
  });
});

describe("references", () => {
  const item = "get: {}\n";
  const at = (reference: string, rest = "") => `${paths(`/a: { $ref: "${reference}" }`)}${rest}`;
  const components =
    "components: { pathItems: { a: { get: {} }, 'b/c~d': { put: {} }, loop: { $ref: '#/components/pathItems/loop' } } }\n";
  const cases: Case[] = [
    ["inside", at("#/components/pathItems/a", components), ["GET /a"], []],
    ["escapes", at("#/components/pathItems/b~1c~0d", components), ["PUT /a"], []],
    ["percent escapes", at("#/components/pathItems/b~1c%7e0d", components), ["PUT /a"], []],
    ["to itself", at("#/components/pathItems/loop", components), [], ['5056 "#/components/pathItems/loop"']],
    ["to nothing", at("#/components/pathItems/z", components), [], ['5055 "#/components/pathItems/z"']],
    ["no pointer", at("#a"), [], ['5055 "#a"']],
    ["a broken escape", at("#/%zz"), [], ['5055 "#/%zz"']],
    ["a file", at("other/a.yaml"), ["GET /a"], []],
    ["a file that is not there", at("missing.yaml"), [], ['5055 "missing.yaml"']],
    ["a file outside", at("../../a.yaml"), [], ['5055 "../../a.yaml"']],
    ["an absolute file", at("/etc/passwd"), [], ['5055 "/etc/passwd"']],
    ["files in a circle", at("other/x.yaml"), [], ['5056 "other/x.yaml"']],
    ["a broken file, once", `${at("broken.json")}  /b: { $ref: broken.json }\n`, [], ["5004 "]],
    ["the network", at("https://example.com/a.yaml"), [], ['5054 "https://example.com/a.yaml"']],
    ["the network, without a scheme", at("//example.com/a.yaml"), [], ['5054 "//example.com/a.yaml"']],
    ["a file scheme", at("file:///etc/passwd"), [], ['5054 "file:///etc/passwd"']],
    ["siblings add", paths("/a: { $ref: other/a.yaml, put: {} }"), ["GET /a", "PUT /a"], []],
    ["siblings repeat", paths("/a: { $ref: other/a.yaml, get: {} }"), ["GET /a"], ["5059 get"]],
  ];
  test.each(cases)("%s", (_odd, document, operations, said) => {
    const others = {
      "docs/other/a.yaml": item,
      "docs/other/x.yaml": '$ref: "y.yaml"\n',
      "docs/other/y.yaml": '$ref: "../other/x.yaml"\n',
      "docs/broken.json": "{",
    };
    expect(openApi(document, "docs/api.yaml", others)).toEqual({ operations, said });
  });
});

describe("security", () => {
  const schemes =
    "components: { securitySchemes: { o: { type: oauth2, flows: { password: { scopes: { r: R, w: W } } } }, q: { type: apiKey, in: query, name: k }, h: { type: http, scheme: basic } } }\n";
  const read = (security: string, rest = "") => {
    const bytes = new TextEncoder().encode(`${paths(`/a: { get: { ${security} } }`)}${schemes}${rest}`);
    const { value, diagnostics } = readOpenApi({ path: "api.yaml", bytes }, () => undefined);
    return { security: value.operations[0]?.security, codes: diagnostics.map(({ code }) => code) };
  };
  const scopes = (alternatives: string[][], names: string[][], optional = false) =>
    expect.objectContaining({ kind: "scopes", alternatives, schemes: names, optional });

  test.each([
    ["nothing", "", "", { kind: "none-stated" }, []],
    ["inherited", "", "security: [{ o: [r] }]\n", scopes([["r"]], [["o"]]), []],
    ["replaced", "security: [{ o: [w] }]", "security: [{ o: [r] }]\n", scopes([["w"]], [["o"]]), []],
    ["removed", "security: []", "security: [{ o: [r] }]\n", expect.objectContaining({ kind: "anonymous" }), []],
    ["null", "security: ", "", { kind: "none-stated" }, []],
    ["either", "security: [{ o: [w, r] }, { h: [] }]", "", scopes([["r", "w"], []], [["o"], ["h"]]), []],
    ["both", "security: [{ o: [r], h: [role] }]", "", scopes([["r"]], [["h", "o"]]), []],
    ["optional", "security: [{}, { o: [r] }]", "", scopes([["r"]], [["o"]], true), ["WRIT5065"]],
    ["nothing needed", "security: [{}]", "", expect.objectContaining({ kind: "anonymous" }), []],
    ["an unknown scheme", "security: [{ z: [] }]", "", scopes([[]], [["z"]]), ["WRIT5063"]],
    ["an unknown scope", "security: [{ o: [x] }]", "", scopes([["x"]], [["o"]]), ["WRIT5064"]],
    ["a key in the query", "security: [{ q: [] }]", "", scopes([[]], [["q"]]), ["WRIT5066"]],
    ["an object", "security: { o: [r] }", "", { kind: "none-stated" }, ["WRIT5053"]],
    ["a list of texts", "security: [o]", "", { kind: "none-stated" }, ["WRIT5053"]],
  ] as const)("%s", (_odd, security, rest, expected, codes) => {
    expect(read(security, rest)).toEqual({ security: expected, codes });
  });

  test("a gap beside statements is said once, at its first place", () => {
    const document = paths("/a: { get: { security: [] }, put: {}, post: {} }");
    expect(openApi(document).said).toEqual(["5067 put"]);
  });
});

describe("documents", () => {
  const json = JSON.stringify({ openapi: "3.0.3", paths: { "/a": { get: {} } } });
  const cases: [odd: string, document: string | Uint8Array, path: string, operations: string[], said: string[]][] = [
    ["JSON", json, "a.json", ["GET /a"], []],
    ["JSON in YAML", json, "a.yml", ["GET /a"], []],
    ["a number as version", "openapi: 3.1\npaths: {}", "a.yaml", [], []],
    ["a version to come", 'openapi: "3.9.0"', "a.yaml", [], ['5050 "3.9.0"']],
    ["Swagger", 'swagger: "2.0"', "a.yaml", [], ['5051 "2.0"']],
    ["a number for Swagger", "swagger: 2.0", "a.yaml", [], ["5051 2.0"]],
    ["neither", "info: {}", "a.yaml", [], ["5052 i"]],
    ["a list", "[]", "a.json", [], ["5052 ["]],
    ["null", "null", "a.json", [], ["5052 n"]],
    ["an empty JSON file", "", "a.json", [], ["5004 "]],
    ["an empty YAML file", "", "a.yaml", [], ["5005 "]],
    ["comments only", "# a\n", "a.yaml", [], ["5005 #"]],
    [
      "a path longer than a request may have",
      `{"openapi":"3.1.0","paths":{"/${"a".repeat(2048)}":{"get":{}}}}`,
      "a.json",
      [],
      ['5057 "get"'],
    ],
    ["another extension", json, "a.txt", [], ["5007 "]],
    ["a comma too many", '{"openapi":"3.1.0",}', "a.json", [], ["5004 }"]],
    [
      "a key twice in JSON",
      '{"openapi":"3.1.0","paths":{"/a":{"get":{},"get":{}}}}',
      "a.json",
      ["GET /a"],
      ['5008 "get"'],
    ],
    ["two documents", "openapi: 3.1.0\n---\nopenapi: 3.1.0\n", "a.yaml", [], ["5005 -"]],
    ["a tab", "openapi: 3.1.0\npaths:\n\t/a: {}\n", "a.yaml", [], ["5005 \t"]],
    ["an unclosed quote", 'openapi: "3.1.0\n', "a.yaml", [], ["5005 "]],
    ["an alias to nothing", "openapi: 3.1.0\npaths: *p\n", "a.yaml", [], ["5005 *"]],
    ["a byte order mark", `\ufeff${json}`, "a.json", [], ["5003 \ufeff"]],
    ["not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "a.json", [], ["5002 \ufffd"]],
    ["a replacement character", `{"openapi":"3.1.0","info":{"title":"\ufffd"}}`, "a.json", [], []],
    [
      "10,000 levels of YAML",
      `openapi: 3.1.0\nx: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`,
      "a.yaml",
      [],
      ["5005 ["],
    ],
    ["10,000 levels of dashes", `openapi: 3.1.0\nx:\n  ${"- ".repeat(10_000)}a\n`, "a.yaml", [], ["5005 -"]],
    ["10,000 levels of JSON", `{"openapi":"3.1.0","x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "a.json", [], []],
    [
      "words of YAML 1.1",
      "openapi: 3.1.0\npaths: { /on: { get: { tags: [yes, no, 012] } } }",
      "a.yaml",
      ["GET /on"],
      [],
    ],
    [
      "a directive for YAML 1.1",
      "%YAML 1.1\n---\nopenapi: 3.1.0\npaths: { /a: { get: {} } }",
      "a.yaml",
      ["GET /a"],
      [],
    ],
    ["an alias", "openapi: 3.1.0\npaths: { /a: &a { get: {} }, /b: *a }", "a.yaml", ["GET /a", "GET /b"], []],
    ["an alias inside itself", "openapi: 3.1.0\npaths: &p { /a: *p }", "a.yaml", [], ["5061 /a"]],
    [
      "a merge key",
      "openapi: 3.1.0\nx: &a { get: {} }\npaths: { /a: { <<: *a, put: {} } }",
      "a.yaml",
      ["PUT /a", "GET /a"],
      [],
    ],
    ["CRLF", "openapi: 3.1.0\r\npaths:\r\n  /a:\r\n    get: {}\r\n", "a.yaml", ["GET /a"], []],
    ["a tag", "openapi: !v 3.1.0\npaths: !!map { /a: { get: !x {} } }", "a.yaml", ["GET /a"], []],
    ["a list as key", "openapi: 3.1.0\npaths: { [a]: { get: {} } }", "a.yaml", [], ["5057 get"]],
  ];
  test.each(cases)("%s", (_odd, document, path, operations, said) => {
    expect(openApi(document, path)).toEqual({ operations, said });
  });

  test("aliases cannot multiply", () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `x${i + 1}: &x${i + 1} { <<: [${Array(9).fill(`*x${i}`).join(", ")}] }`,
    );
    const text = `openapi: 3.1.0\nx0: &x0 { get: {} }\n${levels.join("\n")}\npaths: { /a: *x40 }\n`;
    expect(openApi(text)).toEqual({ operations: ["GET /a"], said: [] });
  });

  test("a path item that aliases repeat 100,000 times stops at the limit", () => {
    const text = `openapi: 3.1.0\npaths:\n  /0: &a { get: {}, put: {} }\n${Array.from({ length: 30_000 }, (_, i) => `  /${i + 1}: *a\n`).join("")}`;
    const { operations, said } = openApi(text);
    expect(operations).toHaveLength(50_000);
    expect(said).toEqual(["5068 /25000"]);
  });

  test("a document made of overlaps is read in bounded time", () => {
    const segment = (i: number) =>
      Array.from({ length: 12 }, (_, bit) => ((i >> bit) & 1 ? `/{a}x${bit}` : `/y${bit}`)).join("");
    const text = paths(...Array.from({ length: 4096 }, (_, i) => `"${segment(i)}": { get: {} }`));
    const before = process.cpuUsage();
    const { operations, said } = openApi(text);
    expect(operations.length + said.filter((line) => !line.startsWith("5058")).length).toBe(4096);
    // Processor time, for the machine may have other things to do.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});

test("the largest document at hand: every operation, each at its own place", () => {
  const path = "node_modules/@octokit/openapi/generated/api.github.com.json";
  const { value, diagnostics, sources } = readOpenApi({ path, bytes: readFileSync(path) }, () => undefined);
  const counted = Object.values(JSON.parse(sources[0]!.text).paths as Record<string, object>)
    .flatMap((item) => Object.keys(item))
    .filter((key) => /^(get|put|post|delete|options|head|patch)$/.test(key)).length;
  expect(value.operations.length + value.merged.length).toBe(counted);
  expect(counted).toBeGreaterThan(1000);
  expect(diagnostics.map(({ code }) => code)).toEqual(["WRIT5069"]);
  for (const { method, span } of value.operations)
    expect(sources[0]!.text.slice(span.start, span.end)).toBe(`"${method.toLowerCase()}"`);
});
