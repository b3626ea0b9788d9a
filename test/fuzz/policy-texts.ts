/**
 * Mutated policy texts: nothing that can be written into a file crashes or stalls the compiler.
 *
 * `node test/fuzz/policy-texts.ts 1000000 [seed]` runs that many through decoding and parsing and prints the figures.
 */
import { check } from "../../src/check/index.ts";
import type { Diagnostic } from "../../src/diagnostics/index.ts";
import { decode, parse, type Tree } from "../../src/syntax/index.ts";
import { Random } from "../random.ts";

/** What is done with each text beyond parsing it; returns what it has to say. */
export type Step = (tree: Tree) => readonly Diagnostic[];

export interface Figures {
  readonly texts: number;
  readonly clean: number;
  readonly refusedBytes: number;
  readonly diagnostics: number;
  readonly codes: ReadonlyMap<string, number>;
  readonly slowest: number;
  readonly failures: readonly string[];
}

const path = "fuzz.policy.ts";
const slow = 1000;

export const seeds: readonly string[] = [
  'import { scopes } from "writ";\n\nexport const orders = scopes("orders", ["read", "write"], { implies: { write: ["read"] } });\n',
  'import { condition, grant } from "writ";\nimport { corp, acme as a } from "./ids.policy.ts";\n\nconst own = condition(corp, (r) => r.claims.tenant === r.params.tenant && !(r.token.age > 60));\nexport const g = grant({ to: [a], scopes: ["orders:*"], when: own, until: "2027-01-31" });\n',
  '/** A tier. */\nexport const partner = tier({ trust: 20, authentication: ["mtls", "dpop"], tokenLifetime: { bound: "15m" }, wildcards: true });\n',
  'example("name", {\n  by: payments, call: "POST h/v1/\\u0041", claims: { region: "eu", groups: [] }, ...base, expect: "allow",\n});\n',
  'const w = condition(corp, (r) => ["a", "b"].includes(r.claims.x) || r.request.headers["x-y"] !== undefined);\nconst n = -1.5e3;\n',
];

/** Pieces that mean something somewhere. */
const pieces = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ";",
  ":",
  ".",
  "...",
  "=",
  "=>",
  "==",
  "===",
  "!=",
  "!",
  "&&",
  "||",
  "?",
  "?.",
  "??",
  "<",
  ">",
  "<=",
  "+",
  "-",
  "*",
  "/",
  "%",
  "|",
  "&",
  "^",
  "~",
  "@",
  "#",
  "\\",
  "`",
  "${",
  '"',
  "'",
  "//",
  "/*",
  "*/",
  "/**",
  "#!",
  "\n",
  "\r\n",
  "\t",
  "\0",
  "\ufeff",
  "\u00a0",
  "\u202e",
  "\u200b",
  "\u2028",
  "а",
  "é",
  "𝒳",
  "\ud800",
  "😀",
  "0x1f",
  "017",
  "1_000",
  "10n",
  "1e999",
  "3px",
  "let ",
  "var ",
  "const ",
  "export ",
  "import ",
  "from",
  "as ",
  "as const",
  "satisfies X",
  "function ",
  "class ",
  "enum ",
  "type ",
  "interface ",
  "namespace ",
  "async ",
  "await ",
  "new ",
  "typeof ",
  "if (",
  "else ",
  "for (",
  "while (",
  "return ",
  "throw ",
  "try {",
  "default ",
  "null",
  "this",
  "undefined",
  "__proto__",
  "@ts-ignore",
  "/// <reference",
  '"\\u{110000}"',
  "'\\x4'",
  "<T>",
  "f<T>(",
  "x!",
  "++",
  "r => ",
  "() => {",
  "(a, b) => ",
];

type Pick = (below: number) => number;

const mutations: readonly ((text: string, pick: Pick) => string)[] = [
  (text, pick) => splice(text, pick(text.length + 1), 0, pieces[pick(pieces.length)] as string),
  (text, pick) => splice(text, pick(text.length + 1), 1 + pick(3), ""),
  (text, pick) => splice(text, pick(text.length + 1), 1 + pick(4), pieces[pick(pieces.length)] as string),
  (text, pick) => onTokens(text, (tokens) => tokens.splice(pick(tokens.length), 1 + pick(3))),
  (text, pick) =>
    onTokens(text, (tokens) => tokens.splice(pick(tokens.length), 0, tokens[pick(tokens.length)] as string)),
  (text, pick) =>
    onTokens(text, (tokens) => {
      const [a, b] = [pick(tokens.length), pick(tokens.length)];
      [tokens[a], tokens[b]] = [tokens[b] as string, tokens[a] as string];
    }),
  (text, pick) =>
    onTokens(text, (tokens) => tokens.splice(pick(tokens.length), 1, pieces[pick(pieces.length)] as string)),
  (text, pick) => splice(text, pick(text.length + 1), 0, String.fromCharCode(pick(0x10000))),
  (text, pick) => text.slice(0, pick(text.length + 1)),
  (text, pick) => text.slice(pick(text.length + 1)),
  (text, pick) => {
    const from = pick(text.length);
    const part = text.slice(from, from + pick(60));
    return splice(text, pick(text.length + 1), 0, part);
  },
  (text, pick) => text + (seeds[pick(seeds.length)] as string),
];

function splice(text: string, at: number, count: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + count);
}

function onTokens(text: string, change: (tokens: string[]) => void): string {
  const tokens = text.match(/[A-Za-z_$0-9]+|\s+|"[^"\n]*"|[^\w\s]/g) ?? [];
  if (tokens.length > 0) change(tokens);
  return tokens.join("");
}

/** A text that is nested deeper than anyone writes. */
function bomb(pick: Pick): string {
  const open = [
    "[",
    "(",
    "{a:",
    "f(",
    "!",
    "r=>",
    "a?b:",
    "a.",
    "a[",
    "`${",
    "<",
    "-",
    "new ",
    "...",
    "{",
    "x as ",
    "a&&",
    "=",
    "f({a:[",
  ];
  const body =
    (open[pick(open.length)] as string).repeat(1 + pick(400)) + (open[pick(open.length)] as string).repeat(pick(100));
  return `const a = ${body}${pick(2) === 0 ? "1" : ""}${pick(2) === 0 ? "])}".repeat(pick(100)) : ""}\nconst b = 1\n`;
}

/** The n-th text of a series. */
export function mutate(next: () => number): string {
  const pick: Pick = (below) => Math.floor(next() * below);
  if (pick(200) === 0) return bomb(pick);
  let text = seeds[pick(seeds.length)] as string;
  for (let count = 1 + pick(6); count > 0; count--)
    text = (mutations[pick(mutations.length)] as (typeof mutations)[number])(text, pick);
  return text.slice(0, 4000);
}

/** Bytes of the text, in one of twenty cases damaged as only bytes can be. */
function encode(text: string, next: () => number): Uint8Array {
  const bytes = Buffer.from(text, "utf8");
  if (next() < 0.05 && bytes.length > 0) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
  return bytes;
}

export function fuzz(texts: number, seed: number, step: Step = () => []): Figures {
  const source = new Random(seed);
  const next = () => source.next();
  const codes = new Map<string, number>();
  const failures: string[] = [];
  let clean = 0;
  let refusedBytes = 0;
  let diagnostics = 0;
  let slowest = 0;
  for (let count = 0; count < texts; count++) {
    const bytes = encode(mutate(next), next);
    const begin = performance.now();
    let length = 0;
    let found: readonly Diagnostic[] = [];
    try {
      const source = decode(bytes, path);
      found = source.diagnostics;
      if (found.length > 0) refusedBytes++;
      else {
        length = source.value.text.length;
        const parsed = parse(source.value);
        found = [...parsed.diagnostics, ...step(parsed.value)];
      }
    } catch (error) {
      failures.push(
        `text ${count} of seed ${seed} throws ${error}: ${JSON.stringify(Buffer.from(bytes).toString("utf8"))}`,
      );
    }
    const took = performance.now() - begin;
    if (took > slowest) slowest = took;
    if (took > slow) failures.push(`text ${count} of seed ${seed} takes ${took.toFixed(0)} ms`);
    if (found.length === 0) clean++;
    diagnostics += found.length;
    for (const { code, span } of found) {
      codes.set(code, (codes.get(code) ?? 0) + 1);
      const inside =
        span !== undefined && span.path === path && span.start >= 0 && span.start <= span.end && span.end <= length;
      if (!inside)
        failures.push(`text ${count} of seed ${seed}: ${code} points outside the file: ${JSON.stringify(span)}`);
    }
    if (failures.length >= 20) break;
  }
  return { texts, clean, refusedBytes, diagnostics, codes, slowest, failures };
}

if (import.meta.main) {
  const [texts = "1000000", seed = "1"] = process.argv.slice(2);
  const begin = performance.now();
  const figures = fuzz(Number(texts), Number(seed), (tree) => check([tree], () => undefined).diagnostics);
  const seconds = (performance.now() - begin) / 1000;
  const codes = [...figures.codes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `${code} ${count}`);
  process.stdout.write(
    [
      `${figures.texts} texts in ${seconds.toFixed(0)} s (${(figures.texts / seconds).toFixed(0)}/s), slowest ${figures.slowest.toFixed(0)} ms`,
      `${figures.clean} without a diagnostic, ${figures.refusedBytes} not UTF-8, ${figures.diagnostics} diagnostics of ${codes.length} codes`,
      codes.join(", "),
      ...figures.failures,
      `${figures.failures.length} failures`,
      "",
    ].join("\n"),
  );
  if (figures.failures.length > 0) process.exitCode = 1;
}
