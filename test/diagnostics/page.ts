/** Reads an explain page: its heading, its sections, and the samples in them. */

/** One fenced block: what stands behind the fence, and its lines. */
export interface Sample {
  /** `ts`, `json`, `sh`, … */
  readonly language: string;
  /** Where the text lies in the sample estate. */
  readonly file?: string;
  /** `bundle` for edits of a good bundle, `gateway` for what happens to one, `store` to a store, `folder` for a folder on a machine. */
  readonly of?: string;
  readonly text: string;
  readonly also?: string;
  /** The text as a file has it; what cannot be shown is written `⟦U+202E⟧`. */
  readonly bytes: Uint8Array;
}

export interface Page {
  readonly code: string;
  readonly name: string;
  readonly sentence: string;
  readonly sections: ReadonlyMap<string, Section>;
}

export interface Section {
  readonly prose: string;
  readonly samples: readonly Sample[];
}

export function readPage(text: string): Page {
  const lines = text.split("\n");
  const [, code = "", name = ""] = /^# (WRIT[0-9]{4}) ([a-z0-9-]+)$/.exec(lines[0] ?? "") ?? [];
  const sections = new Map<string, { prose: string[]; samples: Sample[] }>();
  let section = { prose: [] as string[], samples: [] as Sample[] };
  sections.set("", section);
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const fence = /^```(\S+) ?(.*)$/.exec(line);
    if (fence) {
      const end = lines.indexOf("```", i);
      if (end < 0) break;
      section.samples.push(readSample(fence[1] ?? "", fence[2] ?? "", lines.slice(i + 1, end)));
      i = end;
    } else if (line.startsWith("## ")) {
      section = { prose: [], samples: [] };
      sections.set(line.slice(3), section);
    } else if (line !== "") section.prose.push(line);
  }
  const finished = [...sections].map(
    ([key, { prose, samples }]) => [key, { prose: prose.join(" "), samples }] as const,
  );
  return { code, name, sentence: sections.get("")?.prose.join(" ") ?? "", sections: new Map(finished) };
}

/**
 * `file=a.policy.ts repeat=2000` is the block so many times over, `also=WRIT1022` a code that cannot but come with the page's own;
 * in the language `hex` the block is the bytes themselves.
 */
function readSample(language: string, info: string, lines: readonly string[]): Sample {
  const attributes = new Map([...info.matchAll(/(\w+)=(\S+)/g)].map(([, key = "", value = ""]) => [key, value]));
  const [file, also] = [attributes.get("file"), attributes.get("also")];
  const text = lines
    .map((line) => `${line}\n`)
    .join("")
    .repeat(Number(attributes.get("repeat") ?? 1));
  const shown = text.replace(/⟦U\+([0-9A-F]+)⟧/g, (_, point) => String.fromCodePoint(Number.parseInt(point, 16)));
  const bytes = new Uint8Array(language === "hex" ? Buffer.from(text.replace(/\s/g, ""), "hex") : Buffer.from(shown));
  return {
    language,
    text,
    bytes,
    ...(file !== undefined ? { file } : info !== "" && { of: info }),
    ...(also !== undefined && { also }),
  };
}
