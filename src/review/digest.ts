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

/**
 * INVARIANT: two changes have the same digest only where the same callers may do the same. Names are not enough: an identity keeps its
 * name when it gets another subject, so what each is known by goes in as well, on both sides.
 */
export class ChangeDigests {
  readonly #known: readonly ReadonlyMap<string, unknown>[];

  constructor(before: Model, after: Model) {
    this.#known = [before, after].map((model) => {
      const urls = new Map(model.issuers.map(({ name, url }) => [name, url]));
      return new Map(
        model.identities.map(({ name, issuer, subject, keys }) => [
          name,
          [issuer === undefined ? null : (urls.get(issuer) ?? null), subject ?? null, keys.map(({ id }) => id)],
        ]),
      );
    });
  }

  of({ kind, identities, credentials, operations, when, before, after, witness }: Change): string {
    const callers = identities.map((name) => this.#known.map((side) => side.get(name) ?? null));
    const said = { kind, identities, callers, credentials, operations, when, before, after, request: witness.input };
    return digestOf(said);
  }
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
