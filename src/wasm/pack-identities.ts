/** Identities to rows, found by issuer and subject, by SPIFFE ID, and by static key. */
import { type Identity, isPatternSubject, isSpiffeId, type Model } from "../model/index.ts";
import {
  FOREVER,
  HEADER_IDENTITIES,
  HEADER_KEYS,
  HEADER_SPIFFE_IDS,
  IDENTITY_EXPIRES,
  IDENTITY_FROM,
  IDENTITY_ISSUER,
  IDENTITY_KEY,
  IDENTITY_NAME,
  IDENTITY_OWNER,
  IDENTITY_RIGHTS,
  IDENTITY_TAG_COUNT,
  IDENTITY_TAGS,
  IDENTITY_TIER,
  STATIC_KEY_CREATED,
  STATIC_KEY_IDENTITY,
  STATIC_KEY_KEY,
} from "./layout.ts";
import type { Numbering } from "./numbers.ts";
import type { RightsPacker } from "./pack-rights.ts";
import { Entries, type TableWriter } from "./table-writer.ts";

export interface IdentityContext {
  readonly tiers: ReadonlyMap<string, number>;
  readonly issuers: ReadonlyMap<string, number>;
  readonly issuerNumbers: Numbering;
  readonly rights: RightsPacker;
  /** Whether any condition reads them. */
  readonly readsTags: boolean;
}

/** The rows by place of the identity in the model. */
export function packIdentities(
  writer: TableWriter,
  header: number,
  { identities }: Model,
  context: IdentityContext,
): readonly number[] {
  const [bySubject, bySpiffeId, byKey] = [new Entries(), new Entries(), new Entries()];
  const rows = identities.map((identity, place) => {
    const { issuer, subject } = identity;
    const exact = issuer === undefined || subject === undefined || isPatternSubject(subject) ? undefined : subject;
    const row = writer.keyed(IDENTITY_KEY, exact ?? "");
    packIdentity(writer, row, identity, context);
    writer.word(row + IDENTITY_RIGHTS, context.rights.of(place));
    const number = issuer === undefined ? undefined : context.issuerNumbers.get(issuer);
    if (exact !== undefined) {
      if (number !== undefined) bySubject.add(writer.hashOfKey(row, IDENTITY_KEY, writer.seed + number), row);
      if (isSpiffeId(exact)) bySpiffeId.add(writer.hashOfKey(row, IDENTITY_KEY), row);
    }
    for (const { id, created } of identity.keys) {
      const key = writer.keyed(STATIC_KEY_KEY, id);
      writer.word(key + STATIC_KEY_IDENTITY, row);
      writer.long(key + STATIC_KEY_CREATED, created);
      byKey.add(writer.hashOfKey(key, STATIC_KEY_KEY), key);
    }
    return row;
  });
  writer.index(header + HEADER_IDENTITIES, bySubject, IDENTITY_KEY, IDENTITY_ISSUER);
  writer.index(header + HEADER_SPIFFE_IDS, bySpiffeId, IDENTITY_KEY);
  writer.index(header + HEADER_KEYS, byKey, STATIC_KEY_KEY);
  return rows;
}

function packIdentity(
  writer: TableWriter,
  row: number,
  { name, tier, issuer, owner, from, expires, tags }: Identity,
  { tiers, issuers, readsTags }: IdentityContext,
): void {
  if (issuer !== undefined) writer.word(row + IDENTITY_ISSUER, issuers.get(issuer) ?? 0);
  writer.word(row + IDENTITY_NAME, writer.ownText(name));
  writer.word(row + IDENTITY_TIER, tiers.get(tier) ?? 0);
  writer.word(row + IDENTITY_OWNER, writer.text(owner));
  writer.long(row + IDENTITY_FROM, from ?? 0);
  writer.long(row + IDENTITY_EXPIRES, expires ?? FOREVER);
  if (!readsTags) return;
  writer.word(row + IDENTITY_TAGS, writer.spans(tags));
  writer.word(row + IDENTITY_TAG_COUNT, tags.length);
}
