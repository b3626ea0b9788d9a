/** The one strict reader of JSON: every file and message that Writ takes in passes here before anything looks at it. */
import { assert, type JsonProblem } from "../diagnostics/index.ts";
import { PlaceRecorder, Places } from "./places.ts";
import { type JsonFailure, type JsonListener, type JsonNumbers, scan } from "./scan.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export interface JsonLimits {
  /** Bytes of the input, or UTF-16 units when it is a string. Default 128 MiB. */
  readonly size?: number;
  /** How many arrays and objects may be open at once. Default 64. */
  readonly depth?: number;
  /** Default `whole`. */
  readonly numbers?: JsonNumbers;
}

export type JsonResult = { readonly value: JsonValue; readonly failure?: never } | { readonly failure: JsonFailure };

export interface JsonDocument {
  readonly value: JsonValue;
  readonly places: Places;
  readonly failure?: never;
}

const DEFAULTS = { size: 128 * 1024 * 1024, depth: 64, numbers: "whole" } as const;

/**
 * Reads one JSON value. Refused beside what is no JSON: duplicate keys, `__proto__`, a byte order mark, bad UTF-8, half surrogate
 * pairs, numbers that other readers would round, and whatever is larger or deeper than the limits.
 *
 * @example
 * const read = readJson('{"tier": 2}');
 * if (read.failure) console.log(read.failure.problem, read.failure.offset);
 * else console.log(read.value);
 */
export function readJson(input: string | Uint8Array, limits: JsonLimits = {}): JsonResult {
  const text = decode(input, limits);
  if (typeof text !== "string") return { failure: text };
  return read(text, limits);
}

/** The same verdicts, and where each value and key stands in the text. */
export function readJsonWithPositions(
  text: string,
  limits: JsonLimits = {},
): JsonDocument | { readonly failure: JsonFailure } {
  const failure = checkText(text, limits);
  if (failure) return { failure };
  const recorder = new PlaceRecorder();
  const result = read(text, limits, recorder);
  return result.failure ? result : { value: result.value, places: new Places(text, recorder.list) };
}

function read(text: string, limits: JsonLimits, listener?: JsonListener): JsonResult {
  const depth = limits.depth ?? DEFAULTS.depth;
  const numbers = limits.numbers ?? DEFAULTS.numbers;
  const members = scan(text, depth, numbers, listener);
  if (typeof members !== "number") return { failure: members };
  const value = hasEscapedKey(text, depth) ? build(text, depth) : (JSON.parse(text) as JsonValue);
  // INVARIANT: the built-in parser keeps the last of two equal keys, so a duplicate, and only that, leaves fewer members.
  if (countMembers(value) !== members) {
    const duplicate = scan(text, depth, numbers, duplicateFinder(text));
    assert(typeof duplicate !== "number", "members are missing though no key occurs twice");
    return { failure: duplicate };
  }
  return { value };
}

/**
 * V8 of Node 24 compares the raw text of a key with keys that it has met before, escapes and all: after an object with the key `a\`
 * it may read the key `a"` as that one. So texts with an escape in a key are not left to the built-in parser.
 */
function hasEscapedKey(text: string, depth: number): boolean {
  if (!text.includes("\\")) return false;
  let found = false;
  scan(text, depth, "finite", {
    key(start, end) {
      found ||= text.slice(start, end).includes("\\");
      return undefined;
    },
    open: () => undefined,
    close: () => undefined,
  });
  return found;
}

interface Frame {
  readonly start: number;
  /** Absent for a value that holds no others. */
  readonly container?: JsonValue[] | Record<string, JsonValue>;
  key: string;
}

/** The value of a sound text, key by key. The built-in parser reads only texts, numbers and words, each by itself. */
function build(text: string, depth: number): JsonValue {
  const frames: Frame[] = [];
  let root: JsonValue = null;
  scan(text, depth, "finite", {
    key(start, end) {
      const frame = frames.at(-1);
      if (frame) frame.key = JSON.parse(text.slice(start, end)) as string;
      return undefined;
    },
    open(start) {
      const opening = text.charAt(start);
      const container = opening === "{" ? {} : opening === "[" ? [] : undefined;
      frames.push({ start, key: "", ...(container && { container }) });
    },
    close(end) {
      const { start = 0, container } = frames.pop() ?? {};
      const value = container ?? (JSON.parse(text.slice(start, end)) as JsonValue);
      const parent = frames.at(-1);
      if (!parent?.container) root = value;
      else if (Array.isArray(parent.container)) parent.container.push(value);
      else parent.container[parent.key] = value;
    },
  });
  return root;
}

function countMembers(root: JsonValue): number {
  let members = 0;
  const open: JsonValue[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null || typeof node !== "object") continue;
    const values = Array.isArray(node) ? node : Object.values(node);
    if (values !== node) members += values.length;
    for (let index = 0; index < values.length; index++) {
      if (typeof values[index] === "object") open.push(values[index]);
    }
  }
  return members;
}

/** The slow second look, only taken when there is something to find. */
function duplicateFinder(text: string): JsonListener {
  const open: Set<string>[] = [];
  return {
    key(start, end): JsonProblem | undefined {
      const key = JSON.parse(text.slice(start, end)) as string;
      const seen = open.at(-1);
      if (seen?.has(key)) return "duplicate-key";
      seen?.add(key);
      return undefined;
    },
    open: () => open.push(new Set()),
    close: () => open.pop(),
  };
}

function decode(input: string | Uint8Array, limits: JsonLimits): string | JsonFailure {
  if (typeof input === "string") return checkText(input, limits) ?? input;
  if (input.length > (limits.size ?? DEFAULTS.size))
    return { problem: "too-large", offset: limits.size ?? DEFAULTS.size };
  if (input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf) return { problem: "byte-order-mark", offset: 0 };
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    return { problem: "not-utf-8", offset: firstBadByte(input) };
  }
}

function checkText(text: string, limits: JsonLimits): JsonFailure | undefined {
  const size = limits.size ?? DEFAULTS.size;
  if (text.length > size) return { problem: "too-large", offset: size };
  if (text.charCodeAt(0) === 0xfeff) return { problem: "byte-order-mark", offset: 0 };
  if (text.isWellFormed()) return undefined;
  return {
    problem: "surrogate",
    offset: /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text)?.index ?? 0,
  };
}

/** Everything before the first replacement character decoded well, and decoding what decoded well is reversible. */
function firstBadByte(input: Uint8Array): number {
  const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(input);
  const again = new TextEncoder().encode(lossy);
  let at = 0;
  while (at < input.length && input[at] === again[at]) at++;
  return at;
}
