/** 21xx: shapes: what a word takes, and what texts may look like. */
import type { Entry } from "../entry.ts";

export const shapes = {
  WRIT2101: {
    name: "unknown-property",
    severity: "error",
    message: ({ property, of }: { property: string; of: string }) => `${of} has no property \`${property}\``,
  },
  WRIT2102: {
    name: "missing-property",
    severity: "error",
    message: ({ property, of }: { property: string; of: string }) => `${of} needs \`${property}\``,
    help: ({ property }) => `add \`${property}\``,
  },
  WRIT2104: {
    name: "wrong-type",
    severity: "error",
    message: ({ title, expected, found }: { title: string; expected: string; found: string }) =>
      `${title} is ${expected}, and this is ${found}`,
    help: ({ expected }) => `write ${expected}`,
  },
  WRIT2105: {
    name: "not-one-of",
    severity: "error",
    message: ({ title, value }: { title: string; value: string }) => `${title} cannot be \`"${value}"\``,
  },
  WRIT2106: {
    name: "argument-missing",
    severity: "error",
    message: ({ word, argument }: { word: string; argument: string }) => `\`${word}\` needs ${argument}`,
    help: ({ argument }) => `write ${argument}`,
  },
  WRIT2107: {
    name: "argument-unexpected",
    severity: "error",
    message: ({ word, most }: { word: string; most: number }) =>
      `\`${word}\` takes ${most} ${most === 1 ? "argument" : "arguments"}, and here is one more`,
    help: () => "remove it",
  },
  WRIT2108: {
    name: "plain-text",
    severity: "error",
    message: ({ title }: { title: string }) =>
      `inside a constant this is any text to an editor, and ${title} is not any text`,
    help: () => "write it where it is used, or give it a constant of its own",
  },
  WRIT2109: {
    name: "empty-list",
    severity: "error",
    message: ({ title }: { title: string }) => `${title} is empty`,
    help: () => "write at least one, or leave the property out where it may be left out",
  },
  WRIT2110: {
    name: "repeated",
    severity: "warning",
    message: ({ value }: { value: string }) => `${value} is listed twice`,
    help: () => "remove one of them",
  },
  WRIT2111: {
    name: "bad-spread",
    severity: "error",
    message: ({ expected, found }: { expected: string; found: string }) =>
      `only ${expected} can be spread here, and this is ${found}`,
    help: () => "write the entries out",
  },
  WRIT2112: {
    name: "bad-date",
    severity: "error",
    message: ({ text }: { text: string }) => `\`"${text}"\` is no date`,
    help: () => 'write `"2027-03-31"`, or `"2026-11-20T08:00Z"` with a time; dates are UTC',
  },
  WRIT2113: {
    name: "bad-duration",
    severity: "error",
    message: ({ text }: { text: string }) => `\`"${text}"\` is no duration`,
    help: () => 'write a whole number and its unit: `"60s"`, `"15m"`, `"4h"`, `"365d"`',
  },
  WRIT2114: {
    name: "out-of-range",
    severity: "error",
    message: ({ title, least, most }: { title: string; least: string; most: string }) =>
      `${title} is from ${least} to ${most}`,
    help: ({ least, most }) => `write a whole number from ${least} to ${most}`,
  },
  WRIT2115: {
    name: "bad-segment",
    severity: "error",
    message: ({ text, what }: { text: string; what: string }) => `\`${text}\` is no name for ${what}`,
    help: () =>
      "each segment is a lower-case letter, then letters, digits, `.`, `_` or `-`, at most 63 of them; 2 to 8 segments in all",
  },
  WRIT2116: {
    name: "bad-pattern",
    severity: "error",
    message: ({ text, problem }: { text: string; problem: string }) => `\`${text}\` is no scope pattern: ${problem}`,
    help: () => "`*` is one whole segment, `**` the rest, `{read,list}` alternatives",
  },
  WRIT2117: {
    name: "pattern-without-scope",
    severity: "error",
    message: ({ pattern }: { pattern: string }) => `\`${pattern}\` matches no scope`,
    help: () => "declare the scope with `scopes`, or correct the pattern",
  },
  WRIT2118: {
    name: "unknown-scope",
    severity: "error",
    message: ({ scope }: { scope: string }) => `there is no scope \`${scope}\``,
    help: () => "declare it with `scopes`, or correct its spelling",
  },
  WRIT2119: {
    name: "duplicate-scope",
    severity: "error",
    message: ({ scope }: { scope: string }) => `the scope \`${scope}\` is declared twice`,
    help: () => "declare each scope once, in one place",
  },
  WRIT2120: {
    name: "bad-url",
    severity: "error",
    message: ({ url, problem }: { url: string; problem: string }) => `\`${url}\` cannot be used: ${problem}`,
    help: () => 'write `"https://id.example.com"`, byte for byte as tokens say it',
  },
  WRIT2121: {
    name: "bad-host",
    severity: "error",
    message: ({ host, problem }: { host: string; problem: string }) => `\`${host}\` is no host: ${problem}`,
    help: () => 'write the name alone, in lower case: `"orders.example.com"`',
  },
  WRIT2122: {
    name: "bad-operation",
    severity: "error",
    message: ({ text }: { text: string }) => `\`${text}\` is no operation`,
    help: () => 'write the method and the path: `"GET /v1/orders/{id}"`',
  },
  WRIT2123: {
    name: "unknown-method",
    severity: "error",
    message: ({ method }: { method: string }) => `there is no method \`${method}\``,
    help: () => "methods are in upper case: `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, …",
  },
  WRIT2124: {
    name: "method-never",
    severity: "error",
    message: ({ method }: { method: string }) => `\`${method}\` is never an operation`,
    help: () => "remove it: it makes a server or a proxy act on something else than its path",
  },
  WRIT2125: {
    name: "bad-template",
    severity: "error",
    message: ({ template, problem }: { template: string; problem: string }) => `\`${template}\` is no path: ${problem}`,
    help: () => "`{name}` is one whole segment, a trailing `{name...}` the rest",
  },
  WRIT2126: {
    name: "bad-header-name",
    severity: "error",
    message: ({ name, problem }: { name: string; problem: string }) => `\`${name}\` is no header to send: ${problem}`,
    help: () => 'write a name of its own, like `"x-caller"`',
  },
  WRIT2127: {
    name: "bad-header-value",
    severity: "error",
    message: () => "this is no value for a header: it holds other than printable ASCII, or a space at its start or end",
    help: () => "write printable ASCII",
  },
  WRIT2128: {
    name: "unknown-placeholder",
    severity: "error",
    message: ({ placeholder }: { placeholder: string }) => `\`${placeholder}\` stands for nothing`,
    help: () => "there is `{identity}`, `{tier}`, `{owner}` and `{subject}`",
  },
  WRIT2129: {
    name: "bad-subject",
    severity: "error",
    message: ({ subject, problem }: { subject: string; problem: string }) => `\`${subject}\` is no subject: ${problem}`,
    help: () =>
      'write the `sub` of its tokens as it is, or `"spiffe://example.org/ns/*/sa/web"`, in which `*` is one whole segment',
  },
  WRIT2130: {
    name: "bad-key-id",
    severity: "error",
    message: ({ id }: { id: string }) => `\`${id}\` is no key id`,
    help: () => "write up to 255 printable ASCII characters without spaces: the id of the key, never the key",
  },
  WRIT2131: {
    name: "bad-claim-name",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is no claim that a condition could read`,
    help: () => "write up to 128 printable ASCII characters without quotes and backslashes",
  },
  WRIT2132: {
    name: "registered-claim",
    severity: "error",
    message: ({ name }: { name: string }) => `every token has a meaning for \`${name}\` already`,
    help: () => "remove it: the decision procedure checks it by itself",
  },
  WRIT2133: {
    name: "bad-text",
    severity: "error",
    message: ({ title, problem }: { title: string; problem: string }) => `${title} ${problem}`,
    help: () => "write a text without control characters, and without spaces at its ends",
  },
  WRIT2134: {
    name: "bad-row-name",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is no name for an identity`,
    help: () => "begin with a letter and go on with letters, digits, `.`, `_` and `-`, at most 128 of them",
  },
  WRIT2135: {
    name: "identity-without-credential",
    severity: "error",
    message: () => "nothing tells this identity from others: it has neither `subject` nor `keys`",
    help: () => "write the `issuer` and the `subject` of its tokens, or the ids of its static `keys`",
  },
  WRIT2136: {
    name: "subject-without-issuer",
    severity: "error",
    message: ({ has, lacks }: { has: string; lacks: string }) => `\`${has}\` means nothing without \`${lacks}\``,
    help: ({ lacks }) => `add \`${lacks}\``,
  },
  WRIT2137: {
    name: "too-few-approvers",
    severity: "error",
    message: () => "an emergency is approved by two people, listed here",
    help: () => 'write `by: ["a@example.com", "b@example.com"]`',
  },
  WRIT2138: {
    name: "undefined-property",
    severity: "error",
    message: ({ title }: { title: string }) => `${title} cannot be \`undefined\``,
    help: () => "leave the property out",
  },
  WRIT2139: {
    name: "reserved-resource",
    severity: "error",
    message: ({ resource }: { resource: string }) =>
      `the resource \`${resource}\` is taken: refused operations need it`,
    help: () => "give the resource another name",
  },
  WRIT2140: {
    name: "nested-constants",
    severity: "error",
    message: ({ what, limit }: { what: string; limit: number }) =>
      `more than ${limit} ${what} rest on one another here`,
    help: () => "write some of them out",
  },
  WRIT2141: {
    name: "list-too-long",
    severity: "error",
    message: ({ limit }: { limit: number }) => `this list becomes longer than ${limit} entries`,
    help: () => "use a registry and groups for what there is so much of",
  },
  WRIT2142: {
    name: "condition-too-large",
    severity: "error",
    message: ({ limit }: { limit: number }) =>
      `this condition reads facts more than ${limit} times once the conditions in it are written out`,
    help: () => "say it in fewer words: `[…].includes(x)` for many values of one fact",
  },
  WRIT2143: {
    name: "property-replaced",
    severity: "error",
    message: ({ property }: { property: string }) =>
      `\`${property}\` is replaced by the constant that is spread after it`,
    help: () => "spread the constant first, or remove one of the two",
  },
} satisfies Record<string, Entry>;
