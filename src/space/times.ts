/** When a request comes, how old what is known of revocations is, and how old its token: all that a decision compares of times. */
import { clockSkew } from "../model/index.ts";
import { type Atom, always, ask, type Cell, type Dimension, type Formula, not, type Question } from "./formula.ts";
import { inWords } from "./words.ts";

/** Further away than this from a time or a duration of a policy, nothing differs. */
const far = 100_000_000;
/** 2026-01-01: where no policy says when, some day. */
const someDay = 1_767_225_600;

interface TimeAtom extends Atom<number> {
  readonly at: number;
}

/** Seconds since 1970 UTC. */
export const now: Dimension<number> = {
  key: "now",
  rank: 0,
  read: ({ input }) => input.time,
  write: (time, draft) => {
    draft.time = time;
  },
  pool: (atoms) => {
    const turns = sorted(atoms.map((atom) => (atom as TimeAtom).at).filter((at) => at > 0));
    const [first = someDay] = turns;
    const last = turns.at(-1) ?? someDay;
    // The last second before each turn and the first after it are the ends of what lies between.
    const ends = turns.flatMap((at) => [at - 1, at]);
    return [...ends, someDay, Math.max(0, first - far), Math.min(last + far, Number.MAX_SAFE_INTEGER)];
  },
  words: (cells, others) => periods(cells, others, dateWords),
};

/** `at` ≤ now. */
export function since(at: number | undefined): Formula {
  if (at === undefined || at <= 0) return always;
  const atom: TimeAtom = { dimension: now, key: `since ${at}`, at, holds: (time) => time >= at };
  return ask(atom);
}

/** How old knowledge of revocations is, in seconds; negative where it comes from the future. */
export const freshness: Dimension<number> = {
  key: "freshness",
  rank: 1,
  read: ({ input, revocations }) => input.time - revocations.at,
  write: (age, draft) => {
    // Nothing is known from before 1970: of a delay of many years one learns only later.
    draft.time = Math.max(draft.time, age);
    draft.revocationsAge = age;
  },
  pool: (atoms) => {
    const turns = sorted(atoms.map((atom) => (atom as TimeAtom).at));
    const ends = turns.flatMap((at) => [at, at + 1]);
    return [0, ...ends, (turns.at(-1) ?? 0) + far, (turns[0] ?? 0) - clockSkew];
  },
  words: (cells, others) =>
    periods(cells, others, (from, until) => {
      const [least, most] = [
        from === undefined ? undefined : seconds(from - 1),
        until === undefined ? undefined : seconds(until - 1),
      ];
      if (from !== undefined && from < 0)
        return most === undefined ? "revocations are not dated in the future" : `revocations are at most ${most} old`;
      if (least === undefined) return `revocations are at most ${most} old`;
      return most === undefined
        ? `revocations are more than ${least} old`
        : `revocations are more than ${least} and at most ${most} old`;
    }),
};

/** What is known is at most so old. */
export function fresh(delay: number): Formula {
  const atom: TimeAtom = { dimension: freshness, key: `at most ${delay}`, at: delay, holds: (age) => age <= delay };
  return ask(atom);
}

/** Row 0: knowledge from the future proves nothing. */
export function dated(): Formula {
  const oldest = -clockSkew - 1;
  const atom: TimeAtom = { dimension: freshness, key: "dated", at: oldest, holds: (age) => age > oldest };
  return ask(atom);
}

/** Of a token, in seconds. */
export interface TokenTime {
  /** From its `iat` to now. */
  readonly age: number;
  /** From its `iat` to its `exp`. */
  readonly life: number;
}

interface TokenAtom extends Atom<TokenTime> {
  readonly of: "age" | "life" | "both";
  readonly at: number;
}

/** Age and life together, because a token is alive while its age is less than its life. */
export const tokenTime: Dimension<TokenTime> = {
  key: "token time",
  rank: 4,
  read: readTokenTime,
  write: ({ age, life }, draft) => {
    draft.token = { ...draft.token, iat: draft.time - age, exp: draft.time - age + life };
  },
  pool: (atoms) => {
    const turns = (of: TokenAtom["of"]) =>
      sorted(atoms.flatMap((atom) => ((atom as TokenAtom).of === of ? [(atom as TokenAtom).at] : [])));
    const ends = (list: readonly number[]) => list.flatMap((at) => [at - 1, at, at + 1]);
    const ages = [0, ...ends(turns("age")), far];
    const limits = ends(turns("life"));
    const times = ages.flatMap((age) => [...limits, far, age + 1, age].map((life): TokenTime => ({ age, life })));
    // Each in its last second, too: an end may differ only there.
    return [...times, ...limits.map((life) => ({ age: life - 1, life }))];
  },
  words: (cells, others) => inWords(cells, others, tokenPhrase),
};

function readTokenTime({ input: { time, token } }: Question): TokenTime {
  const [issued, expires] = [token?.iat, token?.exp].map((value) => (typeof value === "number" ? value : 0));
  return { age: time - (issued ?? 0), life: (expires ?? 0) - (issued ?? 0) };
}

function tokenAtom(of: TokenAtom["of"], at: number, key: string, holds: Atom<TokenTime>["holds"]): Formula {
  const atom: TokenAtom = { dimension: tokenTime, key, of, at, holds };
  return ask(atom);
}

function tokenPhrase(key: string, answer: boolean): string {
  if (key === "issued") return answer ? "the token's `iat` has come" : "the token's `iat` is in the future";
  if (key === "alive") return answer ? "the token is alive" : "the token has expired";
  const [of, relation, count = ""] = key.split("|");
  const noun = of === "age" ? "token.age" : "token.lifetime";
  if (relation === "is") return `${noun} is ${answer ? "" : "not "}${count} s`;
  return `${noun} is ${answer ? "at most" : "more than"} ${seconds(Number(count))}`;
}

/** Row 4: `iat` is not in the future, less the skew of clocks. */
export function issuedByNow(): Formula {
  return tokenAtom("age", -clockSkew, "issued", ({ age }) => age >= -clockSkew);
}

/** Row 4: before `exp`. */
export function alive(): Formula {
  return tokenAtom("both", 0, "alive", ({ age, life }) => age < life);
}

/** Row 4: `exp` − `iat` is at most so long. */
export function lifetimeAtMost(longest: number): Formula {
  return atMost("life", longest);
}

/** `exp` − `iat` is this. */
export function lifetimeIs(literal: number): Formula {
  return is("life", literal);
}

export function lifetimeAtLeast(literal: number): Formula {
  return not(atMost("life", literal - 1));
}

export function ageIs(literal: number): Formula {
  return is("age", literal);
}

export function ageAtLeast(literal: number): Formula {
  return not(atMost("age", literal - 1));
}

function is(of: "age" | "life", literal: number): Formula {
  return tokenAtom(of, literal, `${of}|is|${literal}`, (value) => value[of] === literal);
}

function atMost(of: "age" | "life", limit: number): Formula {
  return tokenAtom(of, limit, `${of}|at most|${limit}`, (value) => value[of] <= limit);
}

/** Row 4: whether `nbf`, if there is one, has come. */
export const notBefore: Dimension<boolean> = {
  key: "token not before",
  rank: 4,
  read: ({ input: { time, token } }) => typeof token?.nbf !== "number" || token.nbf - clockSkew <= time,
  write: (begun, draft) => {
    if (!begun) draft.token = { ...draft.token, nbf: draft.time + clockSkew + 1 };
  },
  pool: () => [true, false],
  words: (cells) =>
    cells.some((cell) => cell.values[0]) ? "the token's `nbf` has come" : "the token's `nbf` is in the future",
};

export function begun(): Formula {
  return ask({ dimension: notBefore, key: "begun", holds: (value: boolean) => value });
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Runs of neighbouring cells, each from one moment (inclusive) until another (exclusive); open at the ends. */
function periods(
  cells: readonly Cell<number>[],
  others: readonly Cell<number>[],
  words: (from: number | undefined, until: number | undefined) => string,
): string {
  const chosen = new Set(cells);
  const line = [...cells, ...others]
    .map((cell) => ({ from: Math.min(...cell.values), isChosen: chosen.has(cell) }))
    .sort((a, b) => a.from - b.from);
  const runs: string[] = [];
  for (let start = 0; start < line.length; start++) {
    if (!line[start]?.isChosen) continue;
    let end = start;
    while (line[end + 1]?.isChosen) end++;
    runs.push(words(start === 0 ? undefined : line[start]?.from, line[end + 1]?.from));
    start = end;
  }
  return runs.join(" or ");
}

function dateWords(from: number | undefined, until: number | undefined): string {
  if (from === undefined) return `before ${date(until ?? 0)}`;
  return until === undefined ? `from ${date(from)}` : `from ${date(from)} until ${date(until)}`;
}

/** A day, or a minute or a second where it is none. */
export function date(time: number): string {
  const text = new Date(time * 1000).toISOString();
  if (text.endsWith("T00:00:00.000Z")) return text.slice(0, 10);
  return text.endsWith(":00.000Z") ? `${text.slice(0, 16)}Z` : `${text.slice(0, 19)}Z`;
}

/** `90 s`, `15 min`, `2 h`. */
export function seconds(count: number): string {
  if (count !== 0 && count % 3600 === 0) return `${count / 3600} h`;
  return count !== 0 && count % 60 === 0 ? `${count / 60} min` : `${count} s`;
}
