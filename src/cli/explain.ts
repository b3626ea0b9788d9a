/** `writ explain CODE` */
import { explain, findCode, table, WritError } from "../diagnostics/index.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson } from "./output.ts";

export function explainCode(host: Host, text: string, { format }: { readonly format: string }): Exit {
  const code = findCode(text);
  if (!code) throw WritError.of("WRIT5093", { code: text });
  const page = explain(code);
  if (format === "json") printJson(host, { code, name: table[code].name, severity: table[code].severity, page });
  else host.print(page);
  return exits.ok;
}
