/** The engine's record of a decision to the decision that everybody knows: texts are decoded once and remembered by their place. */
import { type Decision, type Reason, reasons } from "../model/index.ts";
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

/** How many texts, and how many sets of headers, are remembered. */
const LIMIT = 4096;
const WORD = 4;
const GRANTED = reasons.indexOf("granted");

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Headers = Readonly<Record<string, string>>;
const NO_HEADERS: Headers = Object.freeze({});

export class DecisionReader {
  readonly #instance: Instance;
  readonly #revision: string;
  readonly #texts = new Map<number, string>();
  readonly #headers = new Map<number, { readonly bytes: Uint8Array; readonly headers: Headers }>();

  constructor(instance: Instance, revision: string) {
    this.#instance = instance;
    this.#revision = revision;
  }

  read(): Decision {
    const { words } = this.#instance;
    const revision = this.#revision;
    const reason = words[(RESULT + RESULT_REASON) / WORD]!;
    const identity = this.#text(words[(RESULT + RESULT_IDENTITY) / WORD]!);
    const tier = this.#text(words[(RESULT + RESULT_TIER) / WORD]!);
    const operation = this.#text(words[(RESULT + RESULT_OPERATION) / WORD]!);
    if (reason !== GRANTED) {
      const refusal = { allow: false, reason: reasons[reason] as Exclude<Reason, "granted">, revision } as const;
      return {
        ...refusal,
        ...(identity !== undefined && { identity }),
        ...(tier !== undefined && { tier }),
        ...(operation !== undefined && { operation }),
      };
    }
    const granted = {
      allow: true,
      reason: "granted",
      operation: operation!,
      grants: this.#grants(),
      emergency: words[(RESULT + RESULT_EMERGENCY) / WORD] === 1,
      headers: this.#upstream(),
      until: this.#instance.doubles[(RESULT + RESULT_UNTIL) / 8]!,
      revision,
    } as const;
    return identity === undefined ? granted : { ...granted, identity, tier: tier! };
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

  #text(address: number): string | undefined {
    if (address === 0) return undefined;
    const known = this.#texts.get(address);
    if (known !== undefined) return known;
    const view = new DataView(this.#instance.memory.buffer, address >>> 0);
    const text = this.#parse((address >>> 0) + TEXT_JSON, view.getUint32(TEXT_JSON_LENGTH, true)) as string;
    if (this.#texts.size === LIMIT) this.#texts.clear();
    this.#texts.set(address, text);
    return text;
  }

  /** Most requests bring headers that some request before has brought: equal bytes are not parsed again. */
  #upstream(): Headers {
    const { words, bytes } = this.#instance;
    const address = words[(RESULT + RESULT_UPSTREAM) / WORD]! >>> 0;
    const length = words[(RESULT + RESULT_UPSTREAM_LENGTH) / WORD]!;
    if (length <= 2) return NO_HEADERS;
    let hash = length;
    for (let at = address; at < address + length; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    const known = this.#headers.get(hash);
    if (known && isAt(known.bytes, bytes, address, length)) return known.headers;
    const headers = Object.freeze(this.#parse(address, length) as Record<string, string>);
    if (this.#headers.size === LIMIT) this.#headers.clear();
    this.#headers.set(hash, { bytes: bytes.slice(address, address + length), headers });
    return headers;
  }

  #parse(address: number, length: number): unknown {
    return JSON.parse(decoder.decode(this.#instance.bytes.subarray(address, address + length)));
  }
}

function isAt(known: Uint8Array, bytes: Uint8Array, address: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let index = 0; index < length; index++) if (known[index] !== bytes[address + index]) return false;
  return true;
}
