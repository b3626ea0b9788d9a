/** What was refused, on its way into the audit log: each one as long as they are few, counted when they are many. */

import type { Caller } from "../callers/index.ts";
import type { StoreRecord } from "../store/index.ts";
import { type Bodies, recordOf } from "./records.ts";

type Refusal = Bodies["refuse"];

/** Of a caller in one second that stand alone; more are counted by what they are (threat model §7). */
const ALONE = 10;

/** Different ones kept between two writes: a flood by ever new callers fills no memory and no disk. */
const MOST = 500;

/** Characters of what a stranger may have sent. */
const LONGEST = 256;

export class Refusals {
  readonly #now: () => number;
  #alone: Refusal[] = [];
  /** By second and caller. */
  readonly #aloneBy = new Map<string, number>();
  readonly #counted = new Map<string, { first: Refusal; count: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(action: string, code: string, caller?: Pick<Caller, "issuer" | "subject" | "thumbprint">): void {
    const by = caller && { issuer: cut(caller.issuer), subject: cut(caller.subject), thumbprint: caller.thumbprint };
    const refusal: Refusal = { at: this.#now(), ...(by && { by }), action: cut(action), code, count: 1 };
    const who = JSON.stringify(by ?? null);
    const whoAndWhen = `${refusal.at} ${who}`;
    const before = this.#aloneBy.get(whoAndWhen) ?? 0;
    if (before < ALONE && this.#alone.length < MOST) {
      this.#aloneBy.set(whoAndWhen, before + 1);
      this.#alone.push(refusal);
      return;
    }
    const isKnown = this.#counted.size < MOST;
    const key = JSON.stringify(isKnown ? [who, refusal.action, code] : [code]);
    const alike = this.#counted.get(key);
    if (alike) alike.count++;
    else if (isKnown) this.#counted.set(key, { first: refusal, count: 1 });
    else this.#counted.set(key, { first: { at: refusal.at, action: "several", code, count: 1 }, count: 1 });
  }

  /** All that came since, as records. */
  take(): readonly StoreRecord[] {
    const counted = [...this.#counted.values()].map(({ first, count }) => ({ ...first, count }));
    const records = [...this.#alone, ...counted].map((body) => recordOf("refuse", body));
    this.#alone = [];
    this.#aloneBy.clear();
    this.#counted.clear();
    return records;
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…`.toWellFormed() : text.toWellFormed();
}
