/**
 * Writes anew what the tables say of refused files, for when sentences or places have changed on purpose; read the difference then.
 * `node --conditions=writ-source test/corpus/rewrite-table.ts`. Verdicts are never rewritten, and marks only where the text of a case has them.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, readTable } from "./read-table.ts";
import { askUs, tables } from "./run-corpus.ts";

for (const table of readdirSync(tables)) {
  const path = join(tables, table);
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  for (const item of readTable(table, text).toReversed()) if (item.verdict !== "good") rewrite(lines, item);
  writeFileSync(path, lines.join("\n"));
}

function rewrite(lines: string[], item: Case): void {
  const said = askUs(item);
  const [from, to] = item.lines.expected;
  const kept = lines.slice(from, to).filter((line) => line.trim().startsWith("because "));
  lines.splice(from, to - from, ...said.map(({ code, help }) => `  ${code} ${help ?? ""}`), ...kept);
  const places = partsOf(item);
  const bare = item.raw.replace(/[«»]/g, "");
  const spans: [number, number][] = [];
  for (const { span } of said) {
    const part = span && places.find((p) => p.path === span.path);
    if (!span || !part) continue;
    const [start, end] = [span.start - part.inFile + part.inRaw, span.end - part.inFile + part.inRaw];
    if (start < 0 || end > bare.length) process.stderr.write(`${item.table}:${item.line}: write this case with \`<<\`, so that its place can be marked\n`);
    else spans.push([start, end]);
  }
  const marked = mark(bare, spans);
  const [first, last] = item.lines.text;
  if (item.raw.endsWith("\n")) lines.splice(first, last - first, ...marked.slice(0, -1).split("\n"));
  else lines.splice(first, last - first, `${lines[first]?.slice(0, 2)}${marked}`);
}

interface Part {
  readonly path: string;
  readonly inRaw: number;
  readonly inFile: number;
}

/** Where the case's own text, file by file, stands in the files that it is a part of. */
function partsOf({ raw, files }: Case): readonly Part[] {
  const [own = "", ...others] = raw.replace(/[«»]/g, "").split(/^\/\/ file: /m);
  const parts: Part[] = [{ path: "example.policy.ts", inRaw: 0, inFile: (files.get("example.policy.ts") ?? "").lastIndexOf(own) }];
  let at = own.length;
  for (const other of others) {
    const newline = other.indexOf("\n") + 1;
    at += "// file: ".length;
    parts.push({ path: other.slice(0, newline - 1), inRaw: at + newline, inFile: 0 });
    at += other.length;
  }
  return parts;
}

function mark(text: string, spans: readonly (readonly [number, number])[]): string {
  let marked = "";
  for (let at = 0; at <= text.length; at++) {
    marked += "»".repeat(spans.filter(([start, end]) => start < end && end === at).length);
    marked += "«»".repeat(spans.filter(([start, end]) => start === end && end === at).length);
    marked += "«".repeat(spans.filter(([start, end]) => start < end && start === at).length);
    marked += text[at] ?? "";
  }
  return marked;
}
