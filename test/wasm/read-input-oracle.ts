/** What the engine must make of a text: the verdict of the strict reader and of the reference, and what is kept of a sound one. */
import { readJson } from "../../src/json/index.ts";
import { checkInput } from "../../src/model/index.ts";
import {
  FACT_SLOT_ADDRESS,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  PROBLEM_LIMIT,
  PROBLEM_MALFORMED,
  PROBLEM_NONE,
  REQUEST,
  REQUEST_CONFIRMATION,
  REQUEST_CONFIRMED_CERTIFICATE,
  REQUEST_CONFIRMED_KEY,
  REQUEST_HAS_TOKEN,
  REQUEST_HOST,
  REQUEST_IP,
  REQUEST_KEY_ID,
  REQUEST_METHOD,
  REQUEST_PATH,
  REQUEST_PROBLEM,
  REQUEST_PROOF_KEY,
  REQUEST_SPIFFE,
  REQUEST_THUMBPRINT,
  REQUEST_TIME,
  SPAN_SIZE,
  TYPE_ABSENT,
  TYPE_BOOLEAN,
  TYPE_INTEGER,
  TYPE_LIST,
  TYPE_OTHER,
  TYPE_TEXT,
} from "../../src/wasm/layout.ts";
import { registered, type Scanner } from "./scanner.ts";

export const claims = ["env", "tenant", "roles", "née", "a b", "level"];
export const headers = ["x-env", "content-type", "x-é", "accept"];

export interface Read {
  readonly isJson: boolean;
  readonly problem: number;
  /** Only of an input without a problem. */
  readonly kept?: Readonly<Record<string, unknown>>;
}

type Members = Readonly<Record<string, unknown>>;

export function expectedOf(bytes: Uint8Array): Read {
  const text = firstValue(bytes);
  const { value, failure } = readJson(text, { depth: text.length + 1, numbers: "finite" }) as JsonVerdict;
  switch (failure?.problem) {
    case undefined:
      return judged(value);
    case "forbidden-key":
      // The procedure takes `__proto__` for a name like any other.
      return judged(parseFirst(text));
    case "duplicate-key":
    case "number":
    case "surrogate": {
      // Refused however it is shaped, but size and nesting come first; in a list nothing has limits of its own.
      const parsed = parseFirst(text);
      if (parsed === undefined) return { isJson: false, problem: PROBLEM_MALFORMED };
      const isLarge = [parsed, [parsed]].every((v) => checkInput(v).problem === "input-limit");
      return { isJson: true, problem: isLarge ? PROBLEM_LIMIT : PROBLEM_MALFORMED };
    }
    default:
      return { isJson: false, problem: PROBLEM_MALFORMED };
  }
}

type JsonVerdict = { readonly value?: unknown; readonly failure?: { readonly problem: string } };

function judged(value: unknown): Read {
  const { input, problem } = checkInput(value);
  if (input) return { isJson: true, problem: PROBLEM_NONE, kept: keptOf(input as unknown as Members) };
  return { isJson: true, problem: problem === "input-limit" ? PROBLEM_LIMIT : PROBLEM_MALFORMED };
}

/** The text without what follows its first value, where it has one. */
function firstValue(bytes: Uint8Array): Uint8Array {
  let text = bytes;
  for (;;) {
    const { failure } = readJson(text, { depth: text.length + 1, numbers: "finite" });
    if (failure?.problem === "not-utf-8") text = text.subarray(0, Math.min(failure.offset, text.length - 1));
    else if (failure?.problem === "trailing-data")
      return encoder.encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(text).slice(0, failure.offset));
    else return text;
  }
}

const encoder = new TextEncoder();

/** What the built-in parser makes of the first value: it minds neither halves of surrogate pairs nor names said twice. */
function parseFirst(bytes: Uint8Array): unknown {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    const end = /after JSON at position (\d+)/.exec(String(error))?.[1];
    return end === undefined ? undefined : JSON.parse(text.slice(0, Number(end)));
  }
}

function keptOf(input: Members): Record<string, unknown> {
  const [token, peer, proof, key] = ["token", "peer", "proof", "key"].map((name) => own(input, name) as Members);
  const request = input.request as Members;
  const kept: Record<string, unknown> = {
    time: (input.time as number) + 0,
    hasToken: token !== undefined,
    host: request.host,
    method: request.method,
    path: request.path,
    ip: own(request, "ip"),
    spiffe: own(peer, "spiffe"),
    thumbprint: own(peer, "x5t#S256"),
    proof: own(proof, "jkt"),
    key: own(key, "id"),
  };
  for (const name of [...registered, ...claims]) kept[`claim ${name}`] = factOf(own(token, name));
  // Only what it holds is kept of it.
  if (kept["claim cnf"] !== "absent") kept["claim cnf"] = "other";
  for (const name of headers) kept[`header ${name}`] = factOf(own(own(request, "headers") as Members, name));
  const cnf = own(token, "cnf");
  kept.confirmation = cnf === undefined ? 0 : isConfirmation(cnf) ? 1 : 2;
  if (kept.confirmation === 1) {
    kept.certificate = own(cnf as Members, "x5t#S256");
    kept.confirmedKey = own(cnf as Members, "jkt");
  }
  return kept;
}

function own(object: Members | undefined, name: string): unknown {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

function isConfirmation(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    ["x5t#S256", "jkt"].every((name) => ["string", "undefined"].includes(typeof own(value as Members, name)))
  );
}

function factOf(value: unknown): unknown {
  if (value === undefined) return "absent";
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (Number.isSafeInteger(value)) return (value as number) + 0;
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : "other";
}

/** Writes a text where hosts do, and reads it. */
export function scanned(scanner: Scanner, text: Uint8Array): Read {
  const base = scanner.prepare(text.length);
  new Uint8Array(scanner.memory.buffer).set(text, base);
  return { ...scannedAt(scanner, base, text.length) };
}

export function scannedAt(scanner: Scanner, address: number, length: number): Read {
  const isJson = scanner.scan(address, length) !== 0;
  const view = new DataView(scanner.memory.buffer);
  const problem = view.getUint32(REQUEST + REQUEST_PROBLEM, true);
  return { isJson, problem, ...(problem === PROBLEM_NONE && { kept: dump(scanner, view) }) };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function dump(scanner: Scanner, view: DataView): Record<string, unknown> {
  const word = (address: number) => view.getUint32(address, true);
  const bytes = (address: number, length: number) =>
    decoder.decode(new Uint8Array(scanner.memory.buffer, address, length));
  const span = (address: number) => (word(address) === 0 ? undefined : bytes(word(address), word(address + 4)));
  const field = (offset: number) => span(REQUEST + offset);
  const fact = (slot: number): unknown => {
    const address = word(slot + FACT_SLOT_ADDRESS);
    const count = word(slot + FACT_SLOT_VALUE);
    const value = Number(view.getBigInt64(slot + FACT_SLOT_VALUE, true));
    switch (word(slot + FACT_SLOT_TYPE)) {
      case TYPE_ABSENT:
        return "absent";
      case TYPE_BOOLEAN:
        return value === 1 ? true : value === 0 ? false : "no boolean";
      case TYPE_INTEGER:
        return value;
      case TYPE_TEXT:
        return bytes(address, count);
      case TYPE_LIST:
        return Array.from({ length: count }, (_, i) => span(address + i * SPAN_SIZE));
      case TYPE_OTHER:
        return "other";
      default:
        return "no type";
    }
  };
  const kept: Record<string, unknown> = {
    time: Number(view.getBigInt64(REQUEST + REQUEST_TIME, true)),
    hasToken: word(REQUEST + REQUEST_HAS_TOKEN) === 1,
    host: field(REQUEST_HOST),
    method: field(REQUEST_METHOD),
    path: field(REQUEST_PATH),
    ip: field(REQUEST_IP),
    spiffe: field(REQUEST_SPIFFE),
    thumbprint: field(REQUEST_THUMBPRINT),
    proof: field(REQUEST_PROOF_KEY),
    key: field(REQUEST_KEY_ID),
  };
  for (const [number, name] of [...registered, ...claims].entries())
    kept[`claim ${name}`] = fact(scanner.memberSlot(number));
  for (const [number, name] of headers.entries()) kept[`header ${name}`] = fact(scanner.headerSlot(number));
  kept.confirmation = word(REQUEST + REQUEST_CONFIRMATION);
  if (kept.confirmation === 1) {
    kept.certificate = field(REQUEST_CONFIRMED_CERTIFICATE);
    kept.confirmedKey = field(REQUEST_CONFIRMED_KEY);
  }
  return kept;
}
