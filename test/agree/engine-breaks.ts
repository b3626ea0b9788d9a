/** What can go wrong in the engine and in the packer: one place each, as a slip would leave it. */
import type { SourceEdit } from "./compile-engine.ts";

export interface EngineBreak extends SourceEdit {
  readonly name: string;
}

type Row = readonly [name: string, from: string, to: string];

/** Below `src/wasm/`. */
const byFile: Readonly<Record<string, readonly Row[]>> = {
  "engine/decide.ts": [
    ["a policy decides one second longer", "time >= notAfter) return", "time > notAfter) return"],
    ["a recalled policy still decides", "< revokedFloor(", "< 1 - revokedFloor("],
    ["revocations from the future are believed", "if (at > time + CLOCK_SKEW) return REVOCATIONS_STALE;", ""],
    [
      "an identity lives one second longer",
      "time >= load<i64>(identity, IDENTITY_EXPIRES)",
      "time > load<i64>(identity, IDENTITY_EXPIRES)",
    ],
    [
      "revocations may be one second older",
      "if (time - at > delay) return REVOCATIONS_STALE;\n  if (isCred",
      "if (time - at > delay + 1) return REVOCATIONS_STALE;\n  if (isCred",
    ],
    ["nothing is revoked", "if (isCredentialRevoked(revocations)) return REVOKED;", ""],
    [
      "a token needs no id",
      "isToken &&\n    load<u32>(tier, TIER_REVOKES_TOKENS) &&",
      "!isToken &&\n    load<u32>(tier, TIER_REVOKES_TOKENS) &&",
    ],
    ["a token lives one second longer", "if (time >= expires)", "if (time > expires)"],
    [
      "bearer tokens live as long as bound ones",
      "load<i64>(tier, TIER_BEARER_LIFETIME)",
      "load<i64>(tier, TIER_BOUND_LIFETIME)",
    ],
    ["one audience more is accepted", "if (count > most) return false;", "if (count > most + 1) return false;"],
    [
      "how a credential was presented does not matter",
      "TIER_AUTHENTICATION)) === 0) return",
      "TIER_AUTHENTICATION)) === 255) return",
    ],
    ["keys from the future are young", "if (age < 0 || age >", "if (age >"],
    ["trust must be more than enough", "TIER_TRUST) < load<i32>(", "TIER_TRUST) <= load<i32>("],
    ["no scope is missing", "return SCOPE_MISSING;", ";"],
    ["denies are not looked at", "if (denied !== GRANTED) return denied;", ""],
    ["a decision outlives its identity", "until = earlier(until, load<i64>(identity, IDENTITY_EXPIRES));", ""],
    ["a decision outlives its token", "if (isToken) until = earlier(until, expires);", ""],
  ],
  "engine/credential.ts": [
    ["an SVID may name somebody else", "!== identity) return IDENTITY_CONFLICT", "=== 1) return IDENTITY_CONFLICT"],
    [
      "`iat` may be left out",
      "|| !isTime(begin))",
      "|| (!isTime(begin) && load<u32>(begin, FACT_SLOT_TYPE) !== TYPE_ABSENT))",
    ],
    ["enumerations take any text", "return !values || isAmong(", "return true || isAmong("],
    ["every claim is optional", "return load<u32>(claim, CLAIM_OPTIONAL) !== 0;", "return true;"],
    [
      "a certificate need not be the token's",
      "REQUEST + REQUEST_THUMBPRINT)) return 0;",
      "REQUEST + REQUEST_THUMBPRINT)) return PRESENTED_MTLS;",
    ],
  ],
  "engine/credential-revoked.ts": [
    ["owners are not revoked", "isNameRevoked(revocations, LIST_OWNERS, load<u32>(identity, IDENTITY_OWNER)) ||", ""],
    [
      "keys of proofs are not revoked",
      "isKeyRevoked(revocations, REQUEST_THUMBPRINT) ||\n    isKeyRevoked(revocations, REQUEST_PROOF_KEY)",
      "isKeyRevoked(revocations, REQUEST_THUMBPRINT)",
    ],
    ["issued before is issued until", ": created) < time", ": created) <= time"],
    ["an SVID counts as young", "if (time < 0 || kind === KIND_SVID) return true;", "if (time < 0) return true;"],
  ],
  "engine/condition.ts": [
    ["what cannot be read is false", "FACT_ROOM)) return UNKNOWN;", "FACT_ROOM)) return FALSE;"],
    ["a jump goes one too far", "at = next;", "at = next + 1;"],
    ["the first instruction is left out", "let at: u32 = 0;\n  while", "let at: u32 = 1;\n  while"],
    ["less is less or equal", "return number < value;", "return number <= value;"],
    ["ends with is starts with", "equal(address + length - b, a, b)", "equal(address, a, b)"],
    [
      "the last number of a list is not in it",
      "let high = count;\n  while (low < high) {\n    const middle = (low + high) >>> 1;\n    const found = load<i64>(",
      "let high = count - 1;\n  while (low < high) {\n    const middle = (low + high) >>> 1;\n    const found = load<i64>(",
    ],
  ],
  "engine/ip-address.ts": [
    ["ranges end at whole bytes", "return rest === 0 ||", "return true ||"],
    ["a mapped address is no IPv4 address", "!== 0xffff0000) return 16;", "!== 0xffff0001) return 16;"],
  ],
  "engine/path.ts": [
    ["two dots are a segment", "load<u16>(address) === 0x2e2e;", "load<u16>(address) === 0x2e2f;"],
    ["surrogates are characters", "first === 0xed ? 0x9f :", ""],
    ["empty segments are segments", "(at === start || load<u8>(at) !== SLASH)", "load<u8>(at) !== SLASH"],
  ],
  "engine/automaton.ts": [["nothing is a parameter, too", "if (length === 0) return 0;", ""]],
  "engine/lookup.ts": [
    ["patterns are not looked for", "return matchingPattern(number, address, length);", "return 0;"],
  ],
  "engine/scopes.ts": [
    [
      "no scope implies another",
      "load<u32>(row, SCOPE_NUMBER) === number ||\n    contains(load<u32>(row, SCOPE_IMPLIED), load<u32>(row, SCOPE_IMPLIED_COUNT), number)",
      "load<u32>(row, SCOPE_NUMBER) === number",
    ],
    ["foreign names are not translated", "return translation ? translation | 1 : 0;", "return 0;"],
    ["the last scope is not needed", "i < size; i += 4", "i + 4 < size; i += 4"],
  ],
  "engine/rights.ts": [
    ["groups hold nothing", "return own !== 0 || common === 0 ? own : rightIn(common + list, scope);", "return own;"],
    ["grants reach every API", "if (!reaches(grant)) continue;", ""],
    [
      "grants are not revoked",
      "if (!isInForce(grant) || isNameRevoked(revocations, LIST_GRANTS, load<u32>(grant, RULE_NAME))) return",
      "if (!isInForce(grant)) return",
    ],
    ["the last grant decides", "if (state > found) found = state;", "found = state;"],
    ["a deny that cannot be read does not apply", "!== FALSE) return DENIED", "=== TRUE) return DENIED"],
    [
      "no decision ends when a deny begins",
      "if (load<i64>(deny, RULE_FROM) > time) endAt(load<i64>(deny, RULE_FROM));",
      "",
    ],
    ["no grant is an emergency", "emergency |= load<u32>(grant, RULE_EMERGENCY);", ""],
    ["a grant is named twice", "load<u32>(at) === (grant as u32)) return;", "load<u32>(at) === 1) return;"],
  ],
  "engine/facts.ts": [
    ["escapes may stand in parameters", "=== PERCENT) return true;", "=== 0) return true;"],
    ["the first of several headers counts", "FACT_SLOT_VALUE) !== 1) return 0;", "FACT_SLOT_VALUE) === 0) return 0;"],
    ["claims of any issuer are read", "kind === KIND_TOKEN && (issuer as u32) === a ?", "kind === KIND_TOKEN ?"],
  ],
  "engine/text.ts": [["a hash decides alone", "equal(row + keyOffset, address, length)", "true"]],
  "engine/tables.ts": [
    ["the digest is not looked at", "!== load<u32>(TABLES, HEADER_DIGEST)) return false;", "=== 1) return false;"],
  ],
  "pack-conditions.ts": [
    ["packer: an instruction leads to the next but one", "last - label);", "last - label + 1);"],
    [
      "packer: `or` is `and`",
      "this.#compile(part, onTrue, next), onFalse)",
      "this.#compile(part, next, onFalse), onTrue)",
    ],
  ],
  "pack-identities.ts": [
    ["packer: keys were never made", "writer.long(key + STATIC_KEY_CREATED, created);", ""],
    ["packer: identities begin one second later", "from ?? 0", "(from ?? -1) + 1"],
  ],
  "pack-issuers.ts": [
    [
      "packer: no tier has an audience of its own",
      "writer.word(row + TIER_AUDIENCES, tier.audiences);",
      "writer.word(row + TIER_AUDIENCES, 1);",
    ],
    ["packer: numbers of scopes are in no order", ".sort((a, b) => a - b)", ".sort((a, b) => b - a)"],
  ],
  "pack-operations.ts": [
    ["packer: parameters lie one segment further", "[number, i, segment.kind", "[number, i + 1, segment.kind"],
    ["packer: every operation is trusted", "writer.word(row + OPERATION_MIN_TRUST, minTrust);", ""],
  ],
  "pack-rights.ts": [
    ["packer: the shortest-lived grant is tried first", "longestFirst(a.rule, b.rule)", "longestFirst(b.rule, a.rule)"],
    ["packer: rights of groups are lost where an identity has its own", "...(inherited?.get(scope) ?? [])", ""],
  ],
  "pack-rules.ts": [
    ["packer: rules last one second longer", "rule.until ?? FOREVER", "(rule.until ?? FOREVER - 1) + 1"],
  ],
  "table-writer.ts": [
    [
      "packer: an index has one row too few",
      "of rows.entries()) {\n      const hash",
      "of rows.slice(1).entries()) {\n      const hash",
    ],
  ],
};

export const engineBreaks: readonly EngineBreak[] = Object.entries(byFile).flatMap(([file, rows]) =>
  rows.map(([name, from, to]) => ({ name, file, from, to })),
);
