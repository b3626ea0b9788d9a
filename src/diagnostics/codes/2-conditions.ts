/** 22xx: conditions and predicates: what they can read, and what can be asked of it. */
import type { Entry } from "../entry.ts";

export const conditions = {
  WRIT2200: {
    name: "condition-expected",
    severity: "error",
    message: () => "this is no condition",
    help: () => "write `(r) => …`, or the name of a `condition`",
  },
  WRIT2201: {
    name: "not-true-or-false",
    severity: "error",
    message: ({ what }: { what: string }) => `this is ${what}, which is neither true nor false`,
    help: () => "compare it: `… === …`, or `… !== undefined` to ask whether it is there",
  },
  WRIT2202: {
    name: "unknown-fact",
    severity: "error",
    message: ({ name }: { name: string }) => `a request has no \`${name}\` here`,
  },
  WRIT2203: {
    name: "unknown-claim",
    severity: "error",
    message: ({ name, issuer }: { name: string; issuer: string }) => `\`${issuer}\` declares no claim \`${name}\``,
  },
  WRIT2204: {
    name: "claims-of-nobody",
    severity: "error",
    message: ({ name }: { name: string }) => `no claim \`${name}\` can be read here: no one issuer is meant`,
    help: () =>
      "name the issuer, in a `condition(issuer, (r) => …)` or as the `issuer` of a `never`; or write one rule per issuer",
  },
  WRIT2205: {
    name: "not-one-fact",
    severity: "error",
    message: () => "this is many facts, not one",
  },
  WRIT2206: {
    name: "maybe-absent",
    severity: "error",
    message: ({ what }: { what: string; use: string }) => `${what} may be absent`,
    help: ({ use }: { what: string; use: string }) => `say what happens then: write ${use}`,
  },
  WRIT2207: {
    name: "never-equal",
    severity: "error",
    message: ({ fact, type, other }: { fact: string; type: string; other: string }) =>
      `\`${fact}\` is ${type} and never equals ${other}`,
    help: ({ type }) => `it can be compared with ${type}`,
  },
  WRIT2208: {
    name: "unknown-value",
    severity: "error",
    message: ({ fact, value }: { fact: string; value: string }) => `\`${fact}\` is never \`"${value}"\``,
  },
  WRIT2209: {
    name: "ruled-out",
    severity: "error",
    message: ({ fact }: { fact: string }) => `the tests before this one leave \`${fact}\` no such value`,
    help: () => "leave this test out, or put right the one before it",
  },
  WRIT2210: {
    name: "decided-already",
    severity: "error",
    message: () => "this does not depend on the request: it is always the same",
    help: () => "compare a fact of the request; leave `when` out where nothing is to be asked",
  },
  WRIT2211: {
    name: "no-order",
    severity: "error",
    message: ({ type }: { type: string }) => `this is ${type}: only whole numbers are less or greater`,
    help: () => "use `===` or `[…].includes(…)`",
  },
  WRIT2212: {
    name: "not-a-whole-number",
    severity: "error",
    message: () => "this is not a whole number that every back end keeps exactly",
    help: () => "use whole numbers up to 9007199254740991",
  },
  WRIT2213: {
    name: "list-of-literals",
    severity: "error",
    message: () => "a list in a condition holds texts, numbers or `true` and `false`, and no facts",
    help: () => "compare facts one by one: `a === x || a === y`",
  },
  WRIT2214: {
    name: "empty-choice",
    severity: "error",
    message: () => "nothing is in an empty list",
    help: () => "put what is allowed into the list",
  },
  WRIT2216: {
    name: "text-literal-needed",
    severity: "error",
    message: ({ method }: { method: string }) => `\`${method}\` takes a text that is written out`,
    help: ({ method }) => `write \`${method}("…")\`; compare facts with \`===\``,
  },
  WRIT2217: {
    name: "unknown-operation",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` cannot be asked for here`,
    help: () => "compare with `===`, or ask `.startsWith(…)` or `.endsWith(…)` of a text and `.includes(…)` of a list",
  },
  WRIT2218: {
    name: "one-argument",
    severity: "error",
    message: ({ method }: { method: string }) => `\`${method}\` takes exactly one argument`,
    help: ({ method }) => `write \`${method}(…)\` with one value`,
  },
  WRIT2220: {
    name: "malformed-range",
    severity: "error",
    message: ({ range, problem }: { range: string; problem: string }) =>
      `\`${range}\` is no range of addresses: ${problem}`,
    help: () => 'write it as `"203.0.113.0/24"` or `"2001:db8::/32"`',
  },
  WRIT2221: {
    name: "address-needed",
    severity: "error",
    message: ({ type }: { type: string }) => `\`contains\` takes an IP address, and this is ${type}`,
    help: () => "give it `r.request.ip`",
  },
  WRIT2222: {
    name: "address-compared",
    severity: "error",
    message: ({ fact }: { fact: string }) => `\`${fact}\` is an address, which can be written in many ways`,
    help: ({ fact }) => `ask \`cidr("203.0.113.7/32").contains(${fact})\``,
  },
  WRIT2223: {
    name: "condition-not-asked",
    severity: "error",
    message: ({ name }: { name: string; parameter: string }) => `\`${name}\` is a condition that nobody asks here`,
    help: ({ name, parameter }: { name: string; parameter: string }) => `write \`${name}(${parameter})\``,
  },
  WRIT2224: {
    name: "condition-argument",
    severity: "error",
    message: ({ name }: { name: string; parameter: string }) =>
      `\`${name}\` is asked about the request, and nothing else`,
    help: ({ name, parameter }: { name: string; parameter: string }) => `write \`${name}(${parameter})\``,
  },
  WRIT2225: {
    name: "condition-of-another-issuer",
    severity: "error",
    message: ({ condition, issuer }: { condition: string; issuer: string }) =>
      `\`${condition}\` reads claims of \`${issuer}\`, whose tokens are not the ones meant here`,
    help: ({ issuer }) => `use it only for identities of \`${issuer}\``,
  },
  WRIT2226: {
    name: "not-a-condition",
    severity: "error",
    message: () => "this cannot be asked in a condition",
    help: () => "ask a named condition, `cidr(…).contains(…)`, `.includes(…)`, `.startsWith(…)` or `.endsWith(…)`",
  },
  WRIT2227: {
    name: "compared-with-itself",
    severity: "error",
    message: ({ fact }: { fact: string }) => `\`${fact}\` is compared with itself`,
    help: () => "put another fact or a value on one side",
  },
  WRIT2228: {
    name: "header-not-lower-case",
    severity: "error",
    message: ({ name }: { name: string; lower: string }) => `header names are lower case here, unlike \`${name}\``,
    help: ({ lower }: { name: string; lower: string }) => `write \`"${lower}"\``,
  },
  WRIT2229: {
    name: "never-absent",
    severity: "warning",
    message: ({ fact }: { fact: string }) => `\`${fact}\` is never absent`,
    help: () => "leave this test out, or make the claim optional with a `?`",
  },
  WRIT2230: {
    name: "known-already",
    severity: "warning",
    message: ({ fact }: { fact: string }) => `\`${fact}\` can have no other value here, so this is always the same`,
    help: () => "leave this test out",
  },
  WRIT2231: {
    name: "list-compared",
    severity: "error",
    message: () => "lists are not compared as wholes",
    help: () => 'ask for one element: `….includes("…")`',
  },
  WRIT2232: {
    name: "order-of-facts",
    severity: "error",
    message: () => "two facts are not ordered against each other",
    help: () => "compare each with a number",
  },
  WRIT2233: {
    name: "name-in-quotes",
    severity: "error",
    message: ({ fact, what }: { fact: string; what: string }) => `\`${fact}\` is ${what}, and this is a text`,
    help: ({ what }) => `write the name of ${what} without quotes`,
  },
  WRIT2234: {
    name: "empty-text",
    severity: "error",
    message: ({ method }: { method: string }) => `every text fulfils \`${method}("")\``,
    help: () => "put the text in that you mean",
  },
  WRIT2235: {
    name: "truth-compared",
    severity: "error",
    message: () => "a test is not an operand of another one",
    help: () => "combine tests with `&&`, `||` and `!`",
  },
  WRIT2236: {
    name: "not-an-operand",
    severity: "error",
    message: ({ what }: { what: string }) => `this is ${what}, which conditions cannot compare`,
    help: () => "compare facts of the request with each other or with texts, numbers, `true` and `false`",
  },
  WRIT2237: {
    name: "computed-fact",
    severity: "error",
    message: () => "the name of a fact is written out, not computed",
    help: () => 'write `.name` or `["name"]`',
  },
  WRIT2238: {
    name: "range-not-asked",
    severity: "error",
    message: () => "a range is neither true nor false",
    help: () => "ask `cidr(…).contains(r.request.ip)`",
  },
  WRIT2239: {
    name: "header-name",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` cannot be the name of a header`,
    help: () => "use letters, digits and `-`",
  },
  WRIT2240: {
    name: "predicate-expected",
    severity: "error",
    message: () => "this does not say which identities are meant",
    help: () => 'write `(i) => …`, `(i) => i.tags.includes("…")`',
  },
  WRIT2241: {
    name: "unknown-attribute",
    severity: "error",
    message: ({ name }: { name: string }) => `an identity has no \`${name}\` by which to choose`,
  },
} satisfies Record<string, Entry>;
