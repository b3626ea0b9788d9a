/** The compiled policy as text for review: what is committed under `bundles/`, so that a pull request shows what it changes. */
import { type Emission, manifestOf } from "../compile.ts";
import { assert } from "../diagnostics/index.ts";
import { type JsonValue, readJson } from "../json/index.ts";

const lineWidth = 120;

/** The files by name, sorted. JSON is spread over lines, a row to a line, so that a difference is a few lines long. */
export function reviewText({ artefacts, policy }: Emission): ReadonlyMap<string, string> {
  const files = artefacts.map(({ path, bytes }): [string, string] => [
    path,
    path.endsWith(".json") ? spread(bytes) : new TextDecoder().decode(bytes),
  ]);
  const manifest = `${spreadJson(manifestOf(policy) as unknown as JsonValue, 0)}\n`;
  return new Map([...files, [".manifest", manifest] as const].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function spread(bytes: Uint8Array): string {
  const document = readJson(bytes);
  assert(!document.failure, "an artefact is not JSON");
  return `${spreadJson(document.value, 0)}\n`;
}

/** What fits on a line stays on it. */
export function spreadJson(value: JsonValue, depth: number): string {
  const line = inline(value, lineWidth - depth * 2);
  if (line !== undefined) return line;
  const pad = "  ".repeat(depth + 1);
  const end = "  ".repeat(depth);
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => pad + spreadJson(item, depth + 1)).join(",\n")}\n${end}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, item]) => `${pad}${JSON.stringify(key)}: ${spreadJson(item, depth + 1)}`,
    );
    return `{\n${members.join(",\n")}\n${end}}`;
  }
  return JSON.stringify(value);
}

/** The value on one line, or nothing where it takes more room; stops as soon as it knows, so the whole is linear. */
function inline(value: JsonValue, room: number): string | undefined {
  if (typeof value !== "object" || value === null) {
    const text = JSON.stringify(value);
    return text.length <= room ? text : undefined;
  }
  const isList = Array.isArray(value);
  let text = "";
  for (const [key, item] of Object.entries(value)) {
    const before = `${text === "" ? "" : ", "}${isList ? "" : `${JSON.stringify(key)}: `}`;
    const inner = inline(item, room - text.length - before.length - 4);
    if (inner === undefined) return undefined;
    text += before + inner;
  }
  if (text === "") return isList ? "[]" : "{}";
  return isList ? `[${text}]` : `{ ${text} }`;
}
