/** What can be wrong with a JSON text, in words; the codes that report it carry one of these. */

export const jsonProblems = {
  "too-large": "it is larger than allowed",
  "not-utf-8": "it is not UTF-8",
  "byte-order-mark": "it starts with a byte order mark",
  syntax: "it is not JSON",
  "trailing-data": "something follows the value",
  "duplicate-key": "a key occurs twice in one object",
  "forbidden-key": "the key `__proto__` is not allowed",
  "too-deep": "it is nested too deeply",
  number: "a number is not a whole number that every reader keeps exactly",
  surrogate: "a string holds half of a surrogate pair",
} as const;

export type JsonProblem = keyof typeof jsonProblems;
