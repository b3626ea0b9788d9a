/** What a change, a policy and a whole difference are known by, whoever compares and wherever. */
import { createHash } from "node:crypto";
import type { Change } from "../diff/index.ts";
import { canonicalJsonBytes, type JsonValue } from "../json/index.ts";
import type { Decision, Model } from "../model/index.ts";

/** `model.json` as it is in a bundle: examples and what must never be decide nothing, so they are no part of it. */
export function deployedBytes(model: Model): Uint8Array<ArrayBuffer> {
  const { nevers: _, ...rest } = model;
  const deployed: Model = { ...rest, examples: [] };
  return canonicalJsonBytes(deployed as unknown as JsonValue);
}

/** By it a policy is known, the same for a folder and a release. */
export function modelDigest(model: Model): string {
  return createHash("sha256").update(deployedBytes(model)).digest("hex");
}

/** What the words of a change leave out of somebody or something, on one side; the terms are those of many. */
interface Known {
  readonly own: JsonValue;
  readonly terms: string;
}

/**
 * INVARIANT: two changes have the same digest only where the same callers may do the same. Names are not enough: an identity keeps its
 * name when it gets another subject, and words leave out what every request of the kind needs. So what each caller is known by, what its
 * tier and its issuer ask of a token, and what each operation asks for and tells its upstream go in as well, on both sides.
 */
export class ChangeDigests {
  readonly #identities: readonly ReadonlyMap<string, Known>[];
  readonly #operations: readonly ReadonlyMap<string, Known>[];

  constructor(before: Model, after: Model) {
    this.#identities = [before, after].map(knownIdentities);
    this.#operations = [before, after].map(knownOperations);
  }

  of({ kind, identities, credentials, operations, when, before, after, witness }: Change): string {
    const numbers = new Map<string, number>();
    const told = ({ own, terms }: Known): JsonValue => {
      const number = numbers.get(terms) ?? numbers.size;
      numbers.set(terms, number);
      return [own, number];
    };
    const sides = (names: readonly string[], known: readonly ReadonlyMap<string, Known>[]) =>
      names.map((name) =>
        known.map((side) => {
          const found = side.get(name);
          return found ? told(found) : null;
        }),
      );
    const callers = sides(identities, this.#identities);
    const called = sides(operations, this.#operations);
    const decided = [witness.before, witness.after].map(withoutRevision);
    const said = { kind, identities, callers, credentials, operations, called, when, before, after, decided };
    return digestOf({ ...said, terms: [...numbers.keys()], request: witness.input });
  }
}

function knownIdentities({ identities, issuers, tiers }: Model): ReadonlyMap<string, Known> {
  const texts = (items: readonly { readonly name: string }[]) =>
    new Map(items.map(({ name, ...rest }) => [name, stable(rest)]));
  const [issuer, tier] = [texts(issuers), texts(tiers)];
  // One text for all who share it: it is looked up for each of them.
  const terms = new Map<string, string>();
  return new Map(
    identities.map(({ name, subject = null, keys, from = null, expires = null, ...its }) => {
      const key = `${its.tier} ${its.issuer ?? ""}`;
      const shared = terms.get(key) ?? `${tier.get(its.tier)}${issuer.get(its.issuer ?? "") ?? ""}`;
      terms.set(key, shared);
      return [name, { own: [subject, keys.map(({ id, created }) => [id, created]), from, expires], terms: shared }];
    }),
  );
}

function knownOperations({ apis, scopes }: Model): ReadonlyMap<string, Known> {
  const implying = new Map<string, string[]>();
  for (const { name, implies } of scopes)
    for (const implied of implies) {
      const list = implying.get(implied);
      if (list) list.push(name);
      else implying.set(implied, [name]);
    }
  return new Map(
    apis.flatMap(({ host, headers, operations }) => {
      const terms = stable(headers);
      return operations.map(({ name, public: isPublic, scopes: needed, minTrust }) => {
        const own = [isPublic, minTrust, needed.map((scope) => [scope, ...(implying.get(scope) ?? [])])];
        return [`${host} ${name}`, { own, terms }] as const;
      });
    }),
  );
}

/** A change as every format and every machine says it: no place of a file, no revision of a release, nobody's approval. */
export interface Core extends Change {
  readonly digest: string;
  readonly sentence: string;
}

export function coreOf(change: Change, digest: string, sentence: string): Core {
  const { input, revocations, before, after } = change.witness;
  const witness = { input, revocations, before: withoutRevision(before), after: withoutRevision(after) };
  return { digest, sentence, ...change, witness };
}

/** Two releases of one policy have two revisions, and decide alike. */
function withoutRevision(decision: Decision): Decision {
  const { revision: _, ...rest } = decision;
  return rest as Decision;
}

/** What an approver says to have read: both policies, and all that was said of them. */
export function differenceDigest(before: string, after: string, changes: readonly unknown[]): string {
  return digestOf({ before, after, changes });
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(stable(value)).digest("hex");
}

/** JSON with sorted keys. Requests of witnesses hold numbers and halves of characters that canonical JSON has no spelling for. */
export function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => stable(item ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${stable(member)}`);
  return `{${members.join(",")}}`;
}
