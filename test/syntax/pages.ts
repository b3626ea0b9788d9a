/**
 * The samples of an explain page. Beside `file=` a fence may say `hex` (the bytes of the file), `repeat=N` (the text N times)
 * and `also=CODE` (a code that comes with it); `⟦U+202E⟧` in a sample stands for that character.
 */
import { readFileSync } from "node:fs";

export interface Sample {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface Page {
  readonly wrong: readonly Sample[];
  readonly right: readonly Sample[];
  readonly also: readonly string[];
}

const folder = new URL("../../src/diagnostics/explain/", import.meta.url);

export function readPage(code: string): Page {
  const text = readFileSync(new URL(`${code}.md`, folder), "utf8");
  const [, wrong = "", right = ""] = /\n## Wrong\n(.*)\n## Right\n(.*)$/s.exec(text) ?? [];
  return {
    wrong: samples(wrong),
    right: samples(right),
    also: [...wrong.matchAll(/ also=(\w+)/g)].map((match) => match[1] as string),
  };
}

function samples(section: string): Sample[] {
  return [...section.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].map(([, language, attributes = "", body = ""]) => {
    const path = /file=(\S+)/.exec(attributes)?.[1] ?? "";
    if (language === "hex") return { path, bytes: Buffer.from(body.replace(/\s+/g, ""), "hex") };
    const text = body.replace(/⟦U\+([0-9A-F]+)⟧/g, (_, point) => String.fromCodePoint(Number.parseInt(point, 16)));
    return { path, bytes: Buffer.from(text.repeat(Number(/repeat=(\d+)/.exec(attributes)?.[1] ?? "1")), "utf8") };
  });
}
