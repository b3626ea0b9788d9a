/** Which scopes a token carries otherwise: where what implies or translates to them has changed. */
import type { Issuer, Model } from "../model/index.ts";
import type { CallerClass } from "../space/index.ts";

const none: ReadonlySet<string> = new Set();
const known = new WeakMap<Issuer, WeakMap<Issuer, ReadonlySet<string>>>();

/** Scopes that not the same names in a token carry, before and after. */
export function carriedOtherwise({ before, after }: CallerClass): ReadonlySet<string> {
  if (!before.issuer || !after.issuer) return none;
  const memo = known.get(before.issuer) ?? new WeakMap<Issuer, ReadonlySet<string>>();
  known.set(before.issuer, memo);
  let found = memo.get(after.issuer);
  if (!found) {
    const [old, young] = [carriersIn(before.model, before.issuer), carriersIn(after.model, after.issuer)];
    const all = new Set([...old.keys(), ...young.keys()]);
    found = new Set([...all].filter((scope) => old.get(scope)?.join() !== young.get(scope)?.join()));
    memo.set(after.issuer, found);
  }
  return found;
}

/** By scope, the names of which each carries it; a name of ours is never translated (row 7). */
function carriersIn({ scopes }: Model, { translate }: Issuer): ReadonlyMap<string, readonly string[]> {
  const ours = new Set(scopes.map(({ name }) => name));
  const carried = [
    ...scopes.map(({ name, implies }) => ({ name, to: [name, ...implies] })),
    ...translate.filter(({ from }) => !ours.has(from)).map(({ from, to }) => ({ name: from, to })),
  ];
  const carriers = new Map<string, string[]>();
  for (const { name, to } of carried) {
    for (const scope of to) {
      const names = carriers.get(scope);
      if (names) names.push(name);
      else carriers.set(scope, [name]);
    }
  }
  for (const names of carriers.values()) names.sort();
  return carriers;
}
