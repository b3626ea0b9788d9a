/**
 * Hostile inputs: texts on which readers of JSON disagree, alone and in every place of a request that would be allowed. Where the
 * text is sound the answer is that of the reference; else it is `input-malformed` or `input-limit`. Never a trap.
 *
 *     node --conditions=writ-source test/fuzz/hostile-inputs.ts [folder of more documents]
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Policy as GatewayPolicy } from "../../src/gateway/policy.ts";
import { readTables } from "../../src/gateway/tables.ts";
import { readJson, scan } from "../../src/json/index.ts";
import { decide, limits, type Policy, type Reason, type Revocations } from "../../src/model/index.ts";
import { engineOf, type Maker } from "../agree/ask-wasm.ts";
import { plain } from "../agree/compare.ts";
import { maker } from "../agree/maker.ts";
import { withValue } from "../agree/scenario.ts";
import { WasmPolicy } from "../agree/wasm-policy.ts";
import { bases, loaded } from "../decide/estate.ts";
import { type HostileDocument, hostileDocuments } from "./hostile-documents.ts";

export interface HostileFigures {
  readonly documents: number;
  readonly inputs: number;
  readonly sound: number;
  readonly reasons: ReadonlyMap<Reason, number>;
  readonly failures: readonly string[];
}

const { model, policy, revocations } = loaded;

/** Where in a request a document is put; the empty path is the request itself. */
const places: readonly (readonly string[])[] = [
  [],
  ["padding"],
  ["time"],
  ["token"],
  ["token", "iss"],
  ["token", "sub"],
  ["token", "scope"],
  ["token", "aud"],
  ["token", "exp"],
  ["token", "jti"],
  ["token", "cnf"],
  ["token", "region"],
  ["token", "groups"],
  ["token", "unasked"],
  ["peer"],
  ["peer", "x5t#S256"],
  ["proof"],
  ["key"],
  ["request"],
  ["request", "host"],
  ["request", "path"],
  ["request", "ip"],
  ["request", "headers"],
  ["request", "headers", "user-agent"],
  ["request", "headers", "unasked"],
];

/** Where large documents are put. */
const few: readonly (readonly string[])[] = [[], ["padding"], ["token", "scope"], ["request", "path"]];

/** In place of what a document replaces; no document holds it. */
const mark = "@@@";
const encoder = new TextEncoder();

/** @param most in how many places each document is put, taken in turn; all of them unless said */
export function tryHostile(
  documents: readonly HostileDocument[],
  most = places.length,
  make: Maker = maker,
): HostileFigures {
  const reasons = new Map<Reason, number>();
  const failures: string[] = [];
  const tables = make.pack(model, policy as Policy);
  const module = new WasmPolicy(make.assemble(make.engine, tables));
  module.know(revocations);
  let [inputs, sound] = [0, 0];
  const gateway = GatewayPolicy.start(engineOf(make).compiled, tables, readTables(tables));
  gateway.setRevocations(revocations as Revocations);
  const termWays = {
    evaluate: (bytes: Uint8Array) => module.evaluateText(bytes),
    set: (bytes: Uint8Array) => module.evaluateAsSet(bytes),
  };
  const ways = {
    ...termWays,
    direct: (bytes: Uint8Array) => plain(module.decideText(bytes)),
    stepwise: (bytes: Uint8Array) => module.evaluateStepwise(bytes),
    gateway: (bytes: Uint8Array) => plain(gateway.decideJson(bytes)),
  };
  const hold = (name: string, bytes: Uint8Array): void => {
    inputs++;
    const read = readSound(bytes);
    if (read) sound++;
    const reference = read && plain(decide(loaded, read.value));
    const term = read ? undefined : tried(() => readSound(termAsJson(bytes)));
    const byTerm = term && plain(decide(loaded, term.value));
    // Mostly white space, and yet not looked at.
    const isLong = bytes.length > 6 * limits.inputBytes;
    for (const [way, ask] of Object.entries(ways)) {
      let answer: unknown;
      try {
        answer = ask(bytes);
      } catch (error) {
        failures.push(`${name}, ${way}: throws ${error}`);
        continue;
      }
      const { allow, reason } = answer as { allow: boolean; reason: Reason };
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      const isRefused = !allow && (reason === "input-malformed" || reason === "input-limit");
      const good = read
        ? isDeepStrictEqual(answer, reference) || (isLong && reason === "input-limit")
        : isRefused || (byTerm !== undefined && way in termWays && isDeepStrictEqual(answer, byTerm));
      if (!good) failures.push(`${name}, ${way}: ${JSON.stringify(answer)} for ${JSON.stringify(reference)}`);
    }
  };
  let turn = 0;
  for (const { name, bytes } of documents) {
    const possible = bytes.length > 50_000 ? few : places;
    for (let n = Math.min(most, possible.length); n > 0; n--) {
      const place = possible[turn++ % possible.length]!;
      hold(`${name} at ${place.join(".")}`, spliced(place, bytes));
    }
    if (bytes[0] === 0x22) hold(`${name} as a name`, spliced(["padding"], joined(["{", bytes, ":1}"])));
  }
  for (const [name, text] of twice()) hold(name, encoder.encode(text));
  return { documents: documents.length, inputs, sound, reasons, failures };
}

function spliced(place: readonly string[], bytes: Uint8Array): Uint8Array {
  if (place.length === 0) return bytes;
  const [before, after] = JSON.stringify(withValue(bases.mtls, place, mark)).split(`"${mark}"`);
  return joined([before!, bytes, after!]);
}

function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function joined(parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part)));
}

/** Every member of a request that is allowed, twice: once more before or after itself, with the same or another value. */
function* twice(): Generator<readonly [name: string, text: string]> {
  const whole = withValue(bases.mtls, ["request", "headers"], { "user-agent": "robot", accept: "*/*" });
  const text = JSON.stringify(whole);
  for (const [member, name] of text.matchAll(/"([^"]+)":/g)) {
    const at = text.indexOf(member);
    for (const value of ["null", '"x"', "1", "{}"])
      for (const spelled of [member, member.replace(/[a-z]/, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)])
        yield [`${name} twice`, `${text.slice(0, at)}${spelled}${value},${text.slice(at)}`];
  }
  // Names with escapes that are there once are nothing special.
  yield [
    "escaped names",
    text.replaceAll(
      /"([a-z])([^"]*)":/g,
      (_, c: string, rest: string) => `"\\u00${c.charCodeAt(0).toString(16)}${rest}":`,
    ),
  ];
}

/**
 * The value of a sound text: UTF-8, JSON, no name twice in one object, and no number that is beyond all that readers hold. What
 * follows the first value is ignored, as OPA does.
 */
function readSound(bytes: Uint8Array): { readonly value: unknown } | undefined {
  const text = firstValueOf(bytes);
  try {
    const value: unknown = JSON.parse(text);
    return hasTwins(text) || hasInfinity(value) ? undefined : { value };
  } catch {
    return undefined;
  }
}

function firstValueOf(bytes: Uint8Array): string {
  const decode = (part: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(part);
  const read = readJson(bytes, { depth: 1_000_000, numbers: "finite" });
  const isUtf8 = read.failure?.problem !== "not-utf-8";
  const text = decode(isUtf8 ? bytes : bytes.subarray(0, read.failure?.offset));
  const members = scan(text, 1_000_000, "finite");
  if (typeof members === "number") return text;
  if (members.problem === "trailing-data") return text.slice(0, members.offset);
  return isUtf8 ? text : "";
}

/** `opa_eval` takes terms of Rego, too, as OPA in Go writes them: the same as JSON, where it has other escapes and other names. */
function termAsJson(bytes: Uint8Array): Uint8Array {
  let text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  for (const [term, json] of terms) text = text.replace(term, json);
  return encoder.encode(
    text.replaceAll(/\\(?:x([0-7][0-9a-fA-F])|U([0-9a-fA-F]{8})|(.))/gs, (whole, byte, character, other) => {
      if (byte !== undefined) return `\\u00${byte}`;
      if (character !== undefined) return String.fromCodePoint(Number.parseInt(character, 16));
      return other === "a" ? "\\u0007" : other === "v" ? "\\u000b" : whole;
    }),
  );
}

const terms: readonly (readonly [term: string, json: string])[] = [
  ['{"a"}', '["a"]'],
  ["{a:1}", '{"a":1}'],
  ["{1:1}", '{"1":1}'],
  ["{null:1}", '{"null":1}'],
  ['{"x", null}', '["x", null]'],
  ["{9999E9999:1}", '{"9999E9999":1}'],
  ['{a: "b"}', '{"a": "b"}'],
];

function hasInfinity(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === "number" && !Number.isFinite(next)) return true;
    if (typeof next === "object" && next !== null) for (const member of Object.values(next)) open.push(member);
  }
  return false;
}

/** @param text JSON */
function hasTwins(text: string): boolean {
  const open: Set<string>[] = [];
  let last = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token === ":") {
      const name = JSON.parse(last) as string;
      if (open.at(-1)!.has(name)) return true;
      open.at(-1)!.add(name);
    }
    last = token;
  }
  return false;
}

function documentsIn(folder: string): readonly HostileDocument[] {
  return readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  const begin = performance.now();
  const figures = tryHostile([...hostileDocuments(), ...(folder === undefined ? [] : documentsIn(folder))]);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  for (const [reason, count] of [...figures.reasons].sort(([, a], [, b]) => b - a))
    console.log(`${String(count).padStart(8)} ${reason}`);
  for (const failure of figures.failures.slice(0, 20)) console.log(failure.slice(0, 500));
  console.log(
    `${figures.documents} documents in ${figures.inputs} inputs, ${figures.sound} of them sound, five ways each, in ${seconds} s: ${figures.failures.length} failures`,
  );
  if (figures.failures.length > 0) process.exitCode = 1;
}
