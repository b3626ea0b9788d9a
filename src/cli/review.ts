/** The compiled policy as text for review: what is committed under `bundles/`, so that a pull request shows what it changes. */
import { type Emission, manifestOf } from "../compile.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";

/** Wide enough for a row of an ordinary table, so that what changed about one thing is one line of a difference. */
const lineWidth = 320;

/** The files by name, sorted. JSON is spread over lines, a row to a line, so that a difference is a few lines long. */
export function reviewText({ artefacts, policy }: Emission): ReadonlyMap<string, string> {
  const files = artefacts.map(({ path, bytes }): [string, string] => [
    path,
    path.endsWith(".json") ? spread(bytes) : new TextDecoder().decode(bytes),
  ]);
  const manifest = `${spreadJson(manifestOf(policy) as unknown as JsonValue, 0)}\n`;
  return new Map([...files, [".manifest", manifest] as const].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The bytes are ours, written a moment ago: the built-in reader is strict enough, and quick. */
function spread(bytes: Uint8Array): string {
  return `${spreadJson(JSON.parse(new TextDecoder().decode(bytes)), 0)}\n`;
}

/** What fits on a line stays on it; everything else has a line for each of its members. */
export function spreadJson(value: JsonValue, depth: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const room = lineWidth - depth * 2;
  const isList = Array.isArray(value);
  const keys = isList ? value : Object.keys(value);
  // A member takes two characters at least; most of what is too long is known to be so without being written.
  if (keys.length * 2 <= room) {
    const line = JSON.stringify(value);
    if (line.length <= room) return line;
  }
  const pad = `\n${"  ".repeat(depth + 1)}`;
  const members = isList
    ? value.map((item) => pad + spreadJson(item, depth + 1))
    : (keys as readonly string[]).map(
        (key) => `${pad}${JSON.stringify(key)}: ${spreadJson((value as JsonObject)[key] ?? null, depth + 1)}`,
      );
  const end = `\n${"  ".repeat(depth)}`;
  return isList ? `[${members.join(",")}${end}]` : `{${members.join(",")}${end}}`;
}
