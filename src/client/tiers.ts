/** How soon revocations have to be known, by tier, as the tables of a verified policy say it. */
import { WritError } from "../diagnostics/index.ts";
import {
  HEADER_TIERS,
  TABLES,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
  TIER_NAME,
  TIER_REVOCATION_DELAY,
  TIER_SIZE,
  takeApart,
} from "../wasm/index.ts";

export interface TierDelay {
  readonly name: string;
  /** Seconds. */
  readonly revocationDelay: number;
}

export function readTiers(wasm: Uint8Array): readonly TierDelay[] {
  const { tables } = takeApart(wasm);
  const view = new DataView(tables.buffer, tables.byteOffset, tables.length);
  try {
    const first = view.getUint32(HEADER_TIERS, true);
    const count = view.getUint32(HEADER_TIERS + 4, true);
    return Array.from({ length: Math.min(count, tables.length / TIER_SIZE) }, (_, index) => {
      const row = first - TABLES + index * TIER_SIZE;
      return {
        name: readText(view, view.getUint32(row + TIER_NAME, true) - TABLES),
        revocationDelay: Number(view.getBigInt64(row + TIER_REVOCATION_DELAY, true)),
      };
    });
  } catch (error) {
    throw WritError.of("WRIT9001", { fault: "tables" }, error);
  }
}

function readText(view: DataView, text: number): string {
  const length = view.getUint32(text + TEXT_JSON_LENGTH, true);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + text + TEXT_JSON, length);
  return JSON.parse(new TextDecoder().decode(bytes)) as string;
}
