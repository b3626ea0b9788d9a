/** A line of the log: one line whatever is in it, and not longer than a line may be (threat P18). */

/** Bytes, with the end of the line. */
export const longestLogLine = 16 * 1024;

const DEEPEST = 6;

/** First much is kept, and less when it does not fit: characters of a text, entries of a list or an object. */
const ROUNDS: readonly { readonly characters: number; readonly entries: number }[] = [
  { characters: 2048, entries: 64 },
  { characters: 256, entries: 32 },
  { characters: 32, entries: 8 },
];

/** What ends a line or moves a cursor on some terminal, and hides or turns text round: all but letters, marks, signs and spaces. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** JSON, in one line with its end. Long texts, long lists and what is nested deeply are cut, and say so by `…`. */
export function logLine(value: unknown): string {
  for (const round of ROUNDS) {
    const json = JSON.stringify(cut(value, round, DEEPEST)) ?? "null";
    // Escaping only makes it longer.
    if (json.length >= longestLogLine) continue;
    // Outside of texts JSON has no such character, and inside of them this is how it is escaped.
    const line = `${json.replace(UNSEEN, escapeCharacter)}\n`;
    if (Buffer.byteLength(line) <= longestLogLine) return line;
  }
  return '{"cut":"…"}\n';
}

function escapeCharacter(character: string): string {
  let escaped = "";
  for (let index = 0; index < character.length; index++)
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  return escaped;
}

function cut(value: unknown, round: (typeof ROUNDS)[number], depth: number): unknown {
  if (typeof value === "string") return cutText(value, round.characters);
  if (typeof value === "bigint") return cutText(String(value), round.characters);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "…";
  // Of an error what it says; not its stack, and not its cause, which may quote what came in.
  if (value instanceof Error)
    return {
      ...("code" in value && { code: cut(value.code, round, 1) }),
      message: cutText(value.message, round.characters),
    };
  if (Array.isArray(value)) {
    const kept = value.slice(0, round.entries).map((item) => cut(item, round, depth - 1));
    return value.length > kept.length ? [...kept, "…"] : kept;
  }
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, round.entries)
    .map(([name, item]) => [cutText(name, round.characters), cut(item, round, depth - 1)]);
  return Object.fromEntries(entries.length > kept.length ? [...kept, ["…", "…"]] : kept);
}

function cutText(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters)}…` : text;
}
