/** 10xx and 11xx: the text of a file, its brackets and its literals. */
import type { Entry } from "../entry.ts";

const closer: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export const text = {
  WRIT1001: {
    name: "not-utf8",
    severity: "error",
    message: () => "the file is not UTF-8",
    help: () => "save it as UTF-8",
  },
  WRIT1002: {
    name: "byte-order-mark",
    severity: "error",
    message: () => "the file begins with a byte order mark",
    help: () => "save it as UTF-8 without a byte order mark",
  },
  WRIT1003: {
    name: "control-character",
    severity: "error",
    message: ({ character }: { character: string }) => `the file holds the control character ${character}`,
    help: () => "remove it; in a string write the escape",
  },
  WRIT1004: {
    name: "file-too-large",
    severity: "error",
    message: ({ limit }: { limit: number }) => `the file is larger than ${limit} bytes`,
    help: () => "split it into several policy files, or move the rows into a data file that `registry` reads",
  },
  WRIT1005: {
    name: "too-many-errors",
    severity: "error",
    message: ({ limit }: { limit: number }) => `more than ${limit} errors in this file, the rest is not shown`,
    help: () => "put the first ones right and check again",
  },
  WRIT1006: {
    name: "nested-too-deeply",
    severity: "error",
    message: ({ limit }: { limit: number }) => `this is nested more than ${limit} levels deep`,
    help: () => "name the inner part in a `const` of its own",
  },
  WRIT1007: {
    name: "expression-too-long",
    severity: "error",
    message: ({ limit }: { limit: number }) => `more than ${limit} operators and members hang on one another here`,
    help: () => "split the condition into named conditions",
  },
  WRIT1008: {
    name: "bidirectional-control",
    severity: "error",
    message: ({ character }: { character: string }) =>
      `${character} changes the order in which text is shown, so that a reader sees something else than we read`,
    help: () => "remove it; in a string write the escape",
  },
  WRIT1009: {
    name: "invisible-character",
    severity: "error",
    message: ({ character }: { character: string }) => `${character} cannot be seen`,
    help: () => "write a plain space, or nothing; in a string write the escape",
  },
  WRIT1010: {
    name: "look-alike-name",
    severity: "error",
    message: ({ name, character, ascii }: { name: string; character: string; ascii: string }) =>
      `\`${name}\` holds ${character}, which only looks like \`${ascii}\``,
    help: () => "write the name in ASCII letters",
  },
  WRIT1011: {
    name: "foreign-letter",
    severity: "error",
    message: ({ name, character }: { name: string; character: string }) =>
      `\`${name}\` holds ${character}, which is not an ASCII letter, digit, \`_\` or \`$\``,
    help: () => "write the name in ASCII letters; any text may stand in a string",
  },
  WRIT1012: {
    name: "unknown-character",
    severity: "error",
    message: ({ character }: { character: string }) => `${character} means nothing here`,
    help: () => "remove it",
  },
  WRIT1013: {
    name: "hashbang",
    severity: "error",
    message: () => "a policy file is not a script, it is never run",
    help: () => "remove the line",
  },
  WRIT1014: {
    name: "silencing-comment",
    severity: "error",
    message: ({ directive }: { directive: string }) =>
      `\`${directive}\` would hide errors from whoever reads this in an editor`,
    help: () => "remove the comment and put right what it hides",
  },
  WRIT1015: {
    name: "reference-comment",
    severity: "error",
    message: () => "a `///` directive changes how editors read this file, and we do not follow it",
    help: () => "remove it, and import what is needed",
  },
  WRIT1016: {
    name: "unclosed-comment",
    severity: "error",
    message: () => "this comment is never closed",
    help: () => "end it with `*/`",
  },
  WRIT1020: {
    name: "expected",
    severity: "error",
    message: ({ expected, found }: { expected: string; found: string }) => `expected ${expected}, found ${found}`,
    help: ({ expected }) => `write ${expected}`,
  },
  WRIT1021: {
    name: "unclosed-bracket",
    severity: "error",
    message: ({ bracket }: { bracket: string }) => `\`${bracket}\` is never closed`,
    help: ({ bracket }: { bracket: string }) => `write the \`${closer[bracket]}\` that belongs to it`,
  },
  WRIT1022: {
    name: "stray-bracket",
    severity: "error",
    message: ({ bracket }: { bracket: string }) => `there is nothing open that \`${bracket}\` would close`,
    help: () => "remove it",
  },
  WRIT1023: {
    name: "missing-separator",
    severity: "error",
    message: () => "a statement begins where another has not ended",
    help: () => "end the one before with `;` or a new line",
  },
  WRIT1024: {
    name: "missing-comma",
    severity: "error",
    message: () => "a comma is missing here",
    help: () => "separate the entries with `,`",
  },
  WRIT1025: {
    name: "semicolon-in-list",
    severity: "error",
    message: () => "`;` does not separate entries",
    help: () => "write `,`",
  },
  WRIT1026: {
    name: "missing-entry",
    severity: "error",
    message: () => "there is nothing between these commas",
    help: () => "remove a comma, or write the entry",
  },
  WRIT1027: {
    name: "missing-value",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` has no value`,
    help: () => "write `= ` and the value; a constant gets it where it is declared",
  },
  WRIT1028: {
    name: "unexpected-token",
    severity: "error",
    message: ({ found }: { found: string }) => `${found} is not expected here`,
    help: () => "remove it",
  },
  WRIT1029: {
    name: "reserved-name",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is a reserved word and cannot be a name`,
    help: () => "choose another name",
  },
  WRIT1030: {
    name: "missing-name",
    severity: "error",
    message: ({ what }: { what: string }) => `${what} has no name`,
    help: () => 'write one, as in `const orders = scopes("orders", ["read"])`',
  },
  WRIT1031: {
    name: "duplicate-key",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` occurs twice in this object`,
    help: () => "keep one of the two",
  },
  WRIT1101: {
    name: "unclosed-string",
    severity: "error",
    message: () => "this string does not end on its line",
    help: () => "end it with the quote that it begins with; a line break inside is `\\n`",
  },
  WRIT1102: {
    name: "bad-escape",
    severity: "error",
    message: ({ sequence }: { sequence: string }) => `\`${sequence}\` is not an escape`,
    help: () => "write `\\n`, `\\t`, `\\\\`, `\\xHH`, `\\uHHHH` or `\\u{H}`",
  },
  WRIT1103: {
    name: "leading-zero",
    severity: "error",
    message: ({ text }: { text: string }) => `\`${text}\` begins with a zero, which some read as octal`,
    help: () => "write the number without the zero",
  },
  WRIT1104: {
    name: "numeric-separator",
    severity: "error",
    message: ({ text }: { text: string }) => `\`${text}\` holds \`_\``,
    help: () => "write the digits without `_`",
  },
  WRIT1105: {
    name: "big-integer",
    severity: "error",
    message: ({ text }: { text: string }) => `\`${text}\` is a big integer`,
    help: () => "write the number without `n`",
  },
  WRIT1106: {
    name: "number-base",
    severity: "error",
    message: ({ text }: { text: string }) => `\`${text}\` is not decimal`,
    help: () => "write the decimal number",
  },
  WRIT1107: {
    name: "malformed-number",
    severity: "error",
    message: ({ text }: { text: string }) => `\`${text}\` is not a number`,
    help: () => "write digits, with at most one `.` between digits and an exponent such as `e3`",
  },
  WRIT1108: {
    name: "inexact-number",
    severity: "error",
    message: ({ text }: { text: string }) => `\`${text}\` cannot be held exactly`,
    help: () => "use a whole number up to 9007199254740991, or a string",
  },
  WRIT1109: {
    name: "template",
    severity: "error",
    message: () => "a template is not a string of the policy language",
    help: () => "write it in double quotes",
  },
  WRIT1110: {
    name: "interpolation",
    severity: "error",
    message: () => "a policy does not build text: templates with `${…}` are not part of the language",
    help: () => "write the whole string out",
  },
  WRIT1111: {
    name: "tagged-template",
    severity: "error",
    message: () => "a tagged template is a call that policies do without",
    help: () => "call the word with `(` and `)`",
  },
  WRIT1112: {
    name: "unclosed-template",
    severity: "error",
    message: () => "this template is never closed",
    help: () => "write a string in double quotes instead",
  },
  WRIT1113: {
    name: "regular-expression",
    severity: "error",
    message: () => "regular expressions are not part of the language: what they match cannot be compared exactly",
    help: () => "use `.startsWith`, `.endsWith`, `.includes`, or a list of the values",
  },
  WRIT1114: {
    name: "null",
    severity: "error",
    message: () => "`null` is not part of the language",
    help: () => "leave the property out, or test an optional claim against `undefined`",
  },
} satisfies Record<string, Entry>;
