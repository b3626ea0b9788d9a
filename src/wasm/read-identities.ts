/** Identities and their rights read back from tables: each identity once, however it is found. */
import {
  FOREVER,
  HEADER_IDENTITIES,
  HEADER_KEYS,
  HEADER_SCOPE_COUNT,
  HEADER_SPIFFE_IDS,
  IDENTITY_EXPIRES,
  IDENTITY_FROM,
  IDENTITY_ISSUER,
  IDENTITY_KEY,
  IDENTITY_NAME,
  IDENTITY_OWNER,
  IDENTITY_RIGHTS,
  IDENTITY_TAGS,
  IDENTITY_TIER,
  ISSUER_NUMBER,
  RIGHT_RULES,
  RIGHT_SCOPE,
  RIGHT_SIZE,
  RIGHTS_COMMON,
  RIGHTS_DENIES,
  RIGHTS_GRANTS,
  ROW_KEY_LENGTH,
  STATIC_KEY_CREATED,
  STATIC_KEY_IDENTITY,
  STATIC_KEY_KEY,
  TABLES,
} from "./layout.ts";
import { damaged, type TableReader } from "./table-reader.ts";

export interface ReadIdentities {
  /** By name. */
  readonly identities: readonly ReadIdentity[];
  /** Who is found by an issuer and a subject, and who by a SPIFFE ID: names, in the order of subjects. */
  readonly bySubject: readonly string[];
  readonly bySpiffeId: readonly string[];
  readonly keys: readonly { readonly id: string; readonly identity: string; readonly created: number }[];
  readonly rights: readonly ReadRights[];
}

export interface ReadIdentity {
  readonly name: string;
  readonly tier?: string;
  readonly issuer?: string;
  /** Absent for families and where there are only static keys. */
  readonly subject?: string;
  readonly owner: string;
  readonly from?: number;
  readonly expires?: number;
  /** None where no condition reads them. */
  readonly tags: readonly string[];
  /** Its place among the rights. */
  readonly rights: number;
}

export interface ReadRights {
  readonly grants: readonly ReadRight[];
  readonly denies: readonly ReadRight[];
  /** The place of the rights in which scopes are looked for that have no row here. */
  readonly common?: number;
}

export interface ReadRight {
  readonly scope: string;
  readonly rules: readonly string[];
}

interface Named {
  readonly name: string;
}

interface Names {
  readonly tiers: ReadonlyMap<number, Named>;
  readonly issuers: ReadonlyMap<number, Named>;
  readonly grants: ReadonlyMap<number, Named>;
  readonly denies: ReadonlyMap<number, Named>;
  readonly scopeName: (number: number) => string;
}

export class IdentityReader {
  readonly #reader: TableReader;
  readonly #names: Names;
  readonly #identities = new Map<number, ReadIdentity>();
  readonly #rights: ReadRights[] = [];
  readonly #places = new Map<number, number>();

  constructor(reader: TableReader, names: Names) {
    this.#reader = reader;
    this.#names = names;
  }

  nameAt(row: number): string {
    return this.#identityAt(row).name;
  }

  /** What the indexes find, and what `nameAt` was asked for. */
  finish(): ReadIdentities {
    const reader = this.#reader;
    const seedOf = (row: number): number => {
      const issuer = reader.word(row + IDENTITY_ISSUER);
      if (!this.#names.issuers.has(issuer)) throw damaged("reference");
      return reader.seed + reader.word(issuer + ISSUER_NUMBER);
    };
    const bySubject = reader
      .index(TABLES + HEADER_IDENTITIES, IDENTITY_KEY, seedOf)
      .map((row) => this.nameAt(row.address));
    const bySpiffeId = reader.index(TABLES + HEADER_SPIFFE_IDS, IDENTITY_KEY).map((row) => this.nameAt(row.address));
    const keys = reader.index(TABLES + HEADER_KEYS, STATIC_KEY_KEY).map(({ address, key }) => ({
      id: key,
      identity: this.nameAt(reader.word(address + STATIC_KEY_IDENTITY)),
      created: reader.long(address + STATIC_KEY_CREATED),
    }));
    const identities = [...this.#identities.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { identities, bySubject, bySpiffeId, keys, rights: this.#rights };
  }

  #identityAt(row: number): ReadIdentity {
    const known = this.#identities.get(row);
    if (known) return known;
    const reader = this.#reader;
    const [tier, issuer] = [reader.word(row + IDENTITY_TIER), reader.word(row + IDENTITY_ISSUER)];
    const [from, expires] = [reader.long(row + IDENTITY_FROM), reader.long(row + IDENTITY_EXPIRES)];
    const subject = new TextDecoder().decode(reader.bytes(row + IDENTITY_KEY, reader.word(row + ROW_KEY_LENGTH)));
    const identity: ReadIdentity = {
      name: reader.text(reader.word(row + IDENTITY_NAME)),
      ...(tier !== 0 && { tier: nameOf(this.#names.tiers, tier) }),
      ...(issuer !== 0 && { issuer: nameOf(this.#names.issuers, issuer) }),
      ...(subject !== "" && { subject }),
      owner: reader.text(reader.word(row + IDENTITY_OWNER)),
      ...(from !== 0 && { from }),
      ...(expires !== FOREVER && { expires }),
      tags: reader.spans(row + IDENTITY_TAGS),
      rights: this.#rightsAt(reader.word(row + IDENTITY_RIGHTS)),
    };
    this.#identities.set(row, identity);
    return identity;
  }

  #rightsAt(row: number): number {
    const known = this.#places.get(row);
    if (known !== undefined) return known;
    const common = this.#reader.word(row + RIGHTS_COMMON);
    // Two steps and no more: what is common has nothing in common with others.
    if (common !== 0 && this.#reader.word(common + RIGHTS_COMMON) !== 0) throw damaged("reference");
    const rights: ReadRights = {
      grants: this.#rightRows(row + RIGHTS_GRANTS, this.#names.grants),
      denies: this.#rightRows(row + RIGHTS_DENIES, this.#names.denies),
      ...(common !== 0 && { common: this.#rightsAt(common) }),
    };
    const place = this.#rights.push(rights) - 1;
    this.#places.set(row, place);
    return place;
  }

  #rightRows(at: number, rules: ReadonlyMap<number, Named>): readonly ReadRight[] {
    const reader = this.#reader;
    const rows = reader.rows(at, RIGHT_SIZE);
    const numbers = rows.map((row) => reader.word(row + RIGHT_SCOPE));
    const end = reader.word(TABLES + HEADER_SCOPE_COUNT);
    if (numbers.some((number, i) => number >= end || number <= (numbers[i - 1] ?? -1))) throw damaged("order");
    return rows.map((row, i) => ({
      scope: this.#names.scopeName(numbers[i]!),
      rules: reader.words(row + RIGHT_RULES).map((rule) => nameOf(rules, rule)),
    }));
  }
}

function nameOf(rows: ReadonlyMap<number, Named>, row: number): string {
  const named = rows.get(row);
  if (!named) throw damaged("reference");
  return named.name;
}
