/** Reads an explain page: its heading, its sections, and the samples in them. */

/** One fenced block: what stands behind the fence, and its lines. */
export interface Sample {
  /** `ts`, `json`, `sh`, … */
  readonly language: string;
  /** Where the text lies in the sample estate. */
  readonly file?: string;
  /** `bundle` for edits of a good bundle, `folder` for a folder on a machine. */
  readonly of?: string;
  readonly text: string;
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

function readSample(language: string, info: string, lines: readonly string[]): Sample {
  const file = /^file=(\S+)$/.exec(info)?.[1];
  const text = lines.map((line) => `${line}\n`).join("");
  return { language, text, ...(file !== undefined ? { file } : info !== "" && { of: info }) };
}
