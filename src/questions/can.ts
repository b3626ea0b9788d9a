/** What an identity may call: everything, what may be called alike together. */
import { type Identity, lookupIn, type Model } from "../model/index.ts";
import type { Access, Shown } from "./access.ts";
import { accessMatrix } from "./access-matrix.ts";
import { findIdentity } from "./find.ts";
import { presentedWords } from "./presented.ts";
import { byAmount } from "./who.ts";

/** Operations that it may call in the same way. */
export interface CanCall {
  readonly operations: readonly string[];
  readonly access: Access;
  readonly shown?: Shown;
}

export interface Can {
  readonly identity: Pick<Identity, "expires" | "from" | "name" | "owner" | "tier">;
  readonly groups: readonly string[];
  readonly trust: number;
  /** How it has to present itself: any of these. */
  readonly presented: readonly string[];
  /** What has no conditions first. */
  readonly may: readonly CanCall[];
  /** Public operations, which anybody may call. */
  readonly public: readonly string[];
  readonly exact: boolean;
}

/** @example canCall(model, "payments") */
export function canCall(model: Model, text: string): Can {
  const { name, owner, tier: tierName, from, expires, ...identity } = findIdentity(model, text);
  const { matrix, shown, exact } = accessMatrix(model, { identities: new Set([name]) });
  const tier = lookupIn(model).tier(tierName);
  const operations = new Map<number, string[]>();
  for (const operation of matrix.operations) {
    const list = operations.get(operation.class);
    if (list) list.push(operation.name);
    else operations.set(operation.class, [operation.name]);
  }
  const found = new Map<number, string[]>();
  const open: string[] = [];
  const cells = matrix.cells[0] ?? [];
  for (let at = 0; at < cells.length; at += 2) {
    const [names, number] = [operations.get(cells[at]!) ?? [], cells[at + 1]!];
    if (matrix.accesses[number]?.kind === "public") open.push(...names);
    else found.set(number, [...(found.get(number) ?? []), ...names]);
  }
  const order = { always: 0, until: 1, conditional: 2, public: 3 } as const;
  return {
    identity: {
      name,
      owner,
      tier: tierName,
      ...(from !== undefined && { from }),
      ...(expires !== undefined && { expires }),
    },
    groups: model.groups.filter(({ members }) => members.includes(name)).map((group) => group.name),
    trust: tier?.trust ?? 0,
    presented: tier ? presentedWords(tier, { name, owner, tier: tierName, ...identity }) : [],
    may: [...found]
      .map(([number, names]): CanCall => {
        const request = shown.get(number);
        return { operations: names.sort(), access: matrix.accesses[number]!, ...(request && { shown: request }) };
      })
      .sort((a, b) => order[a.access.kind] - order[b.access.kind] || byAmount(a.operations, b.operations)),
    public: open.sort(),
    exact,
  };
}
