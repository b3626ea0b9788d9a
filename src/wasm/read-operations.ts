/** Operations and automata read back from tables. */
import {
  FOUND_NUMBER,
  FOUND_ROW,
  FOUND_SIZE,
  HEADER_HOSTS,
  HEADER_METHODS,
  HEADER_OPERATIONS,
  HEADER_SPIFFE_START,
  HEADER_STATES,
  HOST_KEY,
  HOST_STATE,
  LITERAL_KEY,
  LITERAL_STATE,
  METHOD_KEY,
  METHOD_NUMBER,
  OPERATION_API,
  OPERATION_MIN_TRUST,
  OPERATION_NAME,
  OPERATION_PARAMETERS,
  OPERATION_PUBLIC,
  OPERATION_SCOPE_ROWS,
  OPERATION_SCOPES,
  OPERATION_SIZE,
  OPERATION_UPSTREAM,
  PARAMETER_NUMBER,
  PARAMETER_REST,
  PARAMETER_SEGMENT,
  PARAMETER_SIZE,
  PART_IDENTITY,
  PART_KIND,
  PART_LITERAL,
  PART_OWNER,
  PART_SIZE,
  PART_SUBJECT,
  PART_TEXT,
  PART_TIER,
  STATE_FOUND,
  STATE_LITERALS,
  STATE_OTHER,
  STATE_SIZE,
  TABLES,
  UPSTREAM_NAME,
  UPSTREAM_PARTS,
  UPSTREAM_SIZE,
} from "./layout.ts";
import { damaged, type TableReader } from "./table-reader.ts";

export interface ReadOperation {
  readonly name: string;
  readonly public: boolean;
  readonly minTrust: number;
  readonly scopes: readonly string[];
  readonly api: number;
  readonly parameters: readonly { readonly number: number; readonly segment: number; readonly rest: boolean }[];
  /** By name of the header: its parts, placeholders as `{identity}` and literals as JSON. */
  readonly upstream: readonly { readonly name: string; readonly parts: readonly string[] }[];
}

export interface ReadState {
  readonly literals: readonly { readonly text: string; readonly state: number }[];
  readonly other?: number;
  /** What ends here, by method or by issuer; `*` is any issuer. */
  readonly found: readonly { readonly key: string; readonly name: string }[];
}

export interface ReadAutomata {
  readonly hosts: readonly { readonly host: string; readonly state: number }[];
  readonly spiffeStart?: number;
  readonly states: readonly ReadState[];
}

/** Names of scopes by number, and the rows of those that tokens can carry. */
export interface ReadScopes {
  readonly name: (number: number) => string;
  readonly rowOf: ReadonlyMap<number, number>;
}

export function readOperations(reader: TableReader, scopes: ReadScopes): ReadonlyMap<number, ReadOperation> {
  const rows = reader.rows(TABLES + HEADER_OPERATIONS, OPERATION_SIZE);
  return new Map(rows.map((row) => [row, readOperation(reader, row, scopes)]));
}

function readOperation(reader: TableReader, row: number, scopes: ReadScopes): ReadOperation {
  const needed = reader.words(row + OPERATION_SCOPES);
  const scopeRows = reader.word(row + OPERATION_SCOPE_ROWS);
  if (needed.some((number, i) => reader.word(scopeRows + i * 4) !== (scopes.rowOf.get(number) ?? 0)))
    throw damaged("reference");
  return {
    name: reader.text(reader.word(row + OPERATION_NAME)),
    public: reader.flag(row + OPERATION_PUBLIC),
    minTrust: reader.word(row + OPERATION_MIN_TRUST),
    scopes: needed.map(scopes.name),
    api: reader.word(row + OPERATION_API),
    parameters: reader.rows(row + OPERATION_PARAMETERS, PARAMETER_SIZE).map((parameter) => ({
      number: reader.word(parameter + PARAMETER_NUMBER),
      segment: reader.word(parameter + PARAMETER_SEGMENT),
      rest: reader.flag(parameter + PARAMETER_REST),
    })),
    upstream: reader.rows(row + OPERATION_UPSTREAM, UPSTREAM_SIZE).map((header) => ({
      name: reader.text(reader.word(header + UPSTREAM_NAME)),
      parts: reader.rows(header + UPSTREAM_PARTS, PART_SIZE).map((part) => readPart(reader, part)),
    })),
  };
}

function readPart(reader: TableReader, part: number): string {
  switch (reader.word(part + PART_KIND)) {
    case PART_LITERAL:
      return JSON.stringify(reader.text(reader.word(part + PART_TEXT)));
    case PART_IDENTITY:
      return "{identity}";
    case PART_OWNER:
      return "{owner}";
    case PART_SUBJECT:
      return "{subject}";
    case PART_TIER:
      return "{tier}";
    default:
      throw damaged("kind");
  }
}

/**
 * Each state once, whether paths or SPIFFE IDs lead there.
 * @param names of operations and identities by row, and of issuers by number
 */
export function readAutomata(
  reader: TableReader,
  names: {
    readonly operations: ReadonlyMap<number, ReadOperation>;
    readonly identity: (row: number) => string;
    readonly issuers: ReadonlyMap<number, string>;
  },
): ReadAutomata {
  const rows = reader.rows(TABLES + HEADER_STATES, STATE_SIZE);
  const places = new Map(rows.map((row, place) => [row, place]));
  const placeAt = (address: number): number => {
    const place = places.get(reader.word(address));
    if (place === undefined) throw damaged("reference");
    return place;
  };
  const hosts = reader
    .index(TABLES + HEADER_HOSTS, HOST_KEY)
    .map(({ address, key }) => ({ host: key, state: placeAt(address + HOST_STATE) }));
  const methods = new Map(
    reader
      .index(TABLES + HEADER_METHODS, METHOD_KEY)
      .map(({ address, key }) => [reader.word(address + METHOD_NUMBER), key]),
  );
  const spiffeStart = reader.word(TABLES + HEADER_SPIFFE_START);
  const states = rows.map((row) => readState(reader, row, placeAt));
  const ofSpiffe = spiffeStart === 0 ? new Set<number>() : reachable(states, [placeAt(TABLES + HEADER_SPIFFE_START)]);
  return {
    hosts,
    ...(spiffeStart !== 0 && { spiffeStart: placeAt(TABLES + HEADER_SPIFFE_START) }),
    states: states.map((state, place) => ({
      ...state,
      found: reader.rows(rows[place]! + STATE_FOUND, FOUND_SIZE).map((found) => {
        const [number, row] = [reader.word(found + FOUND_NUMBER), reader.word(found + FOUND_ROW)];
        const key = ofSpiffe.has(place) ? (number === 0 ? "*" : names.issuers.get(number)) : methods.get(number);
        const name = ofSpiffe.has(place) ? names.identity(row) : names.operations.get(row)?.name;
        if (key === undefined || name === undefined) throw damaged("reference");
        return { key, name };
      }),
    })),
  };
}

function readState(
  reader: TableReader,
  row: number,
  placeAt: (address: number) => number,
): Pick<ReadState, "literals" | "other"> {
  return {
    literals: reader
      .index(row + STATE_LITERALS, LITERAL_KEY)
      .map(({ address, key }) => ({ text: key, state: placeAt(address + LITERAL_STATE) })),
    ...(reader.word(row + STATE_OTHER) !== 0 && { other: placeAt(row + STATE_OTHER) }),
  };
}

function reachable(states: readonly Pick<ReadState, "literals" | "other">[], starts: readonly number[]): Set<number> {
  const found = new Set(starts);
  // A set gives out what is added while it is gone through.
  for (const place of found) {
    const { literals, other } = states[place]!;
    for (const { state } of literals) found.add(state);
    if (other !== undefined) found.add(other);
  }
  return found;
}
