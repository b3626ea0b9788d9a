/** The tables of one release as those of another: an example says under which policy it is asked. */
import type { Policy } from "../model/index.ts";
import { HEADER_NOT_AFTER, HEADER_NOT_BEFORE, HEADER_REVISION, HEADER_SEQUENCE, TABLES } from "./layout.ts";
import { seal } from "./pack-tables.ts";
import { TableReader } from "./table-reader.ts";
import { TableWriter } from "./table-writer.ts";

/** The same tables, and behind them the text of the other revision. */
export function underPolicy(tables: Uint8Array, { revision, sequence, notBefore, notAfter }: Policy): Uint8Array {
  const reader = new TableReader(tables);
  const writer = new TableWriter(reader.seed);
  writer.bytes(tables);
  writer.word(TABLES + HEADER_REVISION, writer.text(revision));
  writer.long(TABLES + HEADER_SEQUENCE, sequence);
  writer.long(TABLES + HEADER_NOT_BEFORE, notBefore);
  writer.long(TABLES + HEADER_NOT_AFTER, notAfter);
  return seal(writer);
}
