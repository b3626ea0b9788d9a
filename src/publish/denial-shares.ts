/** How large a share of their requests canary gateways deny, under a release and under the one before it. */
import type { DecisionCounts } from "../protocol/index.ts";

/** Releases of which decisions are counted. */
const COUNTED = 8;

type Counts = Pick<DecisionCounts, "allowed" | "denied">;

interface Rise {
  /** Of one gateway; of all of them together where there is none. */
  readonly gateway: string | undefined;
  readonly before: number;
  readonly after: number;
}

/**
 * Each gateway is compared with itself, and all of them with all: one that lies hides nothing of what another one sees, though it
 * claims a billion decisions (threat R03).
 */
export class DenialShares {
  /** By the sequence of the policy that decided, and by gateway. */
  readonly #counts = new Map<number, Map<string, Counts>>();
  /** By which policy each decided when it reported last: what it counted while it changed is of neither. */
  readonly #sequences = new Map<string, number>();

  /** @param inForce nothing is counted for what was never in force: a gateway can't push out others by policies that it makes up */
  count(name: string, sequence: number, { allowed, denied }: Counts, inForce: number): void {
    const before = this.#sequences.get(name);
    this.#sequences.set(name, sequence);
    if (!this.#counts.has(inForce)) this.#counts.set(inForce, new Map());
    const counts = this.#counts.get(sequence);
    if (before !== sequence || !counts) return;
    const held = counts.get(name) ?? { allowed: 0, denied: 0 };
    counts.set(name, { allowed: held.allowed + allowed, denied: held.denied + denied });
    for (const old of this.#counts.keys()) if (this.#counts.size > COUNTED) this.#counts.delete(old);
  }

  /** The largest one, where enough decisions are known on both sides. */
  rise(sequence: number, enough: number): Rise | undefined {
    const names = [...(this.#counts.get(sequence)?.keys() ?? [])];
    let largest: Rise | undefined;
    for (const name of [undefined, ...names]) {
      const after = this.#share(sequence, enough, name);
      const before = this.#before(sequence, enough, name);
      if (before === undefined || after === undefined) continue;
      if (!largest || after - before > largest.after - largest.before) largest = { gateway: name, before, after };
    }
    return largest;
  }

  /** Under the newest release before it of which enough is known: there may have been others for a moment. */
  #before(sequence: number, enough: number, name: string | undefined): number | undefined {
    const earlier = [...this.#counts.keys()].filter((each) => each < sequence).toSorted((a, b) => b - a);
    return earlier.map((each) => this.#share(each, enough, name)).find((share) => share !== undefined);
  }

  #share(sequence: number, enough: number, name: string | undefined): number | undefined {
    const counts = this.#counts.get(sequence) ?? new Map<string, Counts>();
    let [all, denied] = [0, 0];
    for (const [gateway, each] of counts) {
      if (name !== undefined && name !== gateway) continue;
      all += each.allowed + each.denied;
      denied += each.denied;
    }
    return all < Math.max(1, enough) ? undefined : denied / all;
  }
}
