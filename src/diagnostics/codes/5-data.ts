/** 50xx: data files and registries. */
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
} satisfies Record<string, Entry>;
