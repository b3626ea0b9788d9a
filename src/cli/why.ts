/** `writ why REQUEST`: every step of the decision, what came near, and what would change it. */
import { renderTrace, why as trace } from "../why/index.ts";
import { type AskedOptions, readAsked } from "./decider.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson } from "./output.ts";

export async function why(host: Host, path: string, options: AskedOptions): Promise<Exit> {
  const asked = await readAsked(host, path, options);
  if (!asked) return exits.findings;
  const found = trace(asked.loaded, asked.input);
  if (options.format === "json") printJson(host, found);
  else host.print(renderTrace(found));
  return exits.ok;
}
