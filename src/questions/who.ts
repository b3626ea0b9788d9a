/** Who may call an operation: everybody who may, those together who may alike. */
import { lookupIn, type Model } from "../model/index.ts";
import type { Access, Shown } from "./access.ts";
import { accessMatrix } from "./access-matrix.ts";
import { type AskedOperation, findOperation } from "./find.ts";
import { holdersOf } from "./holders.ts";
import { presentedWords } from "./presented.ts";

/** Identities of one tier that may call it in the same way. */
export interface WhoMay {
  readonly identities: readonly string[];
  readonly tier: string;
  readonly trust: number;
  /** How they have to present themselves: any of these. */
  readonly presented: readonly string[];
  readonly access: Access;
  readonly shown?: Shown;
}

export interface Who {
  readonly operation: AskedOperation;
  /** The lowest trust first, then by how many they are. Empty for a public operation: nobody has to be anybody. */
  readonly may: readonly WhoMay[];
  /** Whether conditions were worked out over all requests, instead of read off the rules. */
  readonly exact: boolean;
}

/** @example whoMay(model, "GET orders.example.com/v1/tenants/t1/orders") */
export function whoMay(model: Model, text: string): Who {
  const operation = findOperation(model, text);
  if (operation.public) return { operation, may: [], exact: true };
  const { matrix, shown, exact } = accessMatrix(model, {
    operations: new Set([operation.name]),
    identities: holdersOf(model, operation.scopes[0] ?? ""),
  });
  const identities = new Map(model.identities.map((identity) => [identity.name, identity]));
  const groups = new Map<string, { names: string[]; first: WhoMay }>();
  for (const caller of matrix.callers) {
    const number = matrix.cells[caller.class]?.[1];
    const identity = identities.get(caller.name);
    const tier = lookupIn(model).tier(caller.tier);
    if (number === undefined || !identity || !tier) continue;
    const presented = presentedWords(tier, identity);
    const key = JSON.stringify([number, tier.name, presented]);
    const request = shown.get(number);
    const first: WhoMay = {
      identities: [],
      tier: tier.name,
      trust: tier.trust,
      presented,
      access: matrix.accesses[number]!,
      ...(request && { shown: request }),
    };
    const group = groups.get(key) ?? { names: [], first };
    group.names.push(caller.name);
    groups.set(key, group);
  }
  const may = [...groups.values()].map(({ names, first }) => ({ ...first, identities: names.sort() }));
  return { operation, may: may.sort((a, b) => a.trust - b.trust || byAmount(a.identities, b.identities)), exact };
}

/** Many before few; equal ones by name. */
export function byAmount(a: readonly string[], b: readonly string[]): number {
  return b.length - a.length || ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1);
}
