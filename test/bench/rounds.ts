/** Measures contestants side by side: every round has all of them, so that a noisy moment hits all. */
import type { Input } from "../../src/model/index.ts";
import type { Contestant } from "./contestants/contestant.ts";

/** Microseconds per call. */
export interface Figures {
  /** Of the rounds, each the mean of many calls in a row. */
  readonly median: number;
  /** Of single calls, less what the clock takes. */
  readonly p50: number;
  readonly p99: number;
}

const rounds = 31;
/** How long one contestant runs in one round, and before the first one, in milliseconds. */
const turn = 5;
const warmUp = 250;
const singlesPerRound = 100;

export function measureSideBySide(contestants: readonly Contestant[], inputs: readonly Input[]): readonly Figures[] {
  const clock = clockTime();
  const entrants = contestants.map(({ decide, inputs: own = inputs }) => {
    const questions = own.length;
    const time = warm(decide, questions);
    const calls = Math.max(4, Math.min(20_000, Math.round(turn / time)));
    return { decide, calls, questions, at: 0, means: [] as number[], singles: [] as number[] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const entrant of entrants) {
      const { decide, calls, questions, means, singles } = entrant;
      let n = entrant.at;
      const started = performance.now();
      for (let i = 0; i < calls; i++) {
        decide(n);
        n = n + 1 < questions ? n + 1 : 0;
      }
      means.push((performance.now() - started) / calls);
      for (let i = Math.min(calls, singlesPerRound); i > 0; i--) {
        const before = performance.now();
        decide(n);
        singles.push(performance.now() - before - clock);
        n = n + 1 < questions ? n + 1 : 0;
      }
      entrant.at = n;
    }
  }
  return entrants.map(({ means, singles }) => figures(means, singles));
}

/** The same for one that answers later; it has its rounds to itself. */
export async function measureAsking(ask: (n: number) => Promise<unknown>, questions: number): Promise<Figures> {
  const singles: number[] = [];
  for (let i = 0; i < 600; i++) {
    const before = performance.now();
    await ask(i % questions);
    if (i >= 200) singles.push(performance.now() - before);
  }
  return figures(singles, singles);
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function figures(means: readonly number[], singles: readonly number[]): Figures {
  return {
    median: quantile(means, 0.5) * 1000,
    p50: quantile(singles, 0.5) * 1000,
    p99: quantile(singles, 0.99) * 1000,
  };
}

/** Calls for a while, and says how long one took at the end, in milliseconds. */
function warm(decide: (n: number) => unknown, questions: number): number {
  const started = performance.now();
  for (let calls = 8; ; calls *= 2) {
    const before = performance.now();
    for (let i = 0; i < calls; i++) decide(i % questions);
    const after = performance.now();
    if (after - started > warmUp) return (after - before) / calls;
  }
}

function clockTime(): number {
  return quantile(
    Array.from({ length: 10_000 }, () => {
      const before = performance.now();
      return performance.now() - before;
    }),
    0.5,
  );
}
