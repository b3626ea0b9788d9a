/** Which scopes a token carries: those that it names, what these imply, and what an issuer's own names are translated to (row 7). */
import { type Model, own, splitScopes } from "../model/index.ts";
import type { CallerClass, CallerSide } from "./classes.ts";
import { setText } from "./contents.ts";
import { type Atom, ask, type Dimension, type Formula, never } from "./formula.ts";
import type { Side } from "./procedure.ts";
import { inWords } from "./words.ts";

interface ScopeAtom extends Atom<readonly string[]> {
  /** Names of which each carries the scope; the plainest first. */
  readonly names: readonly string[];
}

/** Row 7: which scopes the token names. */
const scopes: Dimension<readonly string[]> = {
  key: "scopes",
  rank: 7,
  read: ({ input }) => {
    const text = own(input.token ?? {}, "scope");
    return (typeof text === "string" && splitScopes(text)) || [];
  },
  write: (names, draft) => {
    if (names.length > 0) draft.token = { ...draft.token, scope: names.join(" ") };
  },
  pool: (atoms) => {
    const all = atoms as readonly ScopeAtom[];
    const answers = (names: readonly string[]) => all.map((atom) => (atom.holds(names) ? "1" : "0")).join("");
    const plain = new Map<string, string>();
    for (const name of all.flatMap((atom) => atom.names)) {
      const key = answers([name]);
      if (!plain.has(key)) plain.set(key, name);
    }
    // Every union of what single names carry, each by as few names as were found first.
    const unions = new Map<string, readonly string[]>([[answers([]), []]]);
    for (const name of plain.values()) {
      for (const names of [...unions.values()]) {
        const larger = [...names, name];
        const key = answers(larger);
        if ((unions.get(key)?.length ?? Number.POSITIVE_INFINITY) > larger.length) unions.set(key, larger);
      }
    }
    return [...unions.values()].sort((a, b) => b.length - a.length);
  },
  words: (cells, others) =>
    inWords(cells, others, (key, answer) => {
      const [side, scope] = [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];
      return `the token ${answer ? "carries" : "does not carry"} ${scope}${side === "before" ? " (as translated before)" : ""}`;
    }),
};

/** Whether a token of the caller carries the scope, as one side implies and translates. */
export function carries(caller: CallerClass, side: Side, scope: string): Formula {
  const names = namesOf(caller[side]).get(scope) ?? [];
  if (names.length === 0) return never;
  const wanted = new Set(names);
  const atom: ScopeAtom = {
    dimension: scopes,
    key: `${carriedOtherwise(caller).has(scope) ? side : "both"} ${scope}`,
    names,
    holds: (carried) => carried.some((name) => wanted.has(name)),
  };
  return ask(atom);
}

/** Scopes that not the same names in a token carry, before and after: where what implies or translates to them has changed. */
export function carriedOtherwise({ credential, before, after }: CallerClass): ReadonlySet<string> {
  if (credential !== "token" || before.model === after.model) return none;
  const [old, young] = [namesOf(before), namesOf(after)];
  const memo = otherwise.get(old) ?? new WeakMap<Names, ReadonlySet<string>>();
  otherwise.set(old, memo);
  let found = memo.get(young);
  if (!found) {
    const all = new Set([...old.keys(), ...young.keys()]);
    found = new Set([...all].filter((scope) => setText(old.get(scope) ?? []) !== setText(young.get(scope) ?? [])));
    memo.set(young, found);
  }
  return found;
}

const none: ReadonlySet<string> = new Set();

/** By scope, the names of which each carries it; the plainest first. */
type Names = ReadonlyMap<string, readonly string[]>;

const otherwise = new WeakMap<Names, WeakMap<Names, ReadonlySet<string>>>();
const namesByModel = new WeakMap<Model, Map<string, Names>>();

/** Which names in a token carry a scope: the scope, what implies it, and foreign names. */
function namesOf({ model, issuer }: CallerSide): Names {
  const issuerName = issuer?.name ?? "";
  const known = namesByModel.get(model) ?? new Map<string, Names>();
  namesByModel.set(model, known);
  const found = known.get(issuerName);
  if (found) return found;
  const names = new Map<string, string[]>();
  const add = (scope: string, name: string) => {
    const list = names.get(scope);
    if (list) list.push(name);
    else names.set(scope, [name]);
  };
  for (const { name } of model.scopes) add(name, name);
  for (const { name, implies } of model.scopes) for (const scope of implies) if (scope !== name) add(scope, name);
  const ours = new Set(model.scopes.map(({ name }) => name));
  for (const { from, to } of issuer?.translate ?? []) {
    if (ours.has(from)) continue; // a name of ours means itself
    for (const scope of new Set(to)) add(scope, from);
  }
  known.set(issuerName, names);
  return names;
}
