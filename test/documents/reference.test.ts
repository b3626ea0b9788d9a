import { expect, test } from "vitest";
import { documentReference } from "../../src/documents/index.ts";

test.each([
  ["./fleet.json", "fleet.json"],
  ["fleet.json", "fleet.json"],
  ["data/a-b_c/fleet.csv", "data/a-b_c/fleet.csv"],
])("%s is a file below the policy folder", (text, path) => {
  expect(documentReference(text)).toEqual({ kind: "file", path });
});

test.each([
  ["npm:pkg/a.json", "pkg", "a.json"],
  ["npm:@octokit/openapi/generated/api.github.com.json", "@octokit/openapi", "generated/api.github.com.json"],
])("%s is a file of a package", (text, name, path) => {
  expect(documentReference(text)).toEqual({ kind: "npm", package: name, path });
});

test.each([
  ["", "empty"],
  ["a".repeat(1025), "too-long"],
  ["..", "parent"],
  ["../a.json", "parent"],
  ["a/../../b.json", "parent"],
  ["./../a.json", "parent"],
  [".", "segments"],
  ["./", "segments"],
  ["././a.json", "segments"],
  ["a//b.json", "segments"],
  ["a/", "segments"],
  ["/etc/passwd", "absolute"],
  ["//host/a.json", "absolute"],
  ["C:/a.json", "absolute"],
  ["https://example.com/a.json", "scheme"],
  ["file:a.json", "scheme"],
  ["a.json:stream", "scheme"],
  ["..\\a.json", "backslash"],
  ["a b.json", "characters"],
  ["%2e%2e/a.json", "characters"],
  ["a\u0000.json", "characters"],
  ["fl\u0435et.json", "characters"],
  ["a.json?x", "characters"],
  ["npm:", "segments"],
  ["npm:pkg", "package-path"],
  ["npm:@scope/pkg", "package-path"],
  ["npm:@scope", "package"],
  ["npm:Pkg/a.json", "package"],
  ["npm:.hidden/a.json", "package"],
  ["npm:pkg/../a.json", "parent"],
  ["npm:pkg/node_modules/x/a.json", "package-path"],
  ["npm:pkg/npm:x", "package-path"],
  ["npm:/etc/passwd", "segments"],
])("%s is refused: %s", (text, problem) => {
  expect(documentReference(text)).toEqual({ kind: "refused", problem });
});
