/** 505x and 506x: OpenAPI documents. */
import type { Entry } from "../entry.ts";

export const openapi = {
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

  WRIT5069: {
    name: "openapi-path-merged",
    severity: "warning",
    message: ({ path, other }: { path: string; other: string }) =>
      `requests to \`${path}\` are decided as \`${other}\``,
    help: () => "give the latter the scopes that both need; our templates have no parameter beside other text",
  },
} satisfies Record<string, Entry>;
