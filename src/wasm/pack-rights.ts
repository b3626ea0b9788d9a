/** Who may do what, worked out per set of rules: identities to whom the same grants and denies are given share their rights. */
import { type Deny, type Grant, longestFirst, type Model } from "../model/index.ts";
import {
  RIGHT_SIZE,
  RIGHTS_COMMON,
  RIGHTS_DENIES,
  RIGHTS_DENY_COUNT,
  RIGHTS_GRANT_COUNT,
  RIGHTS_GRANTS,
  RIGHTS_SIZE,
} from "./layout.ts";
import type { Numbering } from "./numbers.ts";
import { Partition } from "./partition.ts";
import type { TableWriter } from "./table-writer.ts";

/** Rules are told apart by their place: the grants first, in the order in which they are tried, then the denies. */
type Place = number;

interface PackedRule {
  readonly row: number;
  /** Numbers. */
  readonly scopes: readonly number[];
}

export class RightsPacker {
  readonly #writer: TableWriter;
  readonly #rules: readonly PackedRule[];
  readonly #grantCount: number;
  readonly #rulesOfGroup: readonly (readonly Place[])[];
  /** Of the identities, by their place in the model: which groups each is in, and which rules name it. */
  readonly #inGroups: Partition;
  readonly #named: Partition;
  readonly #rights = new Map<string, number>();
  readonly #rows = new Map<string, number>();

  /** @param rows of the model's grants and denies, in its order */
  constructor(
    writer: TableWriter,
    model: Model,
    scopes: Numbering,
    rows: { readonly grants: readonly number[]; readonly denies: readonly number[] },
  ) {
    this.#writer = writer;
    const ordered: readonly { readonly rule: Grant | Deny; readonly row: number }[] = [
      ...model.grants.map((rule, i) => ({ rule, row: rows.grants[i]! })).sort((a, b) => longestFirst(a.rule, b.rule)),
      ...model.denies.map((rule, i) => ({ rule, row: rows.denies[i]! })),
    ];
    this.#grantCount = model.grants.length;
    this.#rules = ordered.map(({ rule, row }) => ({ row, scopes: rule.scopes.map((name) => scopes.get(name)!) }));

    const places = new Map(model.identities.map(({ name }, place) => [name, place]));
    const declared = (names: readonly string[]): number[] => names.flatMap((name) => places.get(name) ?? []);
    const rulesOf = Map.groupBy(
      ordered.flatMap(({ rule }, place) => rule.to.groups.map((group) => ({ group, place }))),
      ({ group }) => group,
    );
    const groups = model.groups.filter(({ name }) => rulesOf.has(name));
    this.#rulesOfGroup = groups.map(({ name }) => rulesOf.get(name)!.map(({ place }) => place));
    this.#inGroups = new Partition(model.identities.length);
    for (const [group, { members }] of groups.entries()) this.#inGroups.mark(declared(members), group);
    this.#named = new Partition(model.identities.length);
    for (const [place, { rule }] of ordered.entries()) this.#named.mark(declared(rule.to.identities), place);
  }

  /** The rights of the identity at this place in the model. */
  of(identity: number): number {
    return this.#rightsOf(this.#inGroups.partOf(identity), this.#named.partOf(identity));
  }

  #rightsOf(groups: number, named: number): number {
    const key = `${groups} ${named}`;
    let rights = this.#rights.get(key);
    if (rights === undefined) {
      const inherited = this.#inGroups.marksOf(groups).flatMap((group) => this.#rulesOfGroup[group]!);
      rights =
        named === 0
          ? this.#write(inherited, [], 0)
          : this.#write(this.#named.marksOf(named), inherited, inherited.length > 0 ? this.#rightsOf(groups, 0) : 0);
      this.#rights.set(key, rights);
    }
    return rights;
  }

  #write(own: readonly Place[], inherited: readonly Place[], common: number): number {
    const isGrant = (place: Place): boolean => place < this.#grantCount;
    const isDeny = (place: Place): boolean => !isGrant(place);
    const grants = this.#rowsOf(own.filter(isGrant), inherited.filter(isGrant));
    const denies = this.#rowsOf(own.filter(isDeny), inherited.filter(isDeny));
    const [grantRows, denyRows] = [this.#writer.list(grants), this.#writer.list(denies)];
    const key = `${grantRows} ${denyRows} ${common}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#writer.reserve(RIGHTS_SIZE);
      this.#writer.word(row + RIGHTS_GRANTS, grantRows);
      this.#writer.word(row + RIGHTS_GRANT_COUNT, (grants.length * 4) / RIGHT_SIZE);
      this.#writer.word(row + RIGHTS_DENIES, denyRows);
      this.#writer.word(row + RIGHTS_DENY_COUNT, (denies.length * 4) / RIGHT_SIZE);
      this.#writer.word(row + RIGHTS_COMMON, common);
      this.#rows.set(key, row);
    }
    return row;
  }

  /** Right rows for the scopes of the own rules only; but each is whole: inherited rules of these scopes are in it too. */
  #rowsOf(own: readonly Place[], inherited: readonly Place[]): readonly number[] {
    const byScope = new Map<number, Set<Place>>();
    for (const place of own) {
      for (const scope of this.#rules[place]!.scopes) {
        const places = byScope.get(scope);
        if (places) places.add(place);
        else byScope.set(scope, new Set([place]));
      }
    }
    for (const place of inherited) for (const scope of this.#rules[place]!.scopes) byScope.get(scope)?.add(place);
    return [...byScope]
      .sort(([a], [b]) => a - b)
      .flatMap(([scope, places]) => {
        const rows = [...places].sort((a, b) => a - b).map((place) => this.#rules[place]!.row);
        return [scope, this.#writer.list(rows), rows.length];
      });
  }
}
