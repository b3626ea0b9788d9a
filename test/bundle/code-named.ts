/** Tests name codes by their short names, which say what they mean. */
import { type Code, table } from "../../src/diagnostics/index.ts";

export function codeNamed(name: string): Code {
  const code = (Object.keys(table) as Code[]).find((code) => table[code].name === name);
  if (code === undefined) throw new RangeError(`no code is named ${name}`);
  return code;
}
