/**
 * Reads the tables of the corpus: many small policy files, the verdict on each, and of each bad one what is said of it.
 *
 * A line that starts with `+` is good, with `-` bad for tsc and us, with `!` refused by us alone. The text after it stands where
 * the template of the last `@wrap` has `%%`. `<<` instead of a text takes the lines up to `>>`; among them `// file: x.policy.ts` begins
 * another file. Then, indented: the code and the help of each error, and for `!` a `because`. `«` and `»` enclose the span of the
 * error; `@with` keeps a text that stands before every case until the next `@with`.
 */

export interface Expected {
  readonly code: string;
  readonly help: string;
}

export interface Case {
  readonly table: string;
  readonly line: number;
  readonly verdict: "good" | "bad" | "ours-alone";
  /** By path; the first is the one that the table is about. Without the marks. */
  readonly files: ReadonlyMap<string, string>;
  /** Where the marks were, per file and in order of the text. */
  readonly marks: readonly { readonly path: string; readonly start: number; readonly end: number }[];
  readonly expected: readonly Expected[];
  readonly because?: string;
  /** The lines of the table that hold the text and the expectations, for whoever writes them anew. */
  readonly lines: { readonly text: readonly [number, number]; readonly expected: readonly [number, number] };
  readonly raw: string;
}

const verdicts = { "+": "good", "-": "bad", "!": "ours-alone" } as const;

export function readTable(table: string, text: string): readonly Case[] {
  const lines = text.split("\n");
  const cases: Case[] = [];
  let before = "";
  let wrap = "%%";
  const block = (from: number): [string, number] => {
    const end = lines.indexOf(">>", from);
    return [`${lines.slice(from, end).join("\n")}\n`, end];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line === "" || line.startsWith("#")) continue;
    if (line === "@with <<") [before, i] = block(i + 1);
    else if (line === "@wrap <<") [wrap, i] = block(i + 1);
    else if (line.startsWith("@wrap ")) wrap = `${line.slice(6)}\n`;
    else {
      const verdict = verdicts[line[0] as keyof typeof verdicts];
      if (!verdict || line[1] !== " ") throw new SyntaxError(`${table}:${i + 1}: what is this? ${line}`);
      const at = i;
      let raw = line.slice(2);
      let from = i;
      if (raw === "<<") {
        from = i + 1;
        [raw, i] = block(i + 1);
        i -= 1;
      }
      const textLines = [from, i + 1] as const;
      if (lines[i + 1] === ">>") i++;
      const start = i + 1;
      const expected: Expected[] = [];
      let because: string | undefined;
      while (lines[i + 1]?.startsWith("  ")) {
        const said = (lines[++i] ?? "").trim();
        if (said.startsWith("because ")) because = said.slice(8);
        else expected.push({ code: said.slice(0, 8), help: said.slice(9) });
      }
      const whole = before + (raw.endsWith("\n") ? raw : wrap.replace("%%", () => raw));
      cases.push({
        table, line: at + 1, verdict, ...splitFiles(whole), expected, raw,
        ...(because !== undefined && { because }),
        lines: { text: textLines, expected: [start, i + 1] },
      });
    }
  }
  return cases;
}

function splitFiles(whole: string): Pick<Case, "files" | "marks"> {
  const files = new Map<string, string>();
  const marks: { path: string; start: number; end: number }[] = [];
  for (const [i, part] of whole.split(/^\/\/ file: /m).entries()) {
    const newline = part.indexOf("\n");
    const path = i === 0 ? "example.policy.ts" : part.slice(0, newline);
    if (i === 0 && part === "") continue;
    let text = "";
    const open: number[] = [];
    for (const piece of (i === 0 ? part : part.slice(newline + 1)).split(/([«»])/)) {
      if (piece === "«") open.push(text.length);
      else if (piece === "»") marks.push({ path, start: open.pop() ?? 0, end: text.length });
      else text += piece;
    }
    files.set(path, text);
  }
  return { files, marks: marks.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start || a.end - b.end)) };
}
