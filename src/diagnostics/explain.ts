/** The page of a code: what is wrong, a sample, why, and the sample put right. */
import { readFileSync } from "node:fs";
import { type Code, table } from "./table.ts";

/** The code that a person means by `WRIT2001`, `writ2001`, `2001` or `unknown-name`. */
export function findCode(text: string): Code | undefined {
  const wanted = text.trim().toUpperCase();
  return (Object.keys(table) as Code[]).find(
    (code) => code === wanted || code === `WRIT${wanted}` || table[code].name.toUpperCase() === wanted,
  );
}

/** The pages lie beside this file, and beside the built one. */
export function explain(code: Code): string {
  return readFileSync(new URL(`./explain/${code}.md`, import.meta.url), "utf8");
}
