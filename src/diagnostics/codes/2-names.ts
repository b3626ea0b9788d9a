/** 20xx: names: what is declared, imported, called. */
import type { Entry } from "../entry.ts";

export const names = {
  WRIT2001: {
    name: "unknown-name",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is not declared`,
    help: () => "declare it, or import it from the file that does",
  },
  WRIT2002: {
    name: "unknown-word",
    severity: "error",
    message: ({ name }: { name: string }) => `the policy language has no word \`${name}\``,
    help: () => "the words are listed in the language reference",
  },
  WRIT2003: {
    name: "duplicate-name",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is declared twice in this file`,
    help: () => "give one of them another name",
  },
  WRIT2004: {
    name: "name-not-unique",
    severity: "error",
    message: ({ name }: { name: string }) => `another file declares \`${name}\` too`,
    help: () => "give one of them another name: decisions, logs and revocations know things by their name alone",
  },
  WRIT2005: {
    name: "look-alike-names",
    severity: "error",
    message: ({ name, other }: { name: string; other: string }) => `\`${name}\` looks like \`${other}\``,
    help: () => "give one of them a name that nobody can take for the other",
  },
  WRIT2006: {
    name: "unknown-import",
    severity: "error",
    message: ({ name, path }: { name: string; path: string }) => `\`${path}\` declares no \`${name}\``,
    help: () => "import a name that the file exports",
  },
  WRIT2007: {
    name: "not-exported",
    severity: "error",
    message: ({ name, path }: { name: string; path: string }) => `\`${path}\` does not export \`${name}\``,
    help: () => "write `export` before its `const`",
  },
  WRIT2008: {
    name: "import-missing",
    severity: "error",
    message: ({ path }: { path: string }) => `there is no policy file \`${path}\``,
    help: () => "check the path, which is relative to this file",
  },
  WRIT2009: {
    name: "import-outside",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` leads out of the policy folder`,
    help: () => "move the file into the folder: what is reviewed there must be what is compiled",
  },
  WRIT2010: {
    name: "import-foreign",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is no policy file`,
    help: () => 'import from `"writ"`, or from a file like `"./tiers.policy.ts"`',
  },
  WRIT2011: {
    name: "import-cycle",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` imports this file, which imports it`,
    help: () => "move what both need into a third file",
  },
  WRIT2012: {
    name: "unused-import",
    severity: "warning",
    message: ({ name }: { name: string }) => `\`${name}\` is imported and not used`,
    help: () => "remove it from the import",
  },
  WRIT2013: {
    name: "used-before-declaration",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is used before it is declared`,
    help: () => "move its declaration up",
  },
  WRIT2014: {
    name: "not-a-word",
    severity: "error",
    message: ({ what }: { what: string }) => `${what} cannot be called here`,
    help: () => "only words can: `tier(…)`, `grant(…)` and the others",
  },
  WRIT2015: {
    name: "word-not-called",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is a word, not a value`,
    help: ({ name }) => `call it: \`${name}(…)\``,
  },
  WRIT2016: {
    name: "nameless",
    severity: "error",
    message: ({ word }: { word: string }) => `this \`${word}\` has no name`,
    help: ({ word }) => `write \`export const name = ${word}(…)\`: its name is how decisions and logs speak of it`,
  },
  WRIT2017: {
    name: "named-statement",
    severity: "error",
    message: ({ word }: { word: string }) => `\`${word}\` declares nothing that could have a name`,
    help: ({ word }) => `write \`${word}(…)\` by itself`,
  },
  WRIT2018: {
    name: "word-inside",
    severity: "error",
    message: ({ word }: { word: string }) => `\`${word}\` is called inside something else`,
    help: ({ word }) => `write \`const name = ${word}(…)\` before, and use \`name\` here`,
  },
  WRIT2019: {
    name: "function-constant",
    severity: "error",
    message: () => "a function is only written where a word takes one",
    help: () => "write `const name = condition((r) => …)`",
  },
  WRIT2020: {
    name: "bad-name",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is no name for a thing that logs and commands speak of`,
    help: () => "begin with a letter and go on with letters, digits and `_`, at most 128 of them",
  },
  WRIT2021: {
    name: "circular",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is declared by means of itself`,
    help: () => "take one of the uses out",
  },
  WRIT2022: {
    name: "unexpected-declaration",
    severity: "error",
    message: () => "a constant is a text, a number, a list or an object, or the call of a word",
    help: () => "write one of these; conditions are written with `condition`",
  },
  WRIT2023: {
    name: "unknown-member",
    severity: "error",
    message: ({ name, what }: { name: string; what: string }) => `${what} has no \`${name}\``,
    help: () => "correct the name, or write the value out",
  },
  WRIT2024: {
    name: "unknown-action",
    severity: "error",
    message: ({ action, resource }: { action: string; resource: string }) =>
      `the resource \`${resource}\` has no action \`${action}\``,
    help: () => "add it to the resource's actions, or use one that is there",
  },
} satisfies Record<string, Entry>;
