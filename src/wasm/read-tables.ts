/** Tables read back into things with names: what a reviewer is shown, and what tests hold against the model. */
import {
  CLAIM_MEMBER,
  CLAIM_OPTIONAL,
  CLAIM_SIZE,
  CLAIM_TYPE,
  CLAIM_TYPE_BOOLEAN,
  CLAIM_TYPE_INTEGER,
  CLAIM_TYPE_STRING,
  CLAIM_TYPE_STRINGS,
  CLAIM_VALUES,
  CONDITION_SIZE,
  FOREVER,
  HEADER_CONDITIONS,
  HEADER_DENIES,
  HEADER_GRANTS,
  HEADER_HEADER_COUNT,
  HEADER_HEADERS,
  HEADER_ISSUERS,
  HEADER_LENGTH,
  HEADER_MEMBER_COUNT,
  HEADER_MEMBERS,
  HEADER_NOT_AFTER,
  HEADER_NOT_BEFORE,
  HEADER_PUBLIC_DELAY,
  HEADER_REVISION,
  HEADER_SCOPE_COUNT,
  HEADER_SCOPES,
  HEADER_SEQUENCE,
  HEADER_TIERS,
  ISSUER_AUDIENCE,
  ISSUER_CLAIMS,
  ISSUER_KEY,
  ISSUER_NAME,
  ISSUER_NUMBER,
  ISSUER_TRANSLATIONS,
  MEMBER_KEY,
  MEMBER_NUMBER,
  PRESENTED_BEARER,
  PRESENTED_DPOP,
  PRESENTED_KEY,
  PRESENTED_MTLS,
  PRESENTED_SVID,
  RULE_API_COUNT,
  RULE_APIS,
  RULE_CONDITION,
  RULE_EMERGENCY,
  RULE_FROM,
  RULE_NAME,
  RULE_READS_AGE,
  RULE_SIZE,
  RULE_UNTIL,
  SCOPE_IMPLIED,
  SCOPE_KEY,
  SCOPE_NUMBER,
  TABLES,
  TIER_AUDIENCES,
  TIER_AUTHENTICATION,
  TIER_BEARER_LIFETIME,
  TIER_BOUND_LIFETIME,
  TIER_KEY_ROTATION,
  TIER_NAME,
  TIER_REVOCATION_DELAY,
  TIER_REVOKES_TOKENS,
  TIER_SIZE,
  TIER_TRUST,
  TRANSLATION_KEY,
  TRANSLATION_SCOPES,
  VALUE_KEY,
} from "./layout.ts";
import { type ReadCondition, readCondition, readFacts } from "./read-conditions.ts";
import { IdentityReader, type ReadIdentities } from "./read-identities.ts";
import {
  type ReadAutomata,
  type ReadOperation,
  type ReadScopes,
  readAutomata,
  readOperations,
} from "./read-operations.ts";
import { damaged, TableReader } from "./table-reader.ts";

export interface ReadTables extends ReadAutomata, ReadIdentities {
  readonly revision: string;
  readonly bytes: number;
  readonly seed: number;
  readonly sequence: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicDelay: number;
  readonly tiers: readonly ReadTier[];
  readonly issuers: readonly ReadIssuer[];
  /** Members of a token that anything asks for, by number. */
  readonly members: readonly string[];
  /** Request headers that a condition reads, by number. */
  readonly headers: readonly string[];
  readonly scopes: readonly { readonly name: string; readonly implies: readonly string[] }[];
  readonly operations: readonly ReadOperation[];
  readonly grants: readonly ReadRule[];
  readonly denies: readonly ReadRule[];
  readonly conditions: readonly ReadCondition[];
}

export interface ReadTier {
  readonly name: string;
  readonly authentication: readonly string[];
  readonly trust: number;
  readonly audiences: number;
  readonly revokesTokens: boolean;
  readonly boundLifetime: number;
  readonly bearerLifetime: number;
  readonly revocationDelay: number;
  readonly keyRotation: number;
}

export interface ReadIssuer {
  readonly name: string;
  readonly url: string;
  readonly audience: string;
  readonly claims: readonly {
    readonly name: string;
    readonly type: string;
    readonly optional: boolean;
    readonly values?: readonly string[];
  }[];
  readonly translations: readonly { readonly from: string; readonly scopes: readonly string[] }[];
}

export interface ReadRule {
  readonly name: string;
  /** Numbers; absent: wherever the scopes are needed. */
  readonly apis?: readonly number[];
  /** Its place among the conditions. */
  readonly condition?: number;
  readonly emergency: boolean;
  readonly readsAge: boolean;
  readonly from?: number;
  readonly until?: number;
}

/**
 * @throws where anything in the tables is not as `packTables` writes it
 * @example readTables(packTables(model, policy)).grants
 */
export function readTables(bytes: Uint8Array): ReadTables {
  const reader = new TableReader(bytes);
  const [members, headers] = [
    readNames(reader, HEADER_MEMBERS, HEADER_MEMBER_COUNT),
    readNames(reader, HEADER_HEADERS, HEADER_HEADER_COUNT),
  ];
  const scopes = readScopes(reader);
  const tiers = new Map(reader.rows(TABLES + HEADER_TIERS, TIER_SIZE).map((row) => [row, readTier(reader, row)]));
  const issuerRows = reader.index(TABLES + HEADER_ISSUERS, ISSUER_KEY);
  const issuers = new Map(
    issuerRows.map(({ address, key }) => [address, readIssuer(reader, address, key, { members, scopes: scopes.name })]),
  );
  const issuerNames = new Map([...issuers].map(([row, { name }]) => [row, name]));
  const facts = readFacts(reader, { issuers: issuerNames, members, headers });
  const conditionRows = reader.rows(TABLES + HEADER_CONDITIONS, CONDITION_SIZE);
  const conditions = new Map(conditionRows.map((row, place) => [row, place]));
  const rules = (offset: number): ReadonlyMap<number, ReadRule> =>
    new Map(reader.rows(TABLES + offset, RULE_SIZE).map((row) => [row, readRule(reader, row, conditions)]));
  const [grants, denies] = [rules(HEADER_GRANTS), rules(HEADER_DENIES)];
  const operations = readOperations(reader, scopes);
  const identities = new IdentityReader(reader, { tiers, issuers, grants, denies, scopeName: scopes.name });
  const automata = readAutomata(reader, {
    operations,
    identity: (row) => identities.nameAt(row),
    issuers: new Map(
      issuerRows.map(({ address }) => [reader.word(address + ISSUER_NUMBER), issuerNames.get(address)!]),
    ),
  });
  return {
    revision: reader.text(reader.word(TABLES + HEADER_REVISION)),
    bytes: reader.word(TABLES + HEADER_LENGTH),
    seed: reader.seed,
    sequence: reader.long(TABLES + HEADER_SEQUENCE),
    notBefore: reader.long(TABLES + HEADER_NOT_BEFORE),
    notAfter: reader.long(TABLES + HEADER_NOT_AFTER),
    publicDelay: reader.long(TABLES + HEADER_PUBLIC_DELAY),
    tiers: [...tiers.values()],
    issuers: [...issuers.values()],
    members,
    headers,
    scopes: scopes.rows,
    operations: [...operations.values()],
    ...automata,
    grants: [...grants.values()],
    denies: [...denies.values()],
    conditions: conditionRows.map((row) => readCondition(reader, row, facts)),
    ...identities.finish(),
  };
}

/** Names by number: every number up to the count has one. */
function readNames(reader: TableReader, index: number, count: number): readonly string[] {
  const names: string[] = [];
  for (const { address, key } of reader.index(TABLES + index, MEMBER_KEY))
    names[reader.word(address + MEMBER_NUMBER)] = key;
  if (Object.keys(names).length !== reader.word(TABLES + count) || names.length !== Object.keys(names).length)
    throw damaged("number");
  return names;
}

function readScopes(reader: TableReader): ReadScopes & { readonly rows: ReadTables["scopes"] } {
  const count = reader.word(TABLES + HEADER_SCOPE_COUNT);
  const found = reader.index(TABLES + HEADER_SCOPES, SCOPE_KEY);
  const names = new Map(found.map(({ address, key }) => [reader.word(address + SCOPE_NUMBER), key]));
  const name = (number: number): string => {
    if (number >= count) throw damaged("number");
    // What is not in the vocabulary has a number and no name.
    return names.get(number) ?? `#${number}`;
  };
  const rows = found.map(({ address, key }) => ({
    name: key,
    implies: reader.ascending(address + SCOPE_IMPLIED, count).map(name),
  }));
  const rowOf = new Map(found.map(({ address }) => [reader.word(address + SCOPE_NUMBER), address]));
  return { rows, name, rowOf };
}

const methods: readonly (readonly [bit: number, name: string])[] = [
  [PRESENTED_BEARER, "bearer"],
  [PRESENTED_DPOP, "dpop"],
  [PRESENTED_KEY, "key"],
  [PRESENTED_MTLS, "mtls"],
  [PRESENTED_SVID, "svid"],
];

function readTier(reader: TableReader, row: number): ReadTier {
  const bits = reader.word(row + TIER_AUTHENTICATION);
  return {
    name: reader.text(reader.word(row + TIER_NAME)),
    authentication: methods.filter(([bit]) => bits & bit).map(([, name]) => name),
    trust: reader.word(row + TIER_TRUST),
    audiences: reader.word(row + TIER_AUDIENCES),
    revokesTokens: reader.flag(row + TIER_REVOKES_TOKENS),
    boundLifetime: reader.long(row + TIER_BOUND_LIFETIME),
    bearerLifetime: reader.long(row + TIER_BEARER_LIFETIME),
    revocationDelay: reader.long(row + TIER_REVOCATION_DELAY),
    keyRotation: reader.long(row + TIER_KEY_ROTATION),
  };
}

const claimTypes: ReadonlyMap<number, string> = new Map([
  [CLAIM_TYPE_BOOLEAN, "boolean"],
  [CLAIM_TYPE_INTEGER, "integer"],
  [CLAIM_TYPE_STRING, "string"],
  [CLAIM_TYPE_STRINGS, "strings"],
]);

function readIssuer(
  reader: TableReader,
  row: number,
  url: string,
  names: { readonly members: readonly string[]; readonly scopes: (number: number) => string },
): ReadIssuer {
  const count = reader.word(TABLES + HEADER_SCOPE_COUNT);
  return {
    name: reader.text(reader.word(row + ISSUER_NAME)),
    url,
    audience: reader.text(reader.word(row + ISSUER_AUDIENCE)),
    claims: reader.rows(row + ISSUER_CLAIMS, CLAIM_SIZE).map((claim) => {
      const name = names.members[reader.word(claim + CLAIM_MEMBER)];
      const type = claimTypes.get(reader.word(claim + CLAIM_TYPE));
      if (name === undefined || type === undefined) throw damaged("kind");
      const values = reader.word(claim + CLAIM_VALUES);
      const optional = reader.flag(claim + CLAIM_OPTIONAL);
      return { name, type, optional, ...(values !== 0 && { values: reader.set(values, VALUE_KEY) }) };
    }),
    translations: reader.index(row + ISSUER_TRANSLATIONS, TRANSLATION_KEY).map(({ address, key }) => ({
      from: key,
      scopes: reader.ascending(address + TRANSLATION_SCOPES, count).map(names.scopes),
    })),
  };
}

function readRule(reader: TableReader, row: number, conditions: ReadonlyMap<number, number>): ReadRule {
  const [from, until] = [reader.long(row + RULE_FROM), reader.long(row + RULE_UNTIL)];
  const condition = reader.word(row + RULE_CONDITION);
  const place = conditions.get(condition);
  if (condition !== 0 && place === undefined) throw damaged("reference");
  const isAnywhere = reader.word(row + RULE_APIS) === 0;
  if (isAnywhere && reader.word(row + RULE_API_COUNT) !== 0) throw damaged("reference");
  return {
    name: reader.text(reader.word(row + RULE_NAME)),
    ...(!isAnywhere && { apis: reader.ascending(row + RULE_APIS, 0xffff_ffff) }),
    ...(place !== undefined && { condition: place }),
    emergency: reader.flag(row + RULE_EMERGENCY),
    readsAge: reader.flag(row + RULE_READS_AGE),
    ...(from !== 0 && { from }),
    ...(until !== FOREVER && { until }),
  };
}
