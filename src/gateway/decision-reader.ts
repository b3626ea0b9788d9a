/** The engine's record of a decision to the decision that everybody knows: texts are decoded once and remembered by their place. */
import { type Allow, type Decision, type Refusal, reasons } from "../model/index.ts";
import {
  RESULT,
  RESULT_EMERGENCY,
  RESULT_GRANT_COUNT,
  RESULT_GRANTS,
  RESULT_IDENTITY,
  RESULT_OPERATION,
  RESULT_REASON,
  RESULT_TIER,
  RESULT_UNTIL,
  RESULT_UPSTREAM,
  RESULT_UPSTREAM_LENGTH,
  RULE_NAME,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
} from "../wasm/index.ts";
import type { Instance } from "./instance.ts";
import { Remembered } from "./remembered.ts";

/** How many texts, and how many sets of headers, are surely remembered: as many callers a gateway has in a while, and no more than some mebibytes. */
const LIMIT = 16_384;
const WORD = 4;
const GRANTED = reasons.indexOf("granted");

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Headers = Readonly<Record<string, string>>;
const NO_HEADERS: Headers = Object.freeze({});

/** While it is made: to spread one object into another would cost more than all the rest. */
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

interface KnownHeaders {
  readonly length: number;
  /** Of their text; behind its end the last one has zeros. */
  readonly words: Int32Array;
  readonly headers: Headers;
}

interface Caller {
  readonly name: string;
  /** What went to the upstream with the last request: with the next one it mostly is the same. */
  headers: KnownHeaders | undefined;
}

export class DecisionReader {
  readonly #instance: Instance;
  readonly #revision: string;
  readonly #callers = new Remembered<Caller>(LIMIT);
  readonly #texts = new Remembered<string>(LIMIT);
  readonly #headers = new Remembered<KnownHeaders>(LIMIT);

  constructor(instance: Instance, revision: string) {
    this.#instance = instance;
    this.#revision = revision;
  }

  read(): Decision {
    this.#instance.refresh();
    const { words } = this.#instance;
    const revision = this.#revision;
    const place = words[(RESULT + RESULT_REASON) / WORD]!;
    const caller = this.#caller(words[(RESULT + RESULT_IDENTITY) / WORD]!);
    const identity = caller?.name;
    const tier = this.#text(words[(RESULT + RESULT_TIER) / WORD]!);
    const operation = this.#text(words[(RESULT + RESULT_OPERATION) / WORD]!);
    if (place !== GRANTED) {
      const refusal: Mutable<Refusal> = { allow: false, reason: reasons[place] as Refusal["reason"], revision };
      if (identity !== undefined) refusal.identity = identity;
      if (tier !== undefined) refusal.tier = tier;
      if (operation !== undefined) refusal.operation = operation;
      return refusal;
    }
    const grants = this.#grants();
    const emergency = words[(RESULT + RESULT_EMERGENCY) / WORD] === 1;
    const headers = this.#upstream(caller);
    const until = this.#instance.doubles[(RESULT + RESULT_UNTIL) / 8]!;
    const granted: Mutable<Allow> = {
      allow: true,
      reason: "granted",
      operation: operation!,
      grants,
      emergency,
      headers,
      until,
      revision,
    };
    if (identity !== undefined) granted.identity = identity;
    if (tier !== undefined) granted.tier = tier;
    return granted;
  }

  #grants(): readonly string[] {
    const { words } = this.#instance;
    const grants: string[] = [];
    const first = words[(RESULT + RESULT_GRANTS) / WORD]! >>> 2;
    const count = words[(RESULT + RESULT_GRANT_COUNT) / WORD]!;
    for (let index = 0; index < count; index++)
      grants.push(this.#text(words[(words[first + index]! >>> 2) + RULE_NAME / WORD]!)!);
    return grants;
  }

  #caller(address: number): Caller | undefined {
    if (address === 0) return undefined;
    const known = this.#callers.get(address);
    if (known) return known;
    const caller: Caller = { name: this.#decode(address), headers: undefined };
    this.#callers.set(address, caller);
    return caller;
  }

  #text(address: number): string | undefined {
    if (address === 0) return undefined;
    const known = this.#texts.get(address);
    if (known !== undefined) return known;
    const text = this.#decode(address);
    this.#texts.set(address, text);
    return text;
  }

  #decode(address: number): string {
    const view = new DataView(this.#instance.memory.buffer, address >>> 0);
    return this.#parse((address >>> 0) + TEXT_JSON, view.getUint32(TEXT_JSON_LENGTH, true)) as string;
  }

  /** Most requests bring headers that some request before has brought: equal bytes are not parsed again. */
  #upstream(caller: Caller | undefined): Headers {
    const { words } = this.#instance;
    const address = words[(RESULT + RESULT_UPSTREAM) / WORD]! >>> 0;
    const length = words[(RESULT + RESULT_UPSTREAM_LENGTH) / WORD]!;
    if (length <= 2) return NO_HEADERS;
    const last = caller?.headers;
    if (last?.length === length && isAt(last, words, address)) return last.headers;
    const known = this.#headersAt(address, length);
    if (caller) caller.headers = known;
    return known.headers;
  }

  #headersAt(address: number, length: number): KnownHeaders {
    const { words } = this.#instance;
    // The engine writes them at a whole word.
    const text = words.slice(address >>> 2, (address + length + 3) >>> 2);
    text[text.length - 1]! &= endingOf(length);
    let hash = length;
    for (const word of text) hash = Math.imul(hash ^ (hash >>> 15) ^ word, 0x9e3779b1);
    const known = this.#headers.get(hash);
    if (known?.length === length && isAt(known, words, address)) return known;
    const headers = Object.freeze(this.#parse(address, length) as Record<string, string>);
    const read = { length, words: text, headers };
    this.#headers.set(hash, read);
    return read;
  }

  #parse(address: number, length: number): unknown {
    return JSON.parse(decoder.decode(this.#instance.bytes.subarray(address, address + length)));
  }
}

function isAt({ length, words: known }: KnownHeaders, words: Int32Array, address: number): boolean {
  const first = address >>> 2;
  const last = known.length - 1;
  for (let index = 0; index < last; index++) if (known[index] !== words[first + index]) return false;
  return known[last] === (words[first + last]! & endingOf(length));
}

/** Which bytes of the last word belong to a text of this length. */
function endingOf(length: number): number {
  return -1 >>> ((-length & 3) << 3);
}
