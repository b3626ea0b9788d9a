/** What upstreams are told, compared between two models: headers as templates, and whether two of them give one text. */
import type { FoundOperation, Identity } from "../model/index.ts";

interface Text {
  /** Whether it has placeholders; otherwise its braces stand for themselves. */
  readonly template: boolean;
  readonly text: string;
}

/** By the name of a header. */
export type Told = ReadonlyMap<string, Text>;

const placeholder = /\{(identity|owner|subject|tier)\}/g;

/** What the upstream of an operation is told about callers. */
export function toldBy({ api, operation }: FoundOperation): Told {
  return new Map(
    api.headers.flatMap((header): [string, Text][] => {
      if (header.kind === "text")
        return [[header.name, { template: header.text.search(placeholder) >= 0, text: header.text }]];
      const first = header.values.find(({ scope }) => operation.scopes.includes(scope));
      return first ? [[header.name, { template: false, text: first.value }]] : [];
    }),
  );
}

export function toldText(told: Told): string {
  return JSON.stringify([...told].map(([name, { template, text }]) => [name, template, text]).sort());
}

/** Two texts of one header of one operation, of which one at least depends on the caller. */
interface Pair {
  readonly before: Text;
  readonly after: Text;
  /** Whether they are the two of an operation that is not changed otherwise. */
  alike: boolean;
}

/** In place of a subject that is not known: no header can hold it. */
const anySubject = "\u0000";

/** How one caller differs in what upstreams are told. */
export interface ToldApart {
  /** Which headers differ, and what it was and is called as far as that shows; empty where none differs. */
  readonly text: string;
  /** Whether one of them differs only because of the caller. */
  readonly changed: boolean;
}

export const notApart: ToldApart = { text: "", changed: false };

/** All headers of two models that depend on the caller. */
export class ToldPairs {
  readonly #pairs: readonly Pair[];
  readonly #areSame: boolean;

  constructor(
    operations: readonly {
      readonly told: { readonly before?: Told; readonly after?: Told };
      readonly changed: boolean;
    }[],
  ) {
    const pairs = new Map<string, Pair>();
    for (const { told, changed } of operations) {
      const { before, after } = told;
      if (!before || !after) continue;
      for (const [name, old] of before) {
        const young = after.get(name);
        // Where one side has no such header, the headers differ whoever calls.
        if (!young || !(old.template || young.template)) continue;
        const key = JSON.stringify([old.template, old.text, young.template, young.text]);
        const pair = pairs.get(key);
        if (pair) pair.alike ||= !changed;
        else pairs.set(key, { before: old, after: young, alike: !changed });
      }
    }
    this.#pairs = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
    this.#areSame = this.#pairs.every(
      ({ before, after }) => before.template === after.template && before.text === after.text,
    );
  }

  apart(before: Identity, after: Identity, subject: string = anySubject): ToldApart {
    const sameNames = before.name === after.name && before.owner === after.owner && before.tier === after.tier;
    if (this.#areSame && sameNames) return notApart;
    const texts: string[] = [];
    let changed = false;
    for (const [i, pair] of this.#pairs.entries()) {
      if (fill(pair.before, before, subject) === fill(pair.after, after, subject)) continue;
      changed ||= pair.alike;
      const names = [...namesIn(pair.before), ...namesIn(pair.after)];
      const values = [...new Set(names)].sort().flatMap((name) => {
        const [old, young] = [calledBy(name, before), calledBy(name, after)];
        return old === young ? [] : [name, old, young];
      });
      texts.push(JSON.stringify([i, ...values]));
    }
    return texts.length === 0 ? notApart : { text: texts.join(), changed };
  }
}

function namesIn({ template, text }: Text): readonly string[] {
  return template ? [...text.matchAll(placeholder)].map(([, name]) => name!) : [];
}

function fill({ template, text }: Text, identity: Identity, subject: string): string {
  return template ? text.replaceAll(placeholder, (_, name: string) => calledBy(name, identity) ?? subject) : text;
}

/** The value of a placeholder; none of the subject, which is the same on both sides. */
function calledBy(name: string, { name: identity, owner, tier }: Identity): string | undefined {
  return name === "identity" ? identity : name === "owner" ? owner : name === "tier" ? tier : undefined;
}
