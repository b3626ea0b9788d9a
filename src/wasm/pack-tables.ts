/** A model to the tables by which the engine decides. */
import { assert } from "../diagnostics/index.ts";
import {
  type Deny,
  type Grant,
  isPatternSubject,
  type Model,
  operationAutomaton,
  type Policy,
  publicDelayOf,
  spiffeAutomaton,
} from "../model/index.ts";
import {
  HEADER_DENIES,
  HEADER_DIGEST,
  HEADER_FACTS,
  HEADER_GRANTS,
  HEADER_HEADER_COUNT,
  HEADER_HEADERS,
  HEADER_HOSTS,
  HEADER_LENGTH,
  HEADER_MAGIC,
  HEADER_MEMBER_COUNT,
  HEADER_MEMBERS,
  HEADER_METHODS,
  HEADER_NOT_AFTER,
  HEADER_NOT_BEFORE,
  HEADER_OPERATIONS,
  HEADER_PUBLIC_DELAY,
  HEADER_REVISION,
  HEADER_SCOPE_COUNT,
  HEADER_SEED,
  HEADER_SEQUENCE,
  HEADER_SIZE,
  HEADER_SPIFFE_START,
  HEADER_STATES,
  HEADER_TIERS,
  HEADER_VERSION,
  HOST_KEY,
  HOST_STATE,
  MAGIC,
  MEMBER_KEY,
  MEMBER_NUMBER,
  METHOD_KEY,
  METHOD_NUMBER,
  STATE_SIZE,
  TABLES,
  VERSION,
} from "./layout.ts";
import { murmur } from "./murmur.ts";
import { type Numbers, numbersOf } from "./numbers.ts";
import { packFacts } from "./pack-conditions.ts";
import { packIdentities } from "./pack-identities.ts";
import { packIssuers, packScopes, packTiers } from "./pack-issuers.ts";
import { packOperations } from "./pack-operations.ts";
import { RightsPacker } from "./pack-rights.ts";
import { factsOfRules, namedConditions, packConditions, packRules } from "./pack-rules.ts";
import { packNames, packStates } from "./pack-states.ts";
import { Entries, TableWriter } from "./table-writer.ts";

/**
 * The tables of a policy, to be loaded at `TABLES`. The same model and policy give the same bytes.
 *
 * @param model without errors: what the checker or `checkLimits` would refuse is a bug here
 * @example packTables(model, { revision: "r1", sequence: 1, notBefore: 0, notAfter: 1_900_000_000 })
 */
export function packTables(model: Model, policy: Policy): Uint8Array {
  for (let seed = seedOf(policy); ; seed = (seed + 1) >>> 0) {
    const writer = new TableWriter(seed);
    writeTables(writer, model);
    // One subject of two issuers, both with one hash: another seed tells them apart.
    if (!writer.hasTwins) return stamp(writer, policy);
  }
}

/** From the revision without its sequence: what is released again is packed into the same tables, up to their stamp. */
function seedOf({ revision, sequence }: Policy): number {
  const before = `${sequence}-`;
  const content = revision.startsWith(before) ? revision.slice(before.length) : revision;
  return murmur(new TextEncoder().encode(content), MAGIC);
}

/** Which policy the tables are. INVARIANT: nothing is written after the text of the revision, so another stamp can take its place. */
export function stamp(writer: TableWriter, { revision, sequence, notBefore, notAfter }: Policy): Uint8Array {
  writer.word(TABLES + HEADER_REVISION, writer.ownText(revision));
  writer.long(TABLES + HEADER_SEQUENCE, sequence);
  writer.long(TABLES + HEADER_NOT_BEFORE, notBefore);
  writer.long(TABLES + HEADER_NOT_AFTER, notAfter);
  return seal(writer);
}

/** All that was written, with its length and its digest. */
function seal(writer: TableWriter): Uint8Array {
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer);
  view.setUint32(HEADER_LENGTH, bytes.length, true);
  const after = HEADER_DIGEST + 4;
  view.setUint32(HEADER_DIGEST, murmur(bytes.subarray(after), MAGIC), true);
  return bytes;
}

function writeTables(writer: TableWriter, model: Model): void {
  const header = writer.reserve(HEADER_SIZE);
  const named = namedConditions(model);
  const facts = factsOfRules(model, named);
  const numbers = numbersOf(model, facts.all);
  const list = (offset: number, address: number, count: number): void => {
    writer.word(header + offset, address);
    writer.word(header + offset + 4, count);
  };
  writeAbout(writer, header, model);
  writeNames(writer, header, numbers);
  const tiers = packTiers(writer, model.tiers);
  list(HEADER_TIERS, tiers.address, model.tiers.length);
  const scopeRows = packScopes(writer, header, model, numbers.scopes);
  const issuers = packIssuers(writer, header, model, numbers);

  const factRows = packFacts(writer, facts.all, numbers, issuers);
  list(HEADER_FACTS, factRows.address, facts.all.length);
  const conditions = packConditions(writer, header, named, facts, factRows.rows);
  const rules = (offset: number, of: readonly (Grant | Deny)[]): readonly number[] => {
    const rows = packRules(writer, of, numbers.apis, facts, conditions);
    list(offset, rows[0] ?? 0, rows.length);
    return rows;
  };
  const [grants, denies] = [rules(HEADER_GRANTS, model.grants), rules(HEADER_DENIES, model.denies)];
  const identities = packIdentities(writer, header, model, {
    tiers: tiers.rows,
    issuers,
    issuerNumbers: numbers.issuers,
    rights: new RightsPacker(writer, model, numbers.scopes, { grants, denies }),
    readsTags: facts.all.some((fact) => fact.kind === "identity" && fact.name === "tags"),
  });
  packAutomata(writer, header, model, numbers, { scopes: scopeRows, identities });
}

function writeAbout(writer: TableWriter, header: number, model: Model): void {
  writer.word(header + HEADER_MAGIC, MAGIC);
  writer.word(header + HEADER_VERSION, VERSION);
  writer.word(header + HEADER_SEED, writer.seed);
  writer.long(header + HEADER_PUBLIC_DELAY, publicDelayOf(model));
}

function writeNames(writer: TableWriter, header: number, { members, headers, methods, scopes }: Numbers): void {
  const member = { number: MEMBER_NUMBER, key: MEMBER_KEY };
  packNames(writer, header + HEADER_MEMBERS, members, member);
  writer.word(header + HEADER_MEMBER_COUNT, members.size);
  packNames(writer, header + HEADER_HEADERS, headers, member);
  writer.word(header + HEADER_HEADER_COUNT, headers.size);
  packNames(writer, header + HEADER_METHODS, methods, { number: METHOD_NUMBER, key: METHOD_KEY });
  writer.word(header + HEADER_SCOPE_COUNT, scopes.size);
}

/** From hosts and SPIFFE IDs over segments to what is found there. */
function packAutomata(
  writer: TableWriter,
  header: number,
  model: Model,
  numbers: Numbers,
  rows: { readonly scopes: ReadonlyMap<string, number>; readonly identities: readonly number[] },
): void {
  const [paths, spiffe] = [operationAutomaton(model), spiffeAutomaton(model)];
  assert(!("tooLarge" in paths) && !("tooLarge" in spiffe), "checkLimits lets no such templates pass");
  const count = paths.states.length + spiffe.states.length;
  const first = writer.reserve(count * STATE_SIZE);
  writer.word(header + HEADER_STATES, first);
  writer.word(header + HEADER_STATES + 4, count);

  const operations = packOperations(writer, model, numbers, rows.scopes);
  writer.word(header + HEADER_OPERATIONS, operations.address);
  writer.word(header + HEADER_OPERATIONS + 4, operations.count);
  packStates(writer, paths.states, first, (method, { api, operation }) => [
    numbers.methods.get(method)!,
    operations.rows[api]![operation]!,
  ]);
  const hosts = new Entries();
  for (const [host, state] of paths.starts) {
    const row = writer.keyed(HOST_KEY, host);
    writer.word(row + HOST_STATE, first + state * STATE_SIZE);
    hosts.add(writer.hashOfKey(row, HOST_KEY), row);
  }
  writer.index(header + HEADER_HOSTS, hosts, HOST_KEY);

  const firstSpiffe = first + paths.states.length * STATE_SIZE;
  const start = spiffe.starts.get("");
  writer.word(header + HEADER_SPIFFE_START, start === undefined ? 0 : firstSpiffe + start * STATE_SIZE);
  const families = new Map<string, number>();
  for (const [place, { name, subject = "" }] of model.identities.entries())
    if (isPatternSubject(subject)) families.set(name, rows.identities[place]!);
  packStates(writer, spiffe.states, firstSpiffe, (issuer, name) => {
    const number = issuer === "" ? 0 : numbers.issuers.get(issuer);
    return number === undefined ? undefined : [number, families.get(name)!];
  });
}
