/** An input, as an object, to the engine's record of a request: no JSON is written or read on the way. */
import { checkInput, isTime, limits } from "../model/index.ts";
import {
  FACT_SLOT_ADDRESS,
  FACT_SLOT_SIZE,
  FACT_SLOT_VALUE,
  MEMBER_AUD,
  MEMBER_CNF,
  MEMBER_JTI,
  MEMBER_SCOPE,
  MEMBER_SUB,
  PROBLEM_LIMIT,
  PROBLEM_MALFORMED,
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
  REQUEST_SIZE,
  REQUEST_SPIFFE,
  REQUEST_THUMBPRINT,
  REQUEST_TIME,
  TYPE_BOOLEAN,
  TYPE_INTEGER,
  TYPE_LIST,
  TYPE_OTHER,
  TYPE_TEXT,
} from "../wasm/index.ts";
import { type Instance, LIST_ROOM, TEXT_ROOM } from "./instance.ts";
import type { Tables } from "./tables.ts";

const encoder = new TextEncoder();

/** A loop over its members finds those of a prototype that somebody tampered with. */
const EMPTY = {};

/** Places as words. */
const WORD = 4;
const ADDRESS = FACT_SLOT_ADDRESS / WORD;
const VALUE = FACT_SLOT_VALUE / WORD;

type Members = Readonly<Record<string, unknown>>;

/**
 * Looks once at an ordinary input and is certain that it keeps every rule of `checkInput`; whatever is out of the ordinary is
 * given to `checkInput` itself and then written with care. What `JSON.stringify` would leave out is left out.
 */
export class InputWriter {
  readonly #members: ReadonlyMap<string, number>;
  readonly #headers: ReadonlyMap<string, number>;
  readonly #slotWords: number;
  #instance: Instance;
  #words: Int32Array;
  #memberSlots = 0;
  #headerSlots = 0;
  /** The texts so far, and how long they are: to write them as one costs less than to write each. */
  #text = "";
  #length = 0;
  /** The next free place for a list. */
  #list = 0;
  /** An upper bound of the bytes that the input takes as JSON. */
  #weight = 0;
  /** Whether something was met that only a careful look can judge. */
  #doubt = false;
  /** Whether this is that look: the rules are kept already, and each text is encoded by itself. */
  #careful = false;

  constructor(instance: Instance, { members, headers, memberCount, headerCount }: Tables) {
    this.#members = members;
    this.#headers = headers;
    this.#slotWords = ((memberCount + headerCount) * FACT_SLOT_SIZE) / WORD;
    this.#instance = instance;
    this.#words = instance.words;
    this.#memberSlots = instance.engine.writ_slots() / WORD;
    this.#headerSlots = this.#memberSlots + (memberCount * FACT_SLOT_SIZE) / WORD;
  }

  write(value: unknown): void {
    this.#begin(false);
    this.#input(value);
    const { texts } = this.#instance;
    if (!this.#doubt && this.#weight <= limits.inputBytes) {
      // As many bytes as units: all of them are ASCII, so each text begins where it was thought to.
      if (encoder.encodeInto(this.#text, texts).written === this.#length) return;
    }
    const { input, problem } = checkInput(value);
    this.#begin(true);
    if (input) this.#input(input);
    if (!input || this.#doubt)
      this.#words[(REQUEST + REQUEST_PROBLEM) / WORD] = problem === "input-limit" ? PROBLEM_LIMIT : PROBLEM_MALFORMED;
  }

  #begin(careful: boolean): void {
    const words = this.#instance.words;
    this.#words = words;
    words.fill(0, REQUEST / WORD, (REQUEST + REQUEST_SIZE) / WORD);
    words.fill(0, this.#memberSlots, this.#memberSlots + this.#slotWords);
    this.#text = "";
    this.#length = 0;
    this.#list = (this.#instance.room + TEXT_ROOM) / WORD;
    this.#weight = 2;
    this.#careful = careful;
    this.#doubt = false;
    if (!careful) for (const _ in EMPTY) this.#doubt = true;
  }

  #input(value: unknown): void {
    if (!this.#opens(value)) return;
    let complete = 0;
    for (const name in value) {
      const member = this.#member(value, name);
      if (member === undefined) continue;
      switch (name) {
        case "time":
          if (isTime(member)) this.#integer((REQUEST + REQUEST_TIME) / WORD, member);
          else this.#doubt = true;
          complete |= 1;
          break;
        case "token":
          this.#token(member);
          break;
        case "peer":
          this.#peer(member);
          break;
        case "proof":
          this.#part(member, "jkt", REQUEST_PROOF_KEY);
          break;
        case "key":
          this.#part(member, "id", REQUEST_KEY_ID);
          break;
        case "request":
          this.#request(member);
          complete |= 2;
          break;
        default:
          this.#ignored(name, member, 2);
      }
    }
    if (complete !== 3) this.#doubt = true;
  }

  #token(value: unknown): void {
    if (!this.#opens(value)) return;
    this.#words[(REQUEST + REQUEST_HAS_TOKEN) / WORD] = 1;
    for (const name in value) {
      const member = this.#member(value, name);
      if (member === undefined) continue;
      const number = this.#members.get(name);
      if (number === undefined) {
        this.#ignored(name, member, 3);
        continue;
      }
      const slot = this.#memberSlots + (number * FACT_SLOT_SIZE) / WORD;
      if (number === MEMBER_CNF) this.#confirmation(slot, member);
      else this.#fact(slot, member);
      if (!this.#careful && exceedsLimit(number, member)) this.#doubt = true;
    }
  }

  /** RFC 7800 §3.1. What is malformed here is judged in its turn: it is no fault of the input's shape. */
  #confirmation(slot: number, value: unknown): void {
    this.#words[slot] = TYPE_OTHER;
    const place = (REQUEST + REQUEST_CONFIRMATION) / WORD;
    this.#words[place] = 2;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.#weigh(value, 3);
      return;
    }
    if (!this.#opens(value)) return;
    this.#words[place] = 1;
    for (const name in value) {
      const member = this.#member(value, name);
      if (member === undefined) continue;
      const field =
        name === "x5t#S256" ? REQUEST_CONFIRMED_CERTIFICATE : name === "jkt" ? REQUEST_CONFIRMED_KEY : undefined;
      if (field === undefined) this.#ignored(name, member, 4);
      else if (typeof member === "string") this.#span(field, member);
      else {
        this.#words[place] = 2;
        this.#weigh(member, 4);
      }
    }
  }

  #peer(value: unknown): void {
    if (!this.#opens(value)) return;
    for (const name in value) {
      const member = this.#member(value, name);
      if (member === undefined) continue;
      if (name === "x5t#S256") this.#textOf(REQUEST_THUMBPRINT, member, limits.inputBytes);
      else if (name === "spiffe") this.#textOf(REQUEST_SPIFFE, member, limits.spiffeBytes);
      else this.#ignored(name, member, 3);
    }
  }

  /** An object of which one member counts. */
  #part(value: unknown, known: string, field: number): void {
    if (!this.#opens(value)) return;
    for (const name in value) {
      const member = this.#member(value, name);
      if (member === undefined) continue;
      if (name === known) this.#textOf(field, member, limits.inputBytes);
      else this.#ignored(name, member, 3);
    }
  }

  #request(value: unknown): void {
    if (!this.#opens(value)) return;
    let complete = 0;
    for (const name in value) {
      const member = this.#member(value, name);
      if (member === undefined) continue;
      switch (name) {
        case "host":
          this.#textOf(REQUEST_HOST, member, limits.inputBytes);
          complete |= 1;
          break;
        case "method":
          this.#textOf(REQUEST_METHOD, member, limits.inputBytes);
          complete |= 2;
          break;
        case "path":
          this.#textOf(REQUEST_PATH, member, limits.pathBytes);
          if (!this.#careful && typeof member === "string" && hasManySegments(member)) this.#doubt = true;
          complete |= 4;
          break;
        case "ip":
          this.#textOf(REQUEST_IP, member, limits.inputBytes);
          break;
        case "headers":
          this.#requestHeaders(member);
          break;
        default:
          this.#ignored(name, member, 3);
      }
    }
    if (complete !== 7) this.#doubt = true;
  }

  #requestHeaders(value: unknown): void {
    if (!this.#opens(value)) return;
    for (const name in value) {
      const member = this.#member(value, name);
      if (member === undefined) continue;
      const number = this.#headers.get(name);
      if (number !== undefined) {
        const slot = this.#headerSlots + (number * FACT_SLOT_SIZE) / WORD;
        this.#fact(slot, member);
        if (this.#words[slot] !== TYPE_TEXT && this.#words[slot] !== TYPE_LIST) this.#doubt = true;
        continue;
      }
      this.#ignored(name, member, 4);
      if (typeof member !== "string" && !(Array.isArray(member) && member.every((item) => typeof item === "string")))
        this.#doubt = true;
    }
  }

  /** Whether the value is an object whose members a plain loop finds. */
  #opens(value: unknown): value is Members {
    if (typeof value !== "object" || value === null) {
      this.#doubt = true;
      return false;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    // An array has another prototype too.
    if (prototype !== Object.prototype && prototype !== null && !this.#careful) this.#doubt = true;
    return true;
  }

  /** INVARIANT: never a member of a prototype: in a plain object of which nobody tampered with the prototype there is none. */
  #member(object: Members, name: string): unknown {
    this.#weight += 6 * name.length + 4;
    return this.#careful && !Object.hasOwn(object, name) ? undefined : object[name];
  }

  #ignored(name: string, value: unknown, depth: number): void {
    if (this.#careful) return;
    if (!name.isWellFormed()) this.#doubt = true;
    this.#weigh(value, depth);
  }

  /** For what counts only by being there. */
  #weigh(value: unknown, depth: number): void {
    if (this.#careful) return;
    switch (typeof value) {
      case "string":
        this.#weight += 6 * value.length + 3;
        if (!value.isWellFormed()) this.#doubt = true;
        return;
      case "number":
      case "boolean":
        this.#weight += limits.numberBytes + 1;
        return;
      case "object":
        if (value !== null) this.#weighMembers(value, depth);
        else this.#weight += 5;
        return;
      default:
        this.#doubt = true;
    }
  }

  #weighMembers(value: object, depth: number): void {
    this.#weight += 3;
    if (depth > limits.inputDepth || this.#weight > limits.inputBytes) {
      this.#doubt = true;
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) this.#weigh(value[index], depth + 1);
    } else if (this.#opens(value)) {
      for (const name in value) {
        const member = this.#member(value, name);
        if (member !== undefined) this.#ignored(name, member, depth + 1);
      }
    }
  }

  #fact(slot: number, value: unknown): void {
    const words = this.#words;
    switch (typeof value) {
      case "string":
        words[slot] = TYPE_TEXT;
        this.#place(slot + ADDRESS, slot + VALUE, value);
        return;
      case "boolean":
        words[slot] = TYPE_BOOLEAN;
        words[slot + VALUE] = value ? 1 : 0;
        this.#weight += 6;
        return;
      case "number":
        words[slot] = Number.isSafeInteger(value) ? TYPE_INTEGER : TYPE_OTHER;
        this.#integer(slot + VALUE, value);
        return;
      default:
        words[slot] = Array.isArray(value) && this.#texts(slot, value) ? TYPE_LIST : TYPE_OTHER;
        if (words[slot] === TYPE_OTHER) this.#weigh(value, 3);
    }
  }

  #integer(place: number, value: number): void {
    this.#weight += limits.numberBytes + 1;
    this.#words[place] = value;
    this.#words[place + 1] = Math.floor(value / 2 ** 32);
  }

  /** Whether all items are texts; then they are written. */
  #texts(slot: number, items: readonly unknown[]): boolean {
    const begin = this.#list;
    const room = this.#instance.room + TEXT_ROOM + LIST_ROOM;
    if ((begin + 2 * items.length) * WORD > room) {
      this.#doubt = true;
      return false;
    }
    for (const item of items) if (typeof item !== "string") return false;
    this.#list += 2 * items.length;
    for (let index = 0; index < items.length; index++)
      this.#place(begin + 2 * index, begin + 2 * index + 1, items[index] as string);
    this.#weight += 3;
    this.#words[slot + ADDRESS] = begin * WORD;
    this.#words[slot + VALUE] = items.length;
    return true;
  }

  #textOf(field: number, value: unknown, limit: number): void {
    if (typeof value !== "string" || (value.length > limit && !this.#careful)) this.#doubt = true;
    else this.#span(field, value);
  }

  #span(field: number, text: string): void {
    const place = (REQUEST + field) / WORD;
    this.#place(place, place + 1, text);
  }

  #place(address: number, length: number, text: string): void {
    this.#words[address] = this.#instance.room + this.#length;
    if (!this.#careful) {
      this.#words[length] = text.length;
      this.#weight += 6 * text.length + 3;
      this.#text += text;
      this.#length += text.length;
      return;
    }
    const { read, written } = encoder.encodeInto(text, this.#instance.texts.subarray(this.#length));
    if (read !== text.length) this.#doubt = true;
    this.#words[length] = written;
    this.#length += written;
  }
}

/** Never true of less than is allowed: where it may be true, `checkInput` counts. */
function exceedsLimit(member: number, value: unknown): boolean {
  switch (member) {
    case MEMBER_SUB:
    case MEMBER_JTI:
      return typeof value === "string" && value.length > limits.nameBytes;
    case MEMBER_AUD:
      return Array.isArray(value) && value.length > limits.audiences;
    case MEMBER_SCOPE:
      // A name and a space take two units.
      return (
        typeof value === "string" && value.length > 2 * limits.scopeCount && count(value, " ") >= limits.scopeCount
      );
    default:
      return false;
  }
}

function hasManySegments(path: string): boolean {
  return path.length > limits.pathSegments && count(path, "/") > limits.pathSegments;
}

function count(text: string, unit: string): number {
  let found = 0;
  for (let at = text.indexOf(unit); at >= 0; at = text.indexOf(unit, at + 1)) found++;
  return found;
}
