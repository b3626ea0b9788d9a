/** Registries: many identities in one data file, JSON, NDJSON or CSV by its extension. */
import { assert, type Diagnostic, jsonProblems, report, type Source, type Span } from "../diagnostics/index.ts";
import { type JsonDocument, type Place, readJson, readJsonWithPositions } from "../json/index.ts";
import { type DataFile, decode, LARGEST_DATA_FILE, type Read } from "./data-file.ts";
import { readCsvRows } from "./registry-csv.ts";
import { checkRow, type Places, type Row } from "./registry-row.ts";

const MOST_ROWS = 1_000_000;

/** Problems are listed up to here; a file with more is not read to its end. */
const MOST_PROBLEMS = 1_000;

const DEEPEST = 8;

/** The rows whose shape is right, and everything that is wrong with the others; what a row's words mean is not asked here. */
export function readRegistry(file: DataFile): Read<readonly Row[]> {
  const extension = /\.([a-z]+)$/.exec(file.path)?.[1];
  const read = readers[extension ?? ""];
  if (!read) {
    const span = { path: file.path, start: 0, end: 0 };
    const source = { path: file.path, text: "" };
    const expected = "`.json`, `.ndjson` or `.csv`";
    return { value: [], diagnostics: [report("WRIT5007", span, { path: file.path, expected })], sources: [source] };
  }
  const { source, problem } = decode(file, LARGEST_DATA_FILE);
  if (problem) return { value: [], diagnostics: [problem], sources: [source] };
  const diagnostics: Diagnostic[] = [];
  const value = read(source, diagnostics);
  return { value, diagnostics, sources: [source] };
}

const readers: Readonly<Record<string, (source: Source, diagnostics: Diagnostic[]) => Row[]>> = {
  csv: (source, diagnostics) => readCsvRows(source, MOST_ROWS, MOST_PROBLEMS, diagnostics),
  json: readJsonRows,
  ndjson: readNdjsonRows,
};

function readJsonRows(source: Source, diagnostics: Diagnostic[]): Row[] {
  const document = readJsonWithPositions(source.text, { depth: DEEPEST, numbers: "finite", size: LARGEST_DATA_FILE });
  if (document.failure) {
    diagnostics.push(notJson(source, document.failure.problem, document.failure.offset));
    return [];
  }
  const { value, places } = document;
  const whole = { path: source.path, ...places.ofValue([]) };
  if (!Array.isArray(value)) {
    diagnostics.push(report("WRIT5020", { ...whole, end: Math.min(whole.end, whole.start + 1) }, {}));
    return [];
  }
  if (value.length > MOST_ROWS) {
    diagnostics.push(report("WRIT5028", { ...whole, end: whole.start + 1 }, { what: "rows", limit: MOST_ROWS }));
    return [];
  }
  const { path } = source;
  const rows: Row[] = [];
  for (let index = 0; index < value.length && diagnostics.length < MOST_PROBLEMS; index++) {
    const rowPlaces: Places = {
      row: () => ({ path, ...places.ofValue([index]) }),
      key: (field) => ({ path, ...places.ofKey([index, field]) }),
      value: (field, inside) => ({
        path,
        ...places.ofValue(inside === undefined ? [index, field] : [index, field, inside]),
      }),
    };
    addRow(value[index], rowPlaces, rows, diagnostics);
  }
  return rows;
}

/** One object on each line; the last line may end with a line feed or not. */
function readNdjsonRows(source: Source, diagnostics: Diagnostic[]): Row[] {
  const { path, text } = source;
  const rows: Row[] = [];
  for (let start = 0, count = 1; start < text.length && diagnostics.length < MOST_PROBLEMS; count++) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(start, text.charCodeAt(end - 1) === 0x0d && end > start ? end - 1 : end);
    const offset = start;
    start = end + 1;
    if (count > MOST_ROWS) {
      diagnostics.push(report("WRIT5028", { path, start: offset, end: offset }, { what: "rows", limit: MOST_ROWS }));
      return rows;
    }
    if (line.trim() === "") {
      diagnostics.push(
        report("WRIT5021", { path, start: offset, end: offset + line.length }, { found: "an empty line" }),
      );
      continue;
    }
    const document = readJson(line, lineLimits);
    if (document.failure) diagnostics.push(notJson(source, document.failure.problem, offset + document.failure.offset));
    else addRow(document.value, new LinePlaces(path, line, offset), rows, diagnostics);
  }
  return rows;
}

const lineLimits = { depth: DEEPEST, numbers: "finite" } as const;

/** Reads its line once more, at the first question: a hundred thousand good rows need not know their places. */
class LinePlaces implements Places {
  readonly #path: string;
  readonly #line: string;
  readonly #offset: number;
  #places: JsonDocument["places"] | undefined;

  constructor(path: string, line: string, offset: number) {
    this.#path = path;
    this.#line = line;
    this.#offset = offset;
  }

  row(): Span {
    return this.#shift(this.#read().ofValue([]));
  }

  key(field: string): Span {
    return this.#shift(this.#read().ofKey([field]));
  }

  value(field: string, inside?: string | number): Span {
    return this.#shift(this.#read().ofValue(inside === undefined ? [field] : [field, inside]));
  }

  #read(): JsonDocument["places"] {
    if (!this.#places) {
      const document = readJsonWithPositions(this.#line, lineLimits);
      assert(!document.failure, "a line that was read is read again");
      this.#places = document.places;
    }
    return this.#places;
  }

  #shift({ start, end }: Place): Span {
    return { path: this.#path, start: this.#offset + start, end: this.#offset + end };
  }
}

function addRow(value: unknown, places: Places, rows: Row[], diagnostics: Diagnostic[]): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    rows.push(checkRow(value as Record<string, unknown>, places, diagnostics));
  else {
    const found = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
    diagnostics.push(report("WRIT5021", places.row(), { found }));
  }
}

function notJson(source: Source, problem: keyof typeof jsonProblems, at: number): Diagnostic {
  const start = Math.min(at, source.text.length);
  const end = Math.min(start + 1, source.text.length);
  return report("WRIT5004", { path: source.path, start, end }, { problem: jsonProblems[problem] });
}
