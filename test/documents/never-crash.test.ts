/** Whatever the file holds: no crash, every place inside the text, and no operation that our own syntax could not spell. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic, Source } from "../../src/diagnostics/index.ts";
import { readOpenApi, readRegistry } from "../../src/documents/index.ts";

const encoder = new TextEncoder();
const runs = { numRuns: 400, seed: 20261124 };

const seed = `openapi: 3.2.0
servers: [{ url: "https://a.example/{v}", variables: { v: { default: v1, enum: [v2] } } }]
security: [{ o: [r] }, {}]
paths:
  /a/{id}: &a { get: { tags: [x], operationId: y, security: [] }, trace: {} }
  /a/{id}.json: { $ref: "#/components/pathItems/p" }
  "/b/{+rest}": { <<: *a, additionalOperations: { LINK: {} } }
components:
  pathItems: { p: { put: {} } }
  securitySchemes: { o: { type: oauth2, flows: { password: { scopes: { r: R } } } } }
`;
const jsonSeed = JSON.stringify({
  openapi: "3.1.0",
  servers: [{ url: "/v1" }],
  paths: { "/a/{id}": { get: { tags: ["x"] } }, "/a/{x}:y": { $ref: "#/paths/~1a~1%7Bid%7D" } },
});
const fleet = '[{"name":"a","subject":"s","tier":"t","owner":"o","tags":["x"],"keys":{"k":"2026-01-01"}}]';
const table = 'name,subject,tier,owner,tags,keys\na,"s""1",t,o,x;y,k=2026-01-01\n';

/** Cuts, doubles, and puts in what parsers dislike. */
function mutated(text: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      "\t",
      "\n",
      "{",
      "}",
      "[",
      "]",
      '"',
      "'",
      ":",
      "- ",
      "*a",
      "&a ",
      "<<: ",
      "$ref",
      "\\",
      "%",
      "#",
      "?",
      "/",
      ";",
      "{+",
      "\u0000",
      "\ufeff",
      "\ud800",
      "é",
      "null",
      "1e999",
    ),
    fc.string({ maxLength: 5, unit: "binary" }),
  );
  const edit = fc.record({ at: fc.nat(text.length), cut: fc.nat(12), put: piece });
  return fc.array(edit, { minLength: 1, maxLength: 6 }).map((edits) => {
    let result = text;
    for (const { at, cut, put } of edits) result = result.slice(0, at) + put + result.slice(at + cut);
    return result;
  });
}

function inside(diagnostics: readonly Diagnostic[], sources: readonly Source[]): void {
  for (const { code, span } of diagnostics) {
    const source = sources.find(({ path }) => path === span?.path);
    const fits = span && source && span.start >= 0 && span.start <= span.end && span.end <= source.text.length;
    expect(fits, `${code} at ${JSON.stringify(span)}`).toBe(true);
  }
}

const spelling =
  /^[A-Z][A-Z0-9-]* (\/([A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-F]{2})*|\/\{[A-Za-z_][A-Za-z0-9_]*\}|\/\{[A-Za-z_][A-Za-z0-9_]*\.\.\.\}$)+$/;

function document(text: string, path: string): void {
  const { value, diagnostics, sources } = readOpenApi({ path, bytes: encoder.encode(text) }, () => undefined);
  inside(diagnostics, sources);
  for (const { method, path: template } of value.operations) expect(`${method} ${template}`).toMatch(spelling);
}

describe("OpenAPI documents", () => {
  test("mutated YAML", () => {
    fc.assert(
      fc.property(mutated(seed), (text) => document(text, "api.yaml")),
      runs,
    );
  });

  test("mutated JSON", () => {
    fc.assert(
      fc.property(mutated(jsonSeed), (text) => document(text, "api.json")),
      runs,
    );
  });

  test("any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => document(text, "api.yaml")),
      runs,
    );
  });

  test("any values where the reader looks", () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const item = fc.dictionary(fc.constantFrom("get", "put", "$ref", "servers", "x-a", "parameters", "query"), value);
    const key = fc.array(
      fc.constantFrom("/", "a", "{b}", "{", "}", "{+c}", ".", "..", ";", "%41", "%2f", "é", "?", "#"),
      { maxLength: 8 },
    );
    const paths = fc.array(
      fc.tuple(
        key.map((parts) => `/${parts.join("")}`),
        fc.oneof(item, value),
      ),
      { maxLength: 6 },
    );
    const any = fc.record(
      {
        openapi: fc.constantFrom("3.0.0", "3.1.0", "3.2.0"),
        paths: paths.map((list) => Object.fromEntries(list)),
        servers: value,
        security: value,
        components: value,
      },
      { requiredKeys: ["openapi"] },
    );
    fc.assert(
      fc.property(any, (read) => document(JSON.stringify(read), "api.json")),
      runs,
    );
  });

  test("every operation is either read or named", () => {
    const segment = fc.constantFrom("a", "b", "{x}", "{y}", "{x}.json", "{x}:go", "{+r}", "a{x}", "a;b", "..");
    const keys = fc.uniqueArray(
      fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`),
      { minLength: 1, maxLength: 8 },
    );
    const property = fc.property(keys, (list) => {
      const text = JSON.stringify({
        openapi: "3.1.0",
        paths: Object.fromEntries(list.map((key) => [key, { get: {} }])),
      });
      const { value, diagnostics } = readOpenApi({ path: "api.json", bytes: encoder.encode(text) }, () => undefined);
      const missing = diagnostics.filter(({ code }) => code !== "WRIT5058").length;
      expect(value.operations.length + missing).toBe(list.length);
      const shapes = value.operations.map(({ path }) => path.replace(/\{\w+/g, "{"));
      expect(new Set(shapes).size).toBe(shapes.length);
    });
    fc.assert(property, runs);
  });
});

describe("registries", () => {
  test.each([
    ["fleet.json", fleet],
    ["fleet.ndjson", `${fleet.slice(1, -1)}\n${fleet.slice(1, -1)}\n`],
    ["fleet.csv", table],
  ])("mutated %s", (path, text) => {
    const property = fc.property(mutated(text), (odd) => {
      const { value, diagnostics, sources } = readRegistry({ path, bytes: encoder.encode(odd) });
      inside(diagnostics, sources);
      for (const row of value)
        for (const { span } of row.fields.values()) expect(span.end).toBeLessThanOrEqual(odd.length);
    });
    fc.assert(property, runs);
  });

  test("any bytes", () => {
    const property = fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom("a.json", "a.csv", "a.ndjson"),
      (bytes, path) => {
        const { diagnostics, sources } = readRegistry({ path, bytes });
        inside(diagnostics, sources);
      },
    );
    fc.assert(property, runs);
  });
});
