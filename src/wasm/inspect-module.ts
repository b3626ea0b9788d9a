/** What a module says of itself: which engine it holds, and whose tables. */
import { WritError } from "../diagnostics/index.ts";
import { HEADER_REVISION, HEADER_SEQUENCE, HEADER_VERSION, TABLES } from "./layout.ts";
import { takeApart } from "./module-parts.ts";
import { TableReader } from "./table-reader.ts";

export type ModuleInspection =
  | {
      /** The same bytes for every policy that one version of Writ compiles. */
      readonly engine: Uint8Array;
      readonly tables: {
        readonly version: number;
        readonly bytes: number;
        readonly revision: string;
        readonly sequence: number;
      };
    }
  | { readonly problem: string };

/** Nothing throws: whoever inspects something wants to see as much of it as can be seen. */
export function inspectModule(bytes: Uint8Array): ModuleInspection {
  try {
    const { engine, tables } = takeApart(bytes);
    const reader = new TableReader(tables);
    return {
      engine,
      tables: {
        version: reader.word(TABLES + HEADER_VERSION),
        bytes: tables.length,
        revision: reader.text(reader.word(TABLES + HEADER_REVISION)),
        sequence: reader.long(TABLES + HEADER_SEQUENCE),
      },
    };
  } catch (error) {
    if (error instanceof WritError) return { problem: error.message };
    throw error;
  }
}
