/** Dates and durations as authors write them. Dates are UTC, and days have 86,400 seconds. */

const date = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?Z)?$/;

/** Seconds since 1970 UTC, or `undefined` for what is no day of the calendar from 1970 on. */
export function parseDate(text: string): number | undefined {
  const parts = date.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (year < 1970 || hour > 23 || minute > 59 || second > 59) return undefined;
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const calendar = new Date(time);
  // The built-in calendar moves 31 February to March: a date that does not come back is none.
  return calendar.getUTCMonth() === month - 1 && calendar.getUTCDate() === day ? time / 1000 : undefined;
}

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds, from one to a hundred years; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const parts = /^([1-9][0-9]{0,9})([smhd])$/.exec(text);
  if (!parts) return undefined;
  const seconds = Number(parts[1]) * units[parts[2] as keyof typeof units];
  return seconds <= 36_525 * units.d ? seconds : undefined;
}

/** Seconds in the largest unit that holds them exactly, `4h`. */
export function formatDuration(seconds: number): string {
  for (const unit of ["d", "h", "m"] as const) {
    if (seconds > 0 && seconds % units[unit] === 0) return `${seconds / units[unit]}${unit}`;
  }
  return `${seconds}s`;
}
