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

type PlacesByScope = ReadonlyMap<number, readonly Place[]>;

interface ScopesOfKinds {
  readonly grants: Map<number, Place[]>;
  readonly denies: Map<number, Place[]>;
}

interface Inherited {
  readonly scopes: ScopesOfKinds;
  readonly rights: number;
}

export class RightsPacker {
  readonly #writer: TableWriter;
  readonly #rules: readonly PackedRule[];
  readonly #grantCount: number;
  readonly #rulesOfGroup: readonly (readonly Place[])[];
  /** Of the identities, by their place in the model: which groups each is in, and which rules name it. */
  readonly #inGroups: Partition;
  readonly #named: Partition;
  readonly #ofGroups = new Map<number, Inherited>();
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

    const places = new Map<string, number>();
    for (const [place, { name }] of model.identities.entries()) places.set(name, place);
    function* declared(names: readonly string[]): Generator<number> {
      for (const name of names) {
        const place = places.get(name);
        if (place !== undefined) yield place;
      }
    }
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
      const inherited = this.#inherited(groups);
      rights = named === 0 ? inherited.rights : this.#write(this.#byScope(this.#named.marksOf(named)), inherited);
      this.#rights.set(key, rights);
    }
    return rights;
  }

  /** What those have who are in these groups. */
  #inherited(groups: number): Inherited {
    let inherited = this.#ofGroups.get(groups);
    if (inherited === undefined) {
      const places = this.#inGroups.marksOf(groups).flatMap((group) => this.#rulesOfGroup[group]!);
      const scopes = this.#byScope(places);
      inherited = { scopes, rights: this.#write(scopes) };
      this.#ofGroups.set(groups, inherited);
    }
    return inherited;
  }

  #byScope(places: readonly Place[]): ScopesOfKinds {
    const scopes: ScopesOfKinds = { grants: new Map(), denies: new Map() };
    for (const place of places) {
      const map = place < this.#grantCount ? scopes.grants : scopes.denies;
      for (const scope of this.#rules[place]!.scopes) {
        const list = map.get(scope);
        if (list) list.push(place);
        else map.set(scope, [place]);
      }
    }
    return scopes;
  }

  #write(own: ScopesOfKinds, inherited?: Inherited): number {
    const grants = this.#rowsOf(own.grants, inherited?.scopes.grants);
    const denies = this.#rowsOf(own.denies, inherited?.scopes.denies);
    const [grantRows, denyRows] = [this.#writer.list(grants), this.#writer.list(denies)];
    const isShared = inherited && inherited.scopes.grants.size + inherited.scopes.denies.size > 0;
    const common = isShared ? inherited.rights : 0;
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

  /** Right rows for the own scopes only; but each is whole: what is inherited for these scopes is in it too. */
  #rowsOf(own: PlacesByScope, inherited?: PlacesByScope): readonly number[] {
    return [...own]
      .sort(([a], [b]) => a - b)
      .flatMap(([scope, places]) => {
        const all = [...new Set([...places, ...(inherited?.get(scope) ?? [])])].sort((a, b) => a - b);
        return [scope, this.#writer.list(all.map((place) => this.#rules[place]!.row)), all.length];
      });
  }
}
