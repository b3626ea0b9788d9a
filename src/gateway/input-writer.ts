/** An input, as an object, to the engine's record of a request: no JSON is written or read on the way. */
import { checkInput, isObject, isTime, limits } from "../model/index.ts";
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

/** INVARIANT: never a member of a prototype. Called so, in a loop over the members, it costs the engine nothing. */
const owns = Object.prototype.hasOwnProperty;

/** Places as words. */
const WORD = 4;
const ADDRESS = FACT_SLOT_ADDRESS / WORD;
const VALUE = FACT_SLOT_VALUE / WORD;

/** More than the names of this file take, with numbers, brackets, quotes, commas and colons. */
const FIXED_WEIGHT = 1024;
/** More than anything takes but a text: a number, a word, brackets, each with quotes, comma and colon. */
const OTHER_WEIGHT = 16;

/** A power of two, and more members than tokens mostly have. */
const REMEMBERED = 64;
/** Longer texts are not remembered. */
const SHORT = 256;

type Members = Readonly<Record<string, unknown>>;

/**
 * Looks once at an ordinary input and is certain that it keeps every rule of `checkInput`; whatever is out of the ordinary is
 * given to `checkInput` itself and then written with care. What `JSON.stringify` would leave out is left out.
 */
export class InputWriter {
  readonly #members: ReadonlyMap<string, number>;
  readonly #headers: ReadonlyMap<string, number>;
  readonly #instance: Instance;
  readonly #memberSlots: number;
  readonly #headerSlots: number;
  readonly #slotsEnd: number;
  /** Of all names that are known, and of what belongs to them but texts. */
  readonly #knownWeight: number;
  /** The members of the token before, and their numbers. INVARIANT: texts from the start, so that no letters are compared. */
  readonly #order: string[] = Array.from({ length: REMEMBERED }, () => "");
  readonly #numbers: Int32Array;
  /** By their length: what is known to be well-formed. To compare costs less than to ask the platform. */
  readonly #wellFormed: string[] = Array.from({ length: SHORT }, () => "");
  #words: Int32Array;
  #room = 0;
  /** The bytes of all texts so far. */
  #length = 0;
  /** The next free place for a list. */
  #nextList = 0;
  /** An upper bound of the bytes that the input takes as JSON, but for the texts so far. */
  #weight = 0;
  /** Whether something was met that only a careful look can judge. */
  #doubt = false;
  /** Whether this is that look: the rules are kept already, and each text is encoded by itself. */
  #careful = false;

  constructor(instance: Instance, { members, headers, memberCount, headerCount }: Tables) {
    this.#members = members;
    this.#numbers = new Int32Array(REMEMBERED).fill(members.get("") ?? -1);
    this.#headers = headers;
    this.#instance = instance;
    this.#words = instance.words;
    this.#memberSlots = instance.engine.writ_slots() / WORD;
    this.#headerSlots = this.#memberSlots + (memberCount * FACT_SLOT_SIZE) / WORD;
    this.#slotsEnd = this.#headerSlots + (headerCount * FACT_SLOT_SIZE) / WORD;
    this.#knownWeight = FIXED_WEIGHT;
    for (const name of [...members.keys(), ...headers.keys()]) this.#knownWeight += weightOf(name) + OTHER_WEIGHT;
  }

  /** @param time in place of the input's own */
  write(value: unknown, time?: number): void {
    this.#begin(false);
    // To write all texts as one costs less than to write each: so what reads a part of the input returns the texts in it.
    const text = this.#input(value, time);
    const { texts } = this.#instance;
    if (!this.#doubt && this.#weight + 6 * this.#length <= limits.inputBytes) {
      // As many bytes as units: all of them are ASCII, so each text begins where it was thought to.
      if (encoder.encodeInto(text, texts).written === this.#length) return;
    }
    const { input, problem } = checkInput(time !== undefined && isObject(value) ? { ...value, time } : value);
    this.#begin(true);
    if (input) this.#input(input);
    if (!input || this.#doubt)
      this.#words[(REQUEST + REQUEST_PROBLEM) / WORD] = problem === "input-limit" ? PROBLEM_LIMIT : PROBLEM_MALFORMED;
  }

  #begin(careful: boolean): void {
    const { words, room } = this.#instance;
    this.#words = words;
    this.#room = room;
    // Loops: the built-in way to fill costs more than a hundred of these.
    for (let at = REQUEST / WORD; at < (REQUEST + REQUEST_SIZE) / WORD; at++) words[at] = 0;
    for (let at = this.#memberSlots; at < this.#slotsEnd; at += FACT_SLOT_SIZE / WORD) words[at] = 0;
    this.#length = 0;
    this.#nextList = (room + TEXT_ROOM) / WORD;
    this.#weight = this.#knownWeight;
    this.#careful = careful;
    this.#doubt = false;
  }

  #input(value: unknown, time?: number): string {
    let text = "";
    if (!this.#opens(value)) return text;
    let at: unknown = time;
    let complete = 0;
    for (const name in value) {
      const member = value[name];
      if (member === undefined || !owns.call(value, name)) continue;
      switch (name) {
        case "time":
          // Beside the gateway's own time a caller's counts for nothing.
          if (time === undefined) at = member;
          else this.#doubt = true;
          break;
        case "token":
          text += this.#token(member);
          break;
        case "peer":
          text += this.#peer(member);
          break;
        case "proof":
          text += this.#part(member, "jkt", REQUEST_PROOF_KEY);
          break;
        case "key":
          text += this.#part(member, "id", REQUEST_KEY_ID);
          break;
        case "request":
          text += this.#request(member);
          complete |= 2;
          break;
        default:
          this.#ignored(name, member, 2);
      }
    }
    if (isTime(at)) {
      this.#integer((REQUEST + REQUEST_TIME) / WORD, at);
      complete |= 1;
    }
    if (complete !== 3) this.#doubt = true;
    return text;
  }

  #token(value: unknown): string {
    let text = "";
    if (!this.#opens(value)) return text;
    const words = this.#words;
    words[(REQUEST + REQUEST_HAS_TOKEN) / WORD] = 1;
    let place = 0;
    for (const name in value) {
      const member = value[name];
      if (member === undefined || !owns.call(value, name)) continue;
      const number = this.#order[place] === name ? this.#numbers[place]! : this.#numberOf(name, place);
      place = (place + 1) & (REMEMBERED - 1);
      const slot = this.#memberSlots + (number * FACT_SLOT_SIZE) / WORD;
      if (number < 0) this.#ignored(name, member, 3);
      else if (number === MEMBER_CNF) text += this.#confirmation(slot, member);
      else if (typeof member === "string") {
        words[slot] = TYPE_TEXT;
        text += this.#place(slot + ADDRESS, slot + VALUE, member);
        if (member.length > limits.nameBytes && exceedsLimit(number, member)) this.#doubt ||= !this.#careful;
      } else {
        text += this.#fact(slot, member);
        if (number === MEMBER_AUD && Array.isArray(member) && member.length > limits.audiences)
          this.#doubt ||= !this.#careful;
      }
    }
    return text;
  }

  /** The number of a member, or −1; remembered by its place, since tokens of one issuer name their members in one order. */
  #numberOf(name: string, place: number): number {
    const number = this.#members.get(name) ?? -1;
    this.#order[place] = name;
    this.#numbers[place] = number;
    return number;
  }

  /** RFC 7800 §3.1. What is malformed here is judged in its turn: it is no fault of the input's shape. */
  #confirmation(slot: number, value: unknown): string {
    let text = "";
    this.#words[slot] = TYPE_OTHER;
    const place = (REQUEST + REQUEST_CONFIRMATION) / WORD;
    this.#words[place] = 2;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.#weigh(value, 3);
      return text;
    }
    if (!this.#opens(value)) return text;
    this.#words[place] = 1;
    for (const name in value) {
      const member = value[name];
      if (member === undefined || !owns.call(value, name)) continue;
      const field =
        name === "x5t#S256" ? REQUEST_CONFIRMED_CERTIFICATE : name === "jkt" ? REQUEST_CONFIRMED_KEY : undefined;
      if (field === undefined) this.#ignored(name, member, 4);
      else if (typeof member === "string") text += this.#span(field, member);
      else {
        this.#words[place] = 2;
        this.#weigh(member, 4);
      }
    }
    return text;
  }

  #peer(value: unknown): string {
    let text = "";
    if (!this.#opens(value)) return text;
    for (const name in value) {
      const member = value[name];
      if (member === undefined || !owns.call(value, name)) continue;
      if (name === "x5t#S256") text += this.#textOf(REQUEST_THUMBPRINT, member, limits.inputBytes);
      else if (name === "spiffe") text += this.#textOf(REQUEST_SPIFFE, member, limits.spiffeBytes);
      else this.#ignored(name, member, 3);
    }
    return text;
  }

  /** An object of which one member counts. */
  #part(value: unknown, known: string, field: number): string {
    let text = "";
    if (!this.#opens(value)) return text;
    for (const name in value) {
      const member = value[name];
      if (member === undefined || !owns.call(value, name)) continue;
      if (name === known) text += this.#textOf(field, member, limits.inputBytes);
      else this.#ignored(name, member, 3);
    }
    return text;
  }

  #request(value: unknown): string {
    let text = "";
    if (!this.#opens(value)) return text;
    let complete = 0;
    for (const name in value) {
      const member = value[name];
      if (member === undefined || !owns.call(value, name)) continue;
      switch (name) {
        case "host":
          text += this.#textOf(REQUEST_HOST, member, limits.inputBytes);
          complete |= 1;
          break;
        case "method":
          text += this.#textOf(REQUEST_METHOD, member, limits.inputBytes);
          complete |= 2;
          break;
        case "path":
          text += this.#textOf(REQUEST_PATH, member, limits.pathBytes);
          if (!this.#careful && typeof member === "string" && hasManySegments(member)) this.#doubt = true;
          complete |= 4;
          break;
        case "ip":
          text += this.#textOf(REQUEST_IP, member, limits.inputBytes);
          break;
        case "headers":
          text += this.#requestHeaders(member);
          break;
        default:
          this.#ignored(name, member, 3);
      }
    }
    if (complete !== 7) this.#doubt = true;
    return text;
  }

  #requestHeaders(value: unknown): string {
    let text = "";
    if (!this.#opens(value)) return text;
    for (const name in value) {
      if (!owns.call(value, name)) continue;
      const member = value[name];
      const number = this.#headers.get(name);
      if (number !== undefined) {
        const slot = this.#headerSlots + (number * FACT_SLOT_SIZE) / WORD;
        text += this.#fact(slot, member);
        if (this.#words[slot] !== TYPE_TEXT && this.#words[slot] !== TYPE_LIST) this.#doubt = true;
        continue;
      }
      this.#ignored(name, member, 4);
      if (typeof member !== "string" && !(Array.isArray(member) && areTexts(member))) this.#doubt = true;
    }
    return text;
  }

  #opens(value: unknown): value is Members {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return true;
    this.#doubt = true;
    return false;
  }

  #ignored(name: string, value: unknown, depth: number): void {
    if (this.#careful) return;
    this.#checkText(name);
    this.#weight += weightOf(name);
    this.#weigh(value, depth);
  }

  #checkText(text: string): void {
    const { length } = text;
    if (this.#wellFormed[length & (SHORT - 1)] === text) return;
    if (!text.isWellFormed()) this.#doubt = true;
    else if (length < SHORT) this.#wellFormed[length] = text;
  }

  /** For what counts only by being there. */
  #weigh(value: unknown, depth: number): void {
    if (this.#careful) return;
    switch (typeof value) {
      case "string":
        this.#weight += weightOf(value);
        this.#checkText(value);
        return;
      case "number":
      case "boolean":
        this.#weight += OTHER_WEIGHT;
        return;
      case "object":
        this.#weight += OTHER_WEIGHT;
        if (value !== null) this.#weighMembers(value, depth);
        return;
      default:
        this.#doubt = true;
    }
  }

  #weighMembers(value: object, depth: number): void {
    if (depth > limits.inputDepth || this.#weight > limits.inputBytes) {
      this.#doubt = true;
    } else if (Array.isArray(value)) {
      // Doubt ends it: a list may be of four thousand million gaps.
      for (let index = 0; index < value.length && !this.#doubt; index++) this.#weigh(value[index], depth + 1);
    } else if (this.#opens(value)) {
      for (const name in value) {
        const member = value[name];
        if (member !== undefined && owns.call(value, name)) this.#ignored(name, member, depth + 1);
      }
    }
  }

  #fact(slot: number, value: unknown): string {
    const words = this.#words;
    switch (typeof value) {
      case "string":
        words[slot] = TYPE_TEXT;
        return this.#place(slot + ADDRESS, slot + VALUE, value);
      case "number":
        words[slot] = Number.isSafeInteger(value) ? TYPE_INTEGER : TYPE_OTHER;
        this.#integer(slot + VALUE, value);
        return "";
      case "boolean":
        words[slot] = TYPE_BOOLEAN;
        this.#integer(slot + VALUE, value ? 1 : 0);
        return "";
      default:
        if (Array.isArray(value) && areTexts(value)) return this.#list(slot, value);
        words[slot] = TYPE_OTHER;
        this.#weigh(value, 3);
        return "";
    }
  }

  #integer(place: number, value: number): void {
    this.#words[place] = value;
    this.#words[place + 1] = Math.floor(value / 2 ** 32);
  }

  #list(slot: number, items: readonly string[]): string {
    let text = "";
    let place = this.#nextList;
    this.#nextList += 2 * items.length;
    if (this.#nextList * WORD > this.#room + TEXT_ROOM + LIST_ROOM) {
      this.#doubt = true;
      return text;
    }
    this.#words[slot] = TYPE_LIST;
    this.#words[slot + ADDRESS] = place * WORD;
    this.#words[slot + VALUE] = items.length;
    this.#weight += OTHER_WEIGHT * items.length;
    for (let index = 0; index < items.length; index++, place += 2) text += this.#place(place, place + 1, items[index]!);
    return text;
  }

  #textOf(field: number, value: unknown, limit: number): string {
    if (typeof value === "string" && (value.length <= limit || this.#careful)) return this.#span(field, value);
    this.#doubt = true;
    return "";
  }

  #span(field: number, text: string): string {
    const place = (REQUEST + field) / WORD;
    return this.#place(place, place + 1, text);
  }

  /** Says where the text will be, or, with care, writes it there. */
  #place(address: number, length: number, text: string): string {
    this.#words[address] = this.#room + this.#length;
    if (!this.#careful) {
      this.#words[length] = text.length;
      this.#length += text.length;
      return text;
    }
    const { read, written } = encoder.encodeInto(text, this.#instance.texts.subarray(this.#length));
    if (read !== text.length) this.#doubt = true;
    this.#words[length] = written;
    this.#length += written;
    return "";
  }
}

/** Also where something is left out of the list. */
function areTexts(items: readonly unknown[]): items is readonly string[] {
  for (const item of items) if (typeof item !== "string") return false;
  return true;
}

/** A unit takes six bytes at most (RFC 8259 §7); quotes, a comma and a colon come with it. */
function weightOf(text: string): number {
  return 6 * text.length + 4;
}

/** Of a long text. Never false where it is too long: where it may be, `checkInput` counts. */
function exceedsLimit(member: number, text: string): boolean {
  if (member === MEMBER_SCOPE) return text.length > limits.scopeBytes || hasManyScopes(text);
  return member === MEMBER_SUB || member === MEMBER_JTI;
}

/** A name and a space take two units. */
function hasManyScopes(scope: string): boolean {
  return scope.length > 2 * limits.scopeCount && count(scope, " ") >= limits.scopeCount;
}

function hasManySegments(path: string): boolean {
  return path.length > limits.pathSegments && count(path, "/") > limits.pathSegments;
}

function count(text: string, unit: string): number {
  let found = 0;
  for (let at = text.indexOf(unit); at >= 0; at = text.indexOf(unit, at + 1)) found++;
  return found;
}
