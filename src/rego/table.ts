/** Objects used as maps: keys are the estate's own words, `__proto__` among them. */
import type { JsonValue } from "../json/index.ts";

export type Table = { [key: string]: JsonValue };

export function table(entries: Iterable<readonly [string, JsonValue]> = []): Table {
  const rows = Object.create(null) as Table;
  for (const [key, value] of entries) rows[key] = value;
  return rows;
}
