/** Random texts: inputs in every spelling that JSON allows, sound ones and ones with something wrong, and bytes changed at random. */
import type { Random } from "../random.ts";

const words = ["", "a", "prod", "eu-west", "é", "日本", "😀", "a b", 'say "x"', "back\\slash", "tab\tnew\nline", "\u0000\u001f\u007f", "x".repeat(70), "ü".repeat(40), "/v1/a/b"]; // biome-ignore format: one line
const names = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf", "env", "tenant", "roles", "née", "a b", "level", "time", "host", "x", "", "constructor", "toString", "is", "isss", "scope2", "scop", "iss\"", "x5t#S256", "jkt"]; // biome-ignore format: one line
const numbers = ["0", "-0", "1", "1795478400", "1795478400.0", "1.7954784e9", "17954784E+2", "-1", "0.5", "1e400", "-1e400", "1e-400", "1e308", "9007199254740991", "9007199254740992", "-9007199254740991", "9007199254740991.4", "9007199254740991.5", "4503599627370496.5", "4503599627370497.5", "1234567890123456789", "100000000000000000000000", "0e999999999999", "1e-1", "10e-1", "0.10e1", "2.5e1", "123456789012345678e-2"]; // biome-ignore format: one line
const badNumbers = ["01", "1.", ".5", "+1", "-", "1e", "1e+", "0x1", "NaN", "Infinity", "1_0", "--1", "1.e1", "-01"];

export function randomText(random: Random): Uint8Array {
  const text = random.chance(0.05) ? value(random, 4) : inputText(random);
  const bytes = new TextEncoder().encode(spaced(random, text));
  return random.chance(0.4) ? mutated(random, bytes) : bytes;
}

/** Changed bytes, a piece taken out or put in: mostly no JSON any more, but not always. */
export function mutated(random: Random, bytes: Uint8Array): Uint8Array {
  const changed = [...bytes];
  for (let n = random.int(1, 3); n > 0; n--) {
    const at = random.int(0, Math.max(0, changed.length - 1));
    const byte = random.chance(0.6)
      ? random.pick([...'"\\{}[],:0123456789eE.+-tfnu \n'].map((c) => c.charCodeAt(0)))
      : random.int(0, 255);
    switch (random.int(0, 3)) {
      case 0:
        changed[at] = byte;
        break;
      case 1:
        changed.splice(at, 0, byte);
        break;
      case 2:
        changed.splice(at, random.int(1, 4));
        break;
      default:
        changed.splice(at, 0, ...changed.slice(at, at + random.int(1, 40)));
    }
  }
  return Uint8Array.from(changed);
}

/** Members of an input in any order, each of which may be missing, twice there, or of a wrong type. */
function inputText(random: Random): string {
  const wrong = random.chance(0.5) ? 0.05 : 0;
  return members(random, wrong, [
    ["time", () => number(random)],
    ["request", () => requestText(random, wrong)],
    ...optional(random, "token", () => tokenText(random, wrong)),
    ...optional(random, "peer", () => part(random, wrong, ["spiffe", "x5t#S256"])),
    ...optional(random, "proof", () => part(random, wrong, ["jkt"])),
    ...optional(random, "key", () => part(random, wrong, ["id"])),
    ...ignored(random),
  ]);
}

type Entry = readonly [string, () => string];

function optional(random: Random, name: string, text: () => string): Entry[] {
  return random.chance(0.6) ? [[name, text]] : [];
}

function ignored(random: Random): Entry[] {
  return Array.from({ length: random.chance(0.3) ? random.int(0, 4) : 0 }, () => [
    random.pick(names),
    () => value(random, 3),
  ]);
}

function requestText(random: Random, wrong: number): string {
  return members(random, wrong, [
    ["host", () => quoted(random, random.pick(words))],
    ["method", () => quoted(random, "GET")],
    [
      "path",
      () =>
        quoted(random, random.chance(0.05) ? "/a".repeat(random.pick([63, 64, 65, 1024, 1025])) : random.pick(words)),
    ],
    ...optional(random, "ip", () => quoted(random, "10.0.0.1")),
    ...optional(random, "headers", () => headersText(random, wrong)),
    ...ignored(random),
  ]);
}

function headersText(random: Random, wrong: number): string {
  const many = random.chance(0.03) ? random.int(60, 140) : random.int(0, 6);
  return members(
    random,
    wrong,
    Array.from(
      { length: many },
      (_, i): Entry => [
        random.pick(["x-env", "content-type", "x-é", "accept", "user-agent", `h${i}`, `h${i}`, `header-number-${i}`]),
        () => (random.chance(0.7) ? quoted(random, random.pick(words)) : texts(random)),
      ],
    ),
  );
}

function texts(random: Random): string {
  const count = random.chance(0.02) ? random.int(150, 600) : random.int(0, 10);
  return `[${Array.from({ length: count }, () => quoted(random, random.pick(words))).join(",")}]`;
}

function tokenText(random: Random, wrong: number): string {
  const name = () => quoted(random, random.chance(0.05) ? "s".repeat(random.pick([255, 256])) : random.pick(words));
  return members(random, wrong, [
    ...optional(random, "iss", () => quoted(random, "https://issuer.example.com")),
    ...optional(random, "sub", name),
    ...optional(random, "aud", () =>
      random.chance(0.5) ? name() : random.chance(0.9) ? texts(random) : value(random, 3),
    ),
    ...["exp", "iat", "nbf", "level"].flatMap((claim) => optional(random, claim, () => number(random))),
    ...optional(random, "jti", name),
    ...optional(random, "scope", () => quoted(random, scope(random))),
    ...optional(random, "cnf", () =>
      random.chance(0.8) ? part(random, wrong, ["x5t#S256", "jkt"]) : value(random, 2),
    ),
    ...["env", "tenant", "roles", "née"].flatMap((claim) => optional(random, claim, () => value(random, 3))),
    ...ignored(random),
  ]);
}

function scope(random: Random): string {
  const count = random.pick([0, 1, 2, 5, 128, 129]);
  const text = Array.from({ length: count }, () => random.pick(["a", "orders:read"])).join(" ");
  return random.chance(0.1) ? `${text}${random.pick([" ", "é", '"', "  b", "x".repeat(4096)])}` : text;
}

function part(random: Random, wrong: number, known: readonly string[]): string {
  const entries = known.flatMap((name) => optional(random, name, () => quoted(random, random.pick(words))));
  return members(random, wrong, [...entries, ...ignored(random)]);
}

function members(random: Random, wrong: number, entries: readonly Entry[]): string {
  const chosen = random.chance(0.3) ? entries.toSorted(() => random.next() - 0.5) : entries;
  const said = new Set<string>();
  const parts: string[] = [];
  for (const [name, text] of chosen) {
    if (said.has(name) && random.chance(0.95)) continue;
    said.add(name);
    if (random.chance(wrong / 4)) continue;
    parts.push(`${quoted(random, name)}:${random.chance(wrong) ? value(random, 2) : text()}`);
    if (random.chance(wrong / 4)) parts.push(parts.at(-1)!);
  }
  return `{${parts.join(",")}}`;
}

function number(random: Random): string {
  return random.chance(0.85) ? "1795478400" : random.chance(0.98) ? random.pick(numbers) : random.pick(badNumbers);
}

function value(random: Random, depth: number): string {
  const kind = random.int(0, depth > 0 ? 6 : 3);
  if (kind === 0) return number(random);
  if (kind <= 2) return quoted(random, random.pick(words));
  if (kind === 3) return random.pick(["true", "false", "null", "true", "false", "null", "nul", "True", "falsee"]);
  if (kind === 4) return texts(random);
  const count = random.chance(0.02) ? random.int(60, 90) : random.int(0, 4);
  if (kind === 5) return `[${Array.from({ length: count }, () => value(random, depth - 1)).join(",")}]`;
  return members(
    random,
    0,
    Array.from(
      { length: count },
      (_, i): Entry => [
        random.chance(0.7) ? `${random.pick(names)}${i}` : random.pick(names),
        () => value(random, depth - 1),
      ],
    ),
  );
}

const shortEscapes = new Map([['"', '\\"'], ["\\", "\\\\"], ["/", "\\/"], ["\b", "\\b"], ["\f", "\\f"], ["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]); // biome-ignore format: one line

/** A string with as many escapes as it needs, or more. */
function quoted(random: Random, text: string): string {
  const often = random.chance(0.15) ? 0.3 : 0;
  let json = random.chance(0.003) ? "\\ud83d" : "";
  for (const character of text) {
    const short = shortEscapes.get(character);
    const must = character < " " || character === '"' || character === "\\" || !character.isWellFormed();
    if (!must && !random.chance(often)) json += character;
    else if (short && random.chance(0.7)) json += short;
    else
      for (let i = 0; i < character.length; i++) {
        const code = character.charCodeAt(i).toString(16).padStart(4, "0");
        json += `\\u${random.chance(0.5) ? code : code.toUpperCase()}`;
      }
  }
  return `"${json}"`;
}

/** White space between tokens, in some texts. */
function spaced(random: Random, text: string): string {
  if (random.chance(0.8)) return text;
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (token) =>
    random.chance(0.2) ? `${random.pick([" ", "\n", "\t\r", "  "])}${token}${random.pick(["", " "])}` : token,
  );
}
