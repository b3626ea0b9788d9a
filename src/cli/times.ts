/** Times on the command line and in answers: seconds since 1970 inside, UTC text outside. */
import { WritError } from "../diagnostics/index.ts";

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `2027-03-31`, `2026-11-20T08:00Z`, with or without seconds, or whole seconds since 1970. */
export function readTime(option: string, value: string): number {
  const time = parseTime(value);
  if (time === undefined)
    throw WritError.of("WRIT5088", { option, value, expected: "a time like `2026-11-20T08:00Z` or `2026-11-20`" });
  return time;
}

/** A time, or a span like `7d` that is added to `from`. */
export function readTimeAfter(option: string, value: string, from: number): number {
  const [, count, unit] = /^([1-9][0-9]{0,8})([smhd])$/.exec(value) ?? [];
  const time = count && unit ? from + Number(count) * (units[unit] ?? 0) : parseTime(value);
  if (time !== undefined && time > from) return time;
  const expected = "a span like `7d`, or a time like `2026-11-20T08:00Z` after the issue";
  throw WritError.of("WRIT5088", { option, value, expected });
}

function parseTime(value: string): number | undefined {
  if (/^[1-9][0-9]{0,10}$/.test(value)) return Number(value);
  const match = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(:[0-9]{2})?Z)?$/.exec(value);
  if (!match) return undefined;
  const [, day, minute = "00:00", second = ":00"] = match;
  const text = `${day}T${minute}${second}`;
  const milliseconds = Date.parse(`${text}.000Z`);
  // `2026-02-30` is no day, though the parser takes it for one of March.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(text)) return undefined;
  return milliseconds > 0 ? milliseconds / 1000 : undefined;
}

/** @example writeTime(1795478400) // "2026-11-24T00:00:00Z" */
export function writeTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace(".000Z", "Z");
}
