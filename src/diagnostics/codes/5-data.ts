/** 5xxx: data files beside the policies: registries and OpenAPI documents. */
import type { Entry } from "../entry.ts";

const referenceProblems = {
  empty: "it is empty",
  "too-long": "it is longer than 1,024 characters",
  characters: 'it holds a character other than printable ASCII, or one of `% ? # * " < > |`',
  backslash: "it holds a backslash",
  absolute: "it is an absolute path",
  scheme: "it is a URL; nothing is fetched while compiling",
  parent: "it leaves the policy folder",
  segments: "it holds an empty segment or a `.` segment",
  package: "it names no package",
  "package-path": "it names no file inside the package",
} as const;

const fileProblems = {
  missing: "it does not exist",
  "too-large": "it is too large",
  "not-a-file": "it is not a regular file",
  forbidden: "this user may not read it",
} as const;

export const data = {
  WRIT5001: {
    name: "data-too-large",
    severity: "error",
    message: ({ path, limit }: { path: string; limit: number }) => `\`${path}\` is larger than ${limit} MiB`,
    help: () => "split it into several files",
  },
  WRIT5002: {
    name: "data-not-utf-8",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is not UTF-8`,
    help: () => "save it as UTF-8; the first byte that does not fit is marked",
  },
  WRIT5003: {
    name: "data-byte-order-mark",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` starts with a byte order mark`,
    help: () => "save it as UTF-8 without a byte order mark",
  },
  WRIT5004: {
    name: "data-not-json",
    severity: "error",
    message: ({ problem }: { problem: string }) => `this is not strict JSON: ${problem}`,
  },
  WRIT5005: {
    name: "data-not-yaml",
    severity: "error",
    message: ({ problem }: { problem: string }) => `this is not strict YAML: ${problem}`,
  },
  WRIT5006: {
    name: "data-reference",
    severity: "error",
    message: ({ reference, problem }: { reference: string; problem: keyof typeof referenceProblems }) =>
      `\`${reference}\` is no data file that a policy may name: ${referenceProblems[problem]}`,
    help: () =>
      'write a path below the policy folder, `"./fleet.json"`, or a file of an installed package, `"npm:package/file.json"`',
  },
  WRIT5007: {
    name: "data-extension",
    severity: "error",
    message: ({ path, expected }: { path: string; expected: string }) =>
      `the format of \`${path}\` is not known; its name ends with none of ${expected}`,
  },
  WRIT5008: {
    name: "data-duplicate-key",
    severity: "error",
    message: ({ key }: { key: string }) => `\`${key}\` is written twice in the same object`,
    help: () => "keep one of them; readers disagree on which one counts",
  },
  WRIT5009: {
    name: "data-file-missing",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` does not exist`,
    help: () => "check the spelling; the path is relative to the policy folder",
  },

  WRIT5020: {
    name: "registry-not-a-list",
    severity: "error",
    message: () => "a registry is a list of objects",
    help: () => 'write `[{ "name": …, "tier": …, "owner": …, "subject": … }, …]`',
  },
  WRIT5021: {
    name: "registry-row",
    severity: "error",
    message: ({ found }: { found: string }) => `a registry row is an object, and this is ${found}`,
  },
  WRIT5022: {
    name: "registry-field-unknown",
    severity: "error",
    message: ({ field }: { field: string }) => `a registry row has no field \`${field}\``,
    help: () => "the fields are `name`, `subject`, `tier`, `owner`, `from`, `expires`, `tags`, `keys`",
  },
  WRIT5023: {
    name: "registry-field-missing",
    severity: "error",
    message: ({ field }: { field: string }) => `this row has no \`${field}\``,
    help: ({ field }) => `add \`${field}\`: every identity has a name, a tier and an owner`,
  },
  WRIT5024: {
    name: "registry-field-type",
    severity: "error",
    message: ({ field, expected, found }: { field: string; expected: string; found: string }) =>
      `\`${field}\` is ${expected}, and this is ${found}`,
  },
  WRIT5025: {
    name: "registry-field-empty",
    severity: "error",
    message: ({ field }: { field: string }) => `\`${field}\` is empty`,
    help: () => "write a value, or leave the field out where it may be left out",
  },
  WRIT5026: {
    name: "registry-field-long",
    severity: "error",
    message: ({ field, limit }: { field: string; limit: number }) => `\`${field}\` is longer than ${limit} characters`,
  },
  WRIT5027: {
    name: "registry-field-characters",
    severity: "error",
    message: ({ field }: { field: string }) =>
      `\`${field}\` holds a control character, half a character, or a space at its start or end`,
    help: () => "no such text survives every log and header unchanged; write it without",
  },
  WRIT5028: {
    name: "registry-too-many",
    severity: "error",
    message: ({ what, limit }: { what: string; limit: number }) => `more than ${limit} ${what}`,
  },
  WRIT5029: {
    name: "registry-row-nameless",
    severity: "error",
    message: () => "nothing tells this identity from others: the row has neither `subject` nor `keys`",
    help: () => "write the `subject` of its tokens or certificate, or the ids of its static `keys`",
  },
  WRIT5030: {
    name: "csv-header-missing",
    severity: "error",
    message: () => "the file has no header row",
    help: () => "the first line names the columns: `name,subject,tier,owner`",
  },
  WRIT5031: {
    name: "csv-column-twice",
    severity: "error",
    message: ({ column }: { column: string }) => `the column \`${column}\` is there twice`,
  },
  WRIT5032: {
    name: "csv-row-ragged",
    severity: "error",
    message: ({ found, expected }: { found: number; expected: number }) =>
      `this row has ${found} ${found === 1 ? "cell" : "cells"}, and the header has ${expected}`,
    help: () => "put a cell that holds a comma, a quote or a line break in quotes",
  },
  WRIT5033: {
    name: "csv-keys",
    severity: "error",
    message: ({ cell, problem }: { cell: string; problem: string }) => `\`${cell}\` is no list of keys: ${problem}`,
    help: () => "write `id=2026-09-01;other-id=2026-10-01`",
  },
  WRIT5034: {
    name: "csv-quotes",
    severity: "error",
    message: ({ problem }: { problem: string }) => `${problem}`,
    help: () =>
      'a cell in quotes starts and ends with `"`, and a quote inside it is doubled; lines end with LF or CRLF',
  },

  WRIT5050: {
    name: "openapi-version",
    severity: "error",
    message: ({ version }: { version: string }) => `OpenAPI \`${version}\` is not read`,
    help: () => "Writ reads OpenAPI 3.0, 3.1 and 3.2",
  },
  WRIT5051: {
    name: "openapi-swagger",
    severity: "error",
    message: ({ version }: { version: string }) =>
      `this is a Swagger \`${version}\` document, and Writ reads OpenAPI 3.0, 3.1 and 3.2`,
    help: () => "convert it to OpenAPI 3 once and commit the result, so that what is reviewed is what is compiled",
  },
  WRIT5052: {
    name: "openapi-missing",
    severity: "error",
    message: () => "this is no OpenAPI document: it has no `openapi` field",
    help: () => 'an OpenAPI document starts with its version, `openapi: "3.1.0"`',
  },
  WRIT5053: {
    name: "openapi-shape",
    severity: "error",
    message: ({ field, expected, found }: { field: string; expected: string; found: string }) =>
      `\`${field}\` is ${expected}, and this is ${found}`,
  },
  WRIT5054: {
    name: "openapi-reference-remote",
    severity: "error",
    message: ({ reference }: { reference: string }) =>
      `\`${reference}\` is on the network, and nothing is fetched while compiling`,
    help: () => "put the file beside the document and refer to it by its relative path",
  },
  WRIT5055: {
    name: "openapi-reference-unresolved",
    severity: "error",
    message: ({ reference, problem }: { reference: string; problem: string }) =>
      `\`${reference}\` leads nowhere: ${problem}`,
  },
  WRIT5056: {
    name: "openapi-reference-cycle",
    severity: "error",
    message: ({ reference }: { reference: string }) => `\`${reference}\` leads back to itself`,
  },
  WRIT5057: {
    name: "openapi-path-left-out",
    severity: "warning",
    message: ({ path, problem }: { path: string; problem: string }) => `\`${path}\` is left out: ${problem}`,
    help: () => "requests to it are refused as an unknown operation",
  },
  WRIT5058: {
    name: "openapi-path-widened",
    severity: "warning",
    message: ({ path, template, problem }: { path: string; template: string; problem: string }) =>
      `\`${path}\` becomes \`${template}\`, which is wider: ${problem}`,
    help: () => "no other path of the document is affected; the upstream sees a few paths more than the document lists",
  },
  WRIT5059: {
    name: "openapi-path-collision",
    severity: "error",
    message: ({ path, other }: { path: string; other: string }) =>
      `a request to \`${path}\` cannot be told from one to \`${other}\``,
    help: () =>
      "both would need the same scopes and neither could be refused alone; give them different paths, or take one out of the document",
  },
  WRIT5060: {
    name: "openapi-method-never",
    severity: "warning",
    message: ({ method, path }: { method: string; path: string }) =>
      `\`${method} ${path}\` is left out: \`${method}\` is never an operation`,
    help: () => "requests with this method are always refused; take it out of the document",
  },
  WRIT5061: {
    name: "openapi-method-unknown",
    severity: "warning",
    message: ({ field, path }: { field: string; path: string }) =>
      `\`${field}\` is no field of a path, so \`${path}\` has no such operation`,
    help: () =>
      "methods are written in lower case; one that OpenAPI does not know goes under `additionalOperations` (OpenAPI 3.2), in upper case",
  },
  WRIT5062: {
    name: "openapi-server",
    severity: "error",
    message: ({ url, problem }: { url: string; problem: string }) => `the server \`${url}\` is of no use: ${problem}`,
  },
  WRIT5063: {
    name: "openapi-scheme-unknown",
    severity: "warning",
    message: ({ scheme }: { scheme: string }) => `the security scheme \`${scheme}\` is not declared`,
    help: () => "declare it under `components.securitySchemes` of this document",
  },
  WRIT5064: {
    name: "openapi-scope-unknown",
    severity: "warning",
    message: ({ scope, scheme }: { scope: string; scheme: string }) =>
      `the scope \`${scope}\` is in no flow of \`${scheme}\``,
    help: () => "declare it in the flow, or correct its spelling",
  },
  WRIT5065: {
    name: "openapi-security-optional",
    severity: "warning",
    message: () => "`{}` beside real requirements makes all of them optional",
    help: () => "take `{}` out, or make two operations of it",
  },
  WRIT5066: {
    name: "openapi-key-in-query",
    severity: "warning",
    message: ({ scheme }: { scheme: string }) =>
      `\`${scheme}\` takes its key from the query, where logs and caches keep it`,
    help: () => "take the key from a header",
  },
  WRIT5067: {
    name: "openapi-security-gap",
    severity: "warning",
    message: ({ operation, without, total }: { operation: string; without: number; total: number }) =>
      `\`${operation}\` states no security${without > 1 ? `, nor do ${without - 1} others` : ""}, while ${total - without} of ${total} operations do`,
    help: () => "state it, with `security: []` where none is meant",
  },
  WRIT5068: {
    name: "openapi-too-many",
    severity: "error",
    message: ({ what, limit }: { what: string; limit: number }) => `the document has more than ${limit} ${what}`,
    help: () => "split it into several documents, one for each API",
  },

  WRIT5080: {
    name: "folder-missing",
    severity: "error",
    message: ({ path }: { path: string }) => `there is no folder \`${path}\``,
    help: () => "name the folder that holds the `*.policy.ts` files; `writ init FOLDER` makes one",
  },
  WRIT5081: {
    name: "folder-without-policies",
    severity: "error",
    message: () => "the folder holds no policy file",
    help: () => "policy files are called `something.policy.ts`; `writ init FOLDER` makes some",
  },
  WRIT5082: {
    name: "link-out-of-folder",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` leads out of the policy folder`,
    help: () => "put the file itself into the folder: what is reviewed there must be what is compiled",
  },
  WRIT5083: {
    name: "file-unreadable",
    severity: "error",
    message: ({ path, problem }: { path: string; problem: keyof typeof fileProblems }) =>
      `\`${path}\` cannot be read: ${fileProblems[problem]}`,
  },
  WRIT5084: {
    name: "folder-too-big",
    severity: "error",
    message: ({ what, limit }: { what: string; limit: number }) => `the policy folder has more than ${limit} ${what}`,
    help: () => "name a folder that holds policies and nothing else",
  },
  WRIT5085: {
    name: "folder-not-empty",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is not empty`,
    help: () => "name a new folder; nothing that is there already is overwritten",
  },
  WRIT5086: {
    name: "output-unwritable",
    severity: "error",
    message: ({ path, problem }: { path: string; problem: string }) => `\`${path}\` cannot be written: ${problem}`,
  },
  WRIT5087: {
    name: "generated-stale",
    severity: "error",
    message: ({ path, problem }: { path: string; problem: string }) =>
      `\`${path}\` is not what the policies compile to: ${problem}`,
    help: () => "run `writ build` and commit what it writes",
  },
  WRIT5088: {
    name: "option-value",
    severity: "error",
    message: ({ option, value, expected }: { option: string; value: string; expected: string }) =>
      `\`${option}\` is ${expected}, and \`${value}\` is not`,
  },
  WRIT5089: {
    name: "opa-missing",
    severity: "error",
    message: () => "there is no `opa` on this machine, and the Rego back end needs one",
    help: () => "put `opa` on the `PATH`, or its path into `WRIT_OPA`; the reference evaluator needs nothing",
  },
  WRIT5090: {
    name: "opa-failed",
    severity: "error",
    message: ({ problem }: { problem: string }) => `\`opa\` gave no decision: ${problem}`,
  },
  WRIT5091: {
    name: "input-not-json",
    severity: "error",
    message: ({ path, problem }: { path: string; problem: string }) => `\`${path}\` is not read: ${problem}`,
  },
  WRIT5092: {
    name: "file-name",
    severity: "error",
    message: () => "this name of a policy file holds more than letters, digits, `.`, `_` and `-`",
    help: () => "rename the file; its name ends up in generated code, in logs and in commands",
  },
  WRIT5093: {
    name: "code-unknown",
    severity: "error",
    message: ({ code }: { code: string }) => `there is no code \`${code}\``,
    help: () => "codes look like `WRIT2001` and stand in front of every message",
  },
  WRIT5069: {
    name: "openapi-path-merged",
    severity: "warning",
    message: ({ path, other }: { path: string; other: string }) =>
      `requests to \`${path}\` are decided as \`${other}\``,
    help: () => "give the latter the scopes that both need; our templates have no parameter beside other text",
  },
} satisfies Record<string, Entry>;
