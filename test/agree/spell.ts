/** JSON text that says the same in other words. */
import type { Random } from "../random.ts";

/** @param random spells some of the whole numbers in one of the other ways that JSON has */
export function spell(value: unknown, random: Random | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item) => spell(item, random)).join()}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}:${spell(member, random)}`)
      .join()}}`;
  if (typeof value === "number" && Number.isSafeInteger(value) && value !== 0 && random?.chance(0.02))
    return random.pick([`${value}.0`, `${value}e0`, `${value}0E-1`]);
  return JSON.stringify(value);
}
