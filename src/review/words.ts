/** Sentences of a difference as a reviewer reads them. Names stand apart from words, so that each format marks and escapes them in its own way. */
import { unreachable } from "../diagnostics/index.ts";
import type { Change, ChangeKind, Outcome } from "../diff/index.ts";
import { grouped } from "../html/index.ts";
import type { Cause, Review } from "./review.ts";

/** Our words; a name that authors chose; or words about a request, in which values that authors chose may stand. */
export type Part = string | { readonly name: string } | { readonly words: string };
export type Sentence = readonly Part[];

/** Characters of one name that are shown. */
const LONGEST_NAME = 120;
const LONGEST_OPERATION = 56;

export interface Shown {
  /** How many alternatives of `when` are shown; the others are counted. */
  readonly cases: number;
  /** How many things that hold together; the others are counted. */
  readonly together: number;
}

const all: Shown = { cases: 6, together: 12 };

/** "`payments` and 13 more gain `POST orders.example.com/v1/…/refunds` when `claims.region is "eu"`". */
export function sentenceOf(change: Change, shown: Shown = all): Sentence {
  const [who, what, when] = [whoOf(change), whatOf(change), whenOf(change, shown)];
  const many = who.length > 1;
  const condition: Sentence = when.length === 0 ? [] : [" ", ...when];
  switch (change.kind) {
    case "gain":
      return [...who, many ? " gain " : " gains ", ...what, ...condition];
    case "loss":
      return [...who, many ? " lose " : " loses ", ...what, ...condition];
    case "headers":
      return [
        ...who,
        many ? " call " : " calls ",
        ...what,
        " with other headers",
        ...condition,
        ...prefixed(": ", outcomeOf(change)),
      ];
    case "until":
      return [...who, " may call ", ...what, " for another while", ...condition, ...prefixed(": ", outcomeOf(change))];
    case "reason":
      return [
        ...who,
        many ? " are refused " : " is refused ",
        ...what,
        " for another reason",
        ...condition,
        ...prefixed(": ", outcomeOf(change)),
      ];
    default:
      return unreachable(change.kind);
  }
}

/** For terminals, for diagnostics, and wherever nothing but text is shown. */
export function plain(sentence: Sentence): string {
  return sentence
    .map((part) => (typeof part === "string" ? part : "words" in part ? part.words : `\`${part.name}\``))
    .join("");
}

/** What can be had without a credential, anybody can have. */
export function whoOf({ kind, identities, credentials }: Change): Sentence {
  const nobody = credentials.includes("none");
  if (nobody && (kind === "gain" || (identities.length === 0 && credentials.length > 1))) return ["anybody"];
  if (identities.length === 0) return [nobody ? "whoever shows no credential" : "whoever is not known"];
  return nobody ? ["whoever shows no credential, ", ...named(identities)] : named(identities);
}

export function whatOf({ operations }: Change): Sentence {
  return operations.length > 0 ? named(operations.map(operationName)) : ["whatever is no operation"];
}

/** Nothing where it is always so. */
export function whenOf({ when }: Change, { cases, together }: Shown = all): Sentence {
  if (when.length === 0 || when.some((conditions) => conditions.length === 0)) return [];
  const parts: Part[] = ["when "];
  for (const [index, conditions] of when.slice(0, cases).entries()) {
    if (index > 0) parts.push(", or when ");
    for (const [at, condition] of conditions.slice(0, together).entries()) {
      if (at > 0) parts.push(" and ");
      parts.push({ words: cut(condition) });
    }
    if (conditions.length > together) parts.push(` and ${conditions.length - together} more hold`);
  }
  if (when.length > cases) parts.push(`, or in ${counted(when.length - cases, "other case")}`);
  return parts;
}

/** What was, and what is. */
export function outcomeOf({ kind, before, after }: Change): Sentence {
  switch (kind) {
    case "gain":
      return ["was refused as ", { name: before.reason }, ...prefixed(", is granted by ", granted(after))];
    case "loss":
      return ["was granted", ...prefixed(" by ", granted(before)), ", is refused as ", { name: after.reason }];
    case "headers":
      return headers(before, after);
    case "until":
      return ["until ", { name: cut(after.until ?? "") }, ", was until ", { name: cut(before.until ?? "") }];
    case "reason":
      return [{ name: after.reason }, ", was ", { name: before.reason }];
    default:
      return unreachable(kind);
  }
}

export function becauseOf(causes: readonly Cause[], most = 2): Sentence {
  return named(
    causes.map(({ name }) => name),
    most,
  );
}

/** "2 gains, 1 loss; nothing else changes". */
export function verdictOf({ changes, looked }: Pick<Review, "changes" | "looked">): string {
  const found = countsOf(changes.map(({ change }) => change.kind)).map(([kind, amount]) => {
    const [one, many] = nouns[kind];
    return `${grouped(amount)} ${amount === 1 ? one : many}`;
  });
  const of = `${counted(looked.identities, "identity", "identities")} and ${counted(looked.operations, "operation")}`;
  if (found.length === 0) return `nothing changes: every request to ${of} is decided as before`;
  return `${found.join(", ")}; nothing else changes for ${of}`;
}

const nouns: Readonly<Record<ChangeKind, readonly [string, string]>> = {
  gain: ["gain", "gains"],
  loss: ["loss", "losses"],
  headers: ["change of headers", "changes of headers"],
  until: ["change of an end", "changes of ends"],
  reason: ["other reason of a refusal", "other reasons of refusals"],
};

const order: readonly ChangeKind[] = ["gain", "loss", "headers", "until", "reason"];

/** Those that there are, in the order of how much they matter. */
export function countsOf(found: readonly ChangeKind[]): readonly (readonly [ChangeKind, number])[] {
  return order
    .map((kind) => [kind, found.filter((other) => other === kind).length] as const)
    .filter(([, amount]) => amount > 0);
}

/** `orders.example.com POST /v1/tenants/{tenant}/orders/{id}/refunds` → `POST orders.example.com/v1/…/refunds`. */
export function operationName(name: string): string {
  const [, host, method, path] = /^(\S+) (\S+) (\/\S*)$/.exec(name) ?? [];
  if (host === undefined || method === undefined || path === undefined) return cut(name);
  const whole = `${method} ${host}${path}`;
  if (whole.length <= LONGEST_OPERATION) return whole;
  const segments = path.split("/");
  const [first = "", last = ""] = [segments[1], segments.at(-1)];
  return cut(segments.length > 3 ? `${method} ${host}/${first}/…/${last}` : whole);
}

export function counted(amount: number, noun: string, many = `${noun}s`): string {
  return `${grouped(amount)} ${amount === 1 ? noun : many}`;
}

function named(names: readonly string[], most = 1): Sentence {
  // One more takes no more room than saying so.
  const shown = names.length === most + 1 ? most + 1 : most;
  const parts: Part[] = [];
  for (const [index, name] of names.slice(0, shown).entries()) {
    if (index > 0) parts.push(index === names.length - 1 ? " and " : ", ");
    parts.push({ name: cut(name) });
  }
  if (names.length > shown) parts.push(` and ${grouped(names.length - shown)} more`);
  return parts;
}

function granted({ grants = [] }: Outcome): Sentence {
  return named(grants, 2);
}

function headers({ headers: before = {} }: Outcome, { headers: after = {} }: Outcome): Sentence {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = names.filter((name) => before[name] !== after[name]);
  const parts: Part[] = [];
  for (const [index, name] of changed.slice(0, 2).entries()) {
    const said = (value: string | undefined): Part => (value === undefined ? "not sent" : { name: cut(value) });
    parts.push(index > 0 ? "; " : "", { name: cut(name) }, " is ", said(after[name]), ", was ", said(before[name]));
  }
  if (changed.length > 2) parts.push(`; and ${counted(changed.length - 2, "more header")}`);
  return parts.filter((part) => part !== "");
}

function prefixed(before: string, sentence: Sentence): Sentence {
  return sentence.length === 0 ? [] : [before, ...sentence];
}

/** Both ends: what is added to a name in its middle changes neither the size of the cut nor what stands around it. */
function cut(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  return `${name.slice(0, LONGEST_NAME - 40)}…${name.slice(-39)}`;
}
