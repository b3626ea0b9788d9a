/** Issuers, tiers and the vocabulary of scopes to rows. */
import type { ClaimType, Issuer, Method, Model, Tier } from "../model/index.ts";
import {
  CLAIM_SIZE,
  CLAIM_TYPE_BOOLEAN,
  CLAIM_TYPE_INTEGER,
  CLAIM_TYPE_STRING,
  CLAIM_TYPE_STRINGS,
  HEADER_ISSUERS,
  HEADER_SCOPES,
  ISSUER_AUDIENCE,
  ISSUER_CLAIM_COUNT,
  ISSUER_CLAIMS,
  ISSUER_KEY,
  ISSUER_NAME,
  ISSUER_NUMBER,
  ISSUER_TRANSLATIONS,
  PRESENTED_BEARER,
  PRESENTED_DPOP,
  PRESENTED_KEY,
  PRESENTED_MTLS,
  PRESENTED_SVID,
  SCOPE_IMPLIED,
  SCOPE_IMPLIED_COUNT,
  SCOPE_KEY,
  SCOPE_NUMBER,
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
  TRANSLATION_SCOPE_COUNT,
  TRANSLATION_SCOPES,
} from "./layout.ts";
import type { Numbering, Numbers } from "./numbers.ts";
import { Entries, type TableWriter } from "./table-writer.ts";

const presented: Readonly<Record<Method, number>> = {
  bearer: PRESENTED_BEARER,
  dpop: PRESENTED_DPOP,
  key: PRESENTED_KEY,
  mtls: PRESENTED_MTLS,
  svid: PRESENTED_SVID,
};

/** The rows by name; they stand one after the other. */
export function packTiers(
  writer: TableWriter,
  tiers: readonly Tier[],
): { readonly address: number; readonly rows: ReadonlyMap<string, number> } {
  const address = writer.reserve(tiers.length * TIER_SIZE);
  const rows = new Map<string, number>();
  for (const [i, tier] of tiers.entries()) {
    const row = address + i * TIER_SIZE;
    writer.word(row + TIER_NAME, writer.text(tier.name));
    writer.word(
      row + TIER_AUTHENTICATION,
      tier.authentication.reduce((bits, method) => bits | presented[method], 0),
    );
    writer.word(row + TIER_TRUST, tier.trust);
    writer.word(row + TIER_AUDIENCES, tier.audiences);
    writer.word(row + TIER_REVOKES_TOKENS, tier.revokesTokens ? 1 : 0);
    writer.long(row + TIER_BOUND_LIFETIME, tier.tokenLifetime.bound ?? 0);
    writer.long(row + TIER_BEARER_LIFETIME, tier.tokenLifetime.bearer ?? 0);
    writer.long(row + TIER_REVOCATION_DELAY, tier.revocationDelay);
    writer.long(row + TIER_KEY_ROTATION, tier.keyRotation ?? 0);
    rows.set(tier.name, row);
  }
  return { address, rows };
}

const claimTypes: Readonly<Record<ClaimType, number>> = {
  boolean: CLAIM_TYPE_BOOLEAN,
  integer: CLAIM_TYPE_INTEGER,
  string: CLAIM_TYPE_STRING,
  strings: CLAIM_TYPE_STRINGS,
};

/** The rows by name. */
export function packIssuers(
  writer: TableWriter,
  header: number,
  { issuers, scopes }: Model,
  numbers: Numbers,
): ReadonlyMap<string, number> {
  const vocabulary = new Set(scopes.map(({ name }) => name));
  const rows = new Map<string, number>();
  const entries = new Entries();
  for (const issuer of issuers) {
    const row = packIssuer(writer, issuer, numbers, vocabulary);
    rows.set(issuer.name, row);
    entries.add(writer.hashOfKey(row, ISSUER_KEY), row);
  }
  writer.index(header + HEADER_ISSUERS, entries, ISSUER_KEY);
  return rows;
}

function packIssuer(writer: TableWriter, issuer: Issuer, numbers: Numbers, vocabulary: ReadonlySet<string>): number {
  const { name, url, audience, claims, translate } = issuer;
  const row = writer.keyed(ISSUER_KEY, url);
  writer.word(row + ISSUER_NAME, writer.text(name));
  writer.word(row + ISSUER_NUMBER, numbers.issuers.get(name)!);
  writer.word(row + ISSUER_AUDIENCE, writer.text(audience));
  // Member, type, whether it may be absent, and the values of an enumeration.
  const words = claims.flatMap(({ name: claim, type, optional, values }) => [
    numbers.members.get(claim)!,
    claimTypes[type],
    optional ? 1 : 0,
    type === "string" && values ? writer.set(values) : 0,
  ]);
  writer.word(row + ISSUER_CLAIMS, writer.list(words));
  writer.word(row + ISSUER_CLAIM_COUNT, (words.length * 4) / CLAIM_SIZE);
  const entries = new Entries();
  for (const { from, to } of translate) {
    // What is a name of ours means that, whoever says it.
    if (vocabulary.has(from)) continue;
    const translation = writer.keyed(TRANSLATION_KEY, from);
    const scopes = numbersOfScopes(to, numbers.scopes);
    writer.word(translation + TRANSLATION_SCOPES, writer.list(scopes));
    writer.word(translation + TRANSLATION_SCOPE_COUNT, scopes.length);
    entries.add(writer.hashOfKey(translation, TRANSLATION_KEY), translation);
  }
  writer.index(row + ISSUER_TRANSLATIONS, entries, TRANSLATION_KEY);
  return row;
}

/** The rows by name. Only the vocabulary can be found by a token; other names have a number and nothing else. */
export function packScopes(
  writer: TableWriter,
  header: number,
  { scopes }: Model,
  numbers: Numbering,
): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  const entries = new Entries();
  for (const { name, implies } of scopes) {
    const row = writer.keyed(SCOPE_KEY, name);
    const implied = numbersOfScopes(
      implies.filter((scope) => scope !== name),
      numbers,
    );
    writer.word(row + SCOPE_NUMBER, numbers.get(name)!);
    writer.word(row + SCOPE_IMPLIED, writer.list(implied));
    writer.word(row + SCOPE_IMPLIED_COUNT, implied.length);
    entries.add(writer.hashOfKey(row, SCOPE_KEY), row);
    rows.set(name, row);
  }
  writer.index(header + HEADER_SCOPES, entries, SCOPE_KEY);
  return rows;
}

function numbersOfScopes(names: readonly string[], scopes: Numbering): readonly number[] {
  return names.map((name) => scopes.get(name)!).sort((a, b) => a - b);
}
