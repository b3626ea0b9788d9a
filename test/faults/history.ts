/** All that was asked, answered, seen and decided in a run, and what of it must not be: threat D12. */
import { delays, type Tier } from "./estate.ts";

/** What somebody was told of the head. */
export interface Seen {
  readonly version: number;
  readonly size: number;
  readonly at: number;
  readonly floor: number;
  /** Of the log, in hexadecimal. */
  readonly root?: string;
  /** The sequence of the policy. */
  readonly policy?: number;
}

export interface Revoked {
  readonly tier: Tier;
  readonly path: readonly string[];
}

/** One call that revokes, from when it was asked; once it was acknowledged, as which change and when (milliseconds). */
export interface Revocation {
  readonly entries: readonly Revoked[];
  acknowledged?: { readonly sequence: number; readonly at: number };
}

const MOST_SAID = 50;
const numbers = ["version", "size", "at", "floor", "policy"] as const;

export class History {
  readonly violations: string[] = [];
  readonly revocations: Revocation[] = [];
  /** What has to be denied, once its time has come. */
  readonly due: { readonly revoked: Revoked; readonly since: number }[] = [];
  /** Roots of the log by its size. */
  readonly roots = new Map<number, string>();
  readonly counts = new Map<string, number>();
  readonly #held = new Map<string, Seen>();
  /** Of what was acknowledged: each later reader has to see it. */
  acknowledgedSize = 0;
  floor: { readonly value: number; readonly since: number } | undefined;
  /** Milliseconds after an acknowledgement for which somebody was still allowed, at most. */
  readonly latest: Record<Tier, number> = { fast: 0, slow: 0 };

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  violated(what: string): void {
    this.count("violations");
    if (this.violations.length < MOST_SAID) this.violations.push(what);
  }

  /** @param least the size that was acknowledged before this was asked */
  saw(by: string, seen: Seen, least = 0): void {
    this.count("heads seen");
    const held = this.#held.get(by);
    for (const name of numbers) {
      const [before, now] = [held?.[name], seen[name]];
      if (before !== undefined && now !== undefined && now < before)
        this.violated(`${by} saw ${name} ${now} after ${before}, in head ${seen.version} after ${held!.version}`);
    }
    if (seen.size < least) this.violated(`${by} saw a log of ${seen.size} after ${least} was acknowledged`);
    const { size, root } = seen;
    if (root !== undefined) {
      const known = this.roots.get(size);
      if (known !== undefined && known !== root) this.violated(`${by} saw another root of the log of ${size}`);
      this.roots.set(size, root);
    }
    this.#held.set(by, { ...held, ...seen });
  }

  acknowledged(revocation: Revocation, sequence: number): void {
    const at = performance.now();
    revocation.acknowledged = { sequence, at };
    for (const revoked of revocation.entries) this.due.push({ revoked, since: at });
    this.changed(sequence);
    this.count("revocations acknowledged", revocation.entries.length);
  }

  changed(sequence: number): void {
    this.acknowledgedSize = Math.max(this.acknowledgedSize, sequence);
  }

  /** Whoever was acknowledged to be revoked was allowed. @param now milliseconds, from before the decision */
  allowed(by: string, { revoked, since }: { readonly revoked: Revoked; readonly since: number }, now: number): void {
    const late = now - since;
    const { tier, path } = revoked;
    this.latest[tier] = Math.max(this.latest[tier], late);
    if (late > delays[tier] * 1000)
      this.violated(`${by} allowed ${path.join(" ")} of ${tier} ${Math.round(late)} ms after it was revoked`);
  }
}
