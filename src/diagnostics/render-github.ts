/** Diagnostics as workflow commands: one line each, which the pull request shows beside the changed code. */
import type { Diagnostic } from "./diagnostic.ts";
import { linesOf } from "./lines.ts";
import { shownPath } from "./span.ts";
import { table } from "./table.ts";
import { visible } from "./visible.ts";

/** @param folder the policy folder as seen from the root of the repository, put before every path */
export function renderGithub(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  folder = "",
): string {
  const lines = linesOf(sources);
  return diagnostics
    .map((item) => {
      const properties: string[] = [];
      if (item.span) {
        properties.push(`file=${property(shownPath(folder, item.span.path))}`);
        const text = lines(item.span.path);
        if (text) {
          const [start, end] = [text.position(item.span.start), text.position(item.span.end)];
          properties.push(`line=${start.line}`, `endLine=${end.line}`);
          // Columns are only understood where a command stays on one line.
          if (start.line === end.line) properties.push(`col=${start.column}`, `endColumn=${end.column}`);
        }
      }
      properties.push(`title=${property(`${item.code} ${table[item.code].name}`)}`);
      const sentences = [item.message, ...(item.help === undefined ? [] : [`help: ${item.help}`])].map(visible);
      return `::${item.severity} ${properties.join(",")}::${data(sentences.join("\n"))}\n`;
    })
    .join("");
}

/** Text of a command: an author's line break must not start a second command. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
