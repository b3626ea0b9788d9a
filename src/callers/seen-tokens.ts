/** Remembers which tokens have made a change, so that a token that was overheard makes no other one (threat model §6). */
import { thumbprintOf } from "./thumbprint.ts";

/** Of one caller at a time; more than any caller makes changes by in the hour that a token lives, at the usual pace. */
const MOST = 16_384;

interface Use {
  readonly until: number;
  readonly call: string;
}

export class SeenTokens {
  readonly #most: number;
  readonly #byCaller = new Map<string, Map<string, Use>>();

  constructor(most: number = MOST) {
    this.#most = most;
  }

  /**
   * Whether the token may make this call: it is new, or made this very call before, which the idempotency key tells apart.
   * INVARIANT: tokens are known by (issuer, jti); their text has more than one spelling (threat model §5.6).
   */
  admit(caller: string, token: readonly [string, string], until: number, call: string, now: number): boolean {
    const uses = this.#byCaller.get(caller) ?? new Map<string, Use>();
    this.#byCaller.set(caller, uses);
    const id = thumbprintOf(JSON.stringify(token));
    const before = uses.get(id);
    if (before) return before.call === call;
    if (uses.size >= this.#most) for (const [known, use] of uses) if (use.until < now) uses.delete(known);
    // One who fills this memory is locked out, and nobody else.
    if (uses.size >= this.#most) return false;
    uses.set(id, { until, call });
    return true;
  }
}
