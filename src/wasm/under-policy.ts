/** The tables of one release as those of another: an example says under which policy it is asked, and content is released again. */
import type { Policy } from "../model/index.ts";
import { HEADER_REVISION, TABLES, TEXT_JSON, TEXT_JSON_LENGTH, TEXT_LENGTH } from "./layout.ts";
import { stamp } from "./pack-tables.ts";
import { TableReader } from "./table-reader.ts";
import { TableWriter } from "./table-writer.ts";

/**
 * The same tables with another stamp. Under a revision that differs in the sequence alone they are, byte for byte, what the packer
 * would have made of the same model.
 */
export function underPolicy(tables: Uint8Array, policy: Policy): Uint8Array {
  const reader = new TableReader(tables);
  const writer = new TableWriter(reader.seed);
  writer.bytes(tables.subarray(0, endOfContent(reader, tables.length)));
  return stamp(writer, policy);
}

/** Where the revision stands, if nothing stands behind it. */
function endOfContent(reader: TableReader, length: number): number {
  const address = reader.word(TABLES + HEADER_REVISION);
  // Read, so that nothing can hide behind a length that is not its own.
  reader.text(address);
  const [raw, json] = [reader.word(address + TEXT_LENGTH), reader.word(address + TEXT_JSON_LENGTH)];
  const size = TEXT_JSON + json + (json === raw + 2 ? 0 : raw);
  const start = address - TABLES;
  return ((start + size + 7) & ~7) === length ? start : length;
}
