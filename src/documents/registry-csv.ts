/** CSV as RFC 4180 has it, with places: a header row, one row for each identity, quotes where a cell needs them. */
import { type Diagnostic, report, type Source, type Span } from "../diagnostics/index.ts";
import { checkRow, type Places, type Row, rowFields, shorten } from "./registry-row.ts";

/** A cell's characters, and where it stands, quotes included. */
interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface CsvRecord {
  readonly cells: readonly Cell[];
  readonly start: number;
  readonly end: number;
}

export function readCsvRows(source: Source, mostRows: number, mostProblems: number, diagnostics: Diagnostic[]): Row[] {
  const { path } = source;
  const reader = new CsvReader(source, diagnostics);
  const header = reader.next();
  if (!header || (header.cells.length === 1 && header.cells[0]!.text === "")) {
    diagnostics.push(report("WRIT5030", { path, start: 0, end: 0 }, {}));
    return [];
  }
  if (!checkHeader(path, header, diagnostics)) return [];
  const columns = header.cells.map((cell) => cell.text);
  const rows: Row[] = [];
  let count = 0;
  for (let record = reader.next(); record && diagnostics.length < mostProblems; record = reader.next()) {
    const span = { path, start: record.start, end: record.end };
    if (++count > mostRows) {
      diagnostics.push(report("WRIT5028", { ...span, end: span.start }, { what: "rows", limit: mostRows }));
      break;
    }
    if (record.cells.length !== columns.length) {
      const [found, expected] = [record.cells.length, columns.length];
      diagnostics.push(report("WRIT5032", span, { found, expected }));
    } else addRow(path, columns, record, rows, diagnostics);
  }
  return rows;
}

function checkHeader(path: string, header: CsvRecord, diagnostics: Diagnostic[]): boolean {
  const before = diagnostics.length;
  const seen = new Set<string>();
  for (const cell of header.cells) {
    const span = { path, start: cell.start, end: cell.end };
    const column = shorten(cell.text);
    if (!(rowFields as readonly string[]).includes(cell.text)) {
      const help = `the columns are ${rowFields.map((field) => `\`${field}\``).join(", ")}`;
      diagnostics.push(report("WRIT5022", span, { field: column }, { help }));
    } else if (seen.has(cell.text)) diagnostics.push(report("WRIT5031", span, { column }));
    seen.add(cell.text);
  }
  return diagnostics.length === before;
}

/** An empty cell says nothing, except where the row must say something. */
function addRow(
  path: string,
  columns: readonly string[],
  record: CsvRecord,
  rows: Row[],
  diagnostics: Diagnostic[],
): void {
  const raw: Record<string, unknown> = {};
  let good = true;
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]!;
    const cell = record.cells[index]!;
    if (cell.text === "" && !isRequired(column)) continue;
    if (column === "tags") raw[column] = cell.text.split(";");
    else if (column === "keys") {
      const keys = parseKeys(cell.text);
      if (typeof keys === "string") {
        const span = { path, start: cell.start, end: cell.end };
        diagnostics.push(report("WRIT5033", span, { cell: shorten(cell.text), problem: keys }));
        good = false;
      } else raw[column] = keys;
    } else raw[column] = cell.text;
  }
  if (!good) return;
  rows.push(checkRow(raw, new CellPlaces(path, columns, record), diagnostics));
}

function isRequired(column: string): boolean {
  return column === "name" || column === "tier" || column === "owner";
}

/** `id=2026-09-01;id2=2026-10-01` */
function parseKeys(text: string): Record<string, string> | string {
  const keys = new Map<string, string>();
  for (const part of text.split(";")) {
    const equals = part.indexOf("=");
    if (equals < 0) return "a key has no date";
    const id = part.slice(0, equals);
    if (keys.has(id)) return "a key id occurs twice";
    keys.set(id, part.slice(equals + 1));
  }
  return Object.fromEntries(keys);
}

class CellPlaces implements Places {
  readonly #path: string;
  readonly #columns: readonly string[];
  readonly #record: CsvRecord;

  constructor(path: string, columns: readonly string[], record: CsvRecord) {
    this.#path = path;
    this.#columns = columns;
    this.#record = record;
  }

  row(): Span {
    return { path: this.#path, start: this.#record.start, end: this.#record.end };
  }

  key(field: string): Span {
    return this.value(field);
  }

  /** The whole cell: inside it quotes may be doubled, so a part of it has no simple place. */
  value(field: string): Span {
    const cell = this.#record.cells[this.#columns.indexOf(field)];
    return cell ? { path: this.#path, start: cell.start, end: cell.end } : this.row();
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** RFC 4180 §2; a bare LF ends a line as CRLF does, a bare CR does not. */
class CsvReader {
  readonly #source: Source;
  readonly #diagnostics: Diagnostic[];
  #at = 0;

  constructor(source: Source, diagnostics: Diagnostic[]) {
    this.#source = source;
    this.#diagnostics = diagnostics;
  }

  /** The next row, or nothing at the end of the file or after a fault that leaves the rest without meaning. */
  next(): CsvRecord | undefined {
    const { text } = this.#source;
    if (this.#at >= text.length) return undefined;
    const start = this.#at;
    const cells: Cell[] = [];
    for (;;) {
      const cell = text.charCodeAt(this.#at) === QUOTE ? this.#quoted() : this.#plain();
      if (!cell) return undefined;
      cells.push(cell);
      const unit = text.charCodeAt(this.#at);
      if (unit === COMMA) {
        this.#at++;
        continue;
      }
      const end = this.#at;
      this.#at += unit === CARRIAGE_RETURN ? 2 : 1;
      return { cells, start, end };
    }
  }

  #plain(): Cell | undefined {
    const { text } = this.#source;
    const start = this.#at;
    for (let at = start; ; at++) {
      const unit = text.charCodeAt(at);
      if (unit === COMMA || unit === LINE_FEED || at >= text.length || this.#isLineEnd(at)) {
        this.#at = at;
        return { text: text.slice(start, at), start, end: at };
      }
      if (unit === QUOTE) return this.#fault(at, "a quote stands inside a cell that does not start with one");
      if (unit === CARRIAGE_RETURN) return this.#fault(at, "a carriage return stands without its line feed");
    }
  }

  #quoted(): Cell | undefined {
    const { text } = this.#source;
    const start = this.#at;
    const parts: string[] = [];
    let from = start + 1;
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote < 0) return this.#fault(start, "a quote is never closed");
      if (text.charCodeAt(quote + 1) === QUOTE) {
        parts.push(text.slice(from, quote + 1));
        from = quote + 2;
        continue;
      }
      parts.push(text.slice(from, quote));
      const end = quote + 1;
      const unit = text.charCodeAt(end);
      if (end < text.length && unit !== COMMA && unit !== LINE_FEED && !this.#isLineEnd(end))
        return this.#fault(end, "something follows a closing quote");
      this.#at = end;
      return { text: parts.join(""), start, end };
    }
  }

  #isLineEnd(at: number): boolean {
    const { text } = this.#source;
    return text.charCodeAt(at) === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED;
  }

  #fault(at: number, problem: string): undefined {
    const { path, text } = this.#source;
    const span = { path, start: at, end: Math.min(at + 1, text.length) };
    this.#diagnostics.push(report("WRIT5034", span, { problem }));
    this.#at = text.length;
    return undefined;
  }
}
