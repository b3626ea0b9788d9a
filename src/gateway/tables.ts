/** What a gateway itself reads of the tables: whose they are, and the names that they ask for. The rest is the engine's. */
import { WritError } from "../diagnostics/index.ts";
import {
  HEADER_HEADER_COUNT,
  HEADER_HEADERS,
  HEADER_LENGTH,
  HEADER_MAGIC,
  HEADER_MEMBER_COUNT,
  HEADER_MEMBERS,
  HEADER_NOT_AFTER,
  HEADER_NOT_BEFORE,
  HEADER_REVISION,
  HEADER_SEQUENCE,
  HEADER_SIZE,
  HEADER_VERSION,
  INDEX_MASK,
  INDEX_SLOTS,
  MAGIC,
  MEMBER_KEY,
  MEMBER_NUMBER,
  ROW_KEY_LENGTH,
  SLOT_ROW,
  SLOT_SIZE,
  TABLES,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
  VERSION,
} from "../wasm/index.ts";

export interface Tables {
  readonly revision: string;
  readonly sequence: number;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Numbers of the members of a token, and of the request headers, by name. */
  readonly members: ReadonlyMap<string, number>;
  readonly headers: ReadonlyMap<string, number>;
  readonly memberCount: number;
  readonly headerCount: number;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws WritError where another version of Writ made them, or where they lead out of themselves */
export function readTables(bytes: Uint8Array): Tables {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const found = [HEADER_MAGIC, HEADER_VERSION, HEADER_LENGTH].map((at) => view.getUint32(at, true));
    if (bytes.length < HEADER_SIZE || `${found}` !== `${[MAGIC, VERSION, bytes.length]}`) throw damaged();
    return {
      revision: readRevision(view),
      sequence: Number(view.getBigInt64(HEADER_SEQUENCE, true)),
      notBefore: Number(view.getBigInt64(HEADER_NOT_BEFORE, true)),
      notAfter: Number(view.getBigInt64(HEADER_NOT_AFTER, true)),
      members: readNames(view, HEADER_MEMBERS),
      headers: readNames(view, HEADER_HEADERS),
      memberCount: view.getUint32(HEADER_MEMBER_COUNT, true),
      headerCount: view.getUint32(HEADER_HEADER_COUNT, true),
    };
  } catch (error) {
    // A place outside of the bytes, or a text that is none.
    throw error instanceof WritError ? error : damaged(error);
  }
}

function readRevision(view: DataView): string {
  const text = view.getUint32(HEADER_REVISION, true) - TABLES;
  const length = view.getUint32(text + TEXT_JSON_LENGTH, true);
  return JSON.parse(decode(view, text + TEXT_JSON, length)) as string;
}

/** The keys of an index, and the number in each row. */
function readNames(view: DataView, index: number): ReadonlyMap<string, number> {
  const names: Record<string, number> = Object.create(null);
  const slots = view.getUint32(index + INDEX_SLOTS, true);
  if (slots === 0) return new Map();
  const mask = view.getUint32(index + INDEX_MASK, true);
  for (let at = 0; at <= mask; at++) {
    const row = view.getUint32(slots - TABLES + at * SLOT_SIZE + SLOT_ROW, true);
    if (row === 0) continue;
    const name = decode(view, row - TABLES + MEMBER_KEY, view.getUint32(row - TABLES + ROW_KEY_LENGTH, true));
    names[name] = view.getUint32(row - TABLES + MEMBER_NUMBER, true);
  }
  // As names of members they are the same strings as those in a request, so that to look one up compares no letters.
  return new Map(Object.entries(names));
}

function decode(view: DataView, at: number, length: number): string {
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
}

function damaged(cause?: unknown): WritError {
  return WritError.of("WRIT9001", { fault: "tables" }, cause);
}
