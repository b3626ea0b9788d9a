/** The shape of one registry row: which fields there are, which must be there, and what a value may look like. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";

/** What a row says of an identity, once its shape is right. Names and dates are still the author's words: nothing is looked up. */
export interface RowValues {
  readonly name?: string;
  readonly subject?: string;
  readonly tier?: string;
  readonly owner?: string;
  readonly from?: string;
  readonly expires?: string;
  readonly tags?: readonly string[];
  /** Key id to the date on which the key was made. */
  readonly keys?: Readonly<Record<string, string>>;
}

export type RowField = keyof RowValues;

export interface Field {
  readonly span: Span;
  readonly value: string | readonly string[] | Readonly<Record<string, string>>;
}

/** One row as written. A field with a wrong shape was reported and is not there. */
export interface Row {
  readonly span: Span;
  readonly values: RowValues;
  /** Every field of `values` with its place; made anew at each call, for a hundred thousand rows share no such luxury. */
  readonly fields: ReadonlyMap<RowField, Field>;
  /** The place of a field's value, or of one tag (by index) or one key (by id) in it; of the row when it is not there. */
  spanOf(field: RowField, inside?: string | number): Span;
}

/** How a format finds places: asked only when there is something to say. */
export interface Places {
  row(): Span;
  key(field: string): Span;
  value(field: string, inside?: string | number): Span;
}

export const rowFields: readonly RowField[] = ["name", "subject", "tier", "owner", "from", "expires", "tags", "keys"];

const LONGEST_TEXT = 255;
const LONGEST_SUBJECT = 2048;
const MOST_TAGS = 64;
const MOST_KEYS = 16;

class CheckedRow implements Row {
  readonly values: RowValues;
  readonly #places: Places;

  constructor(values: RowValues, places: Places) {
    this.values = values;
    this.#places = places;
  }

  get span(): Span {
    return this.#places.row();
  }

  get fields(): ReadonlyMap<RowField, Field> {
    const fields = new Map<RowField, Field>();
    for (const field of rowFields) {
      const value = this.values[field];
      if (value !== undefined) fields.set(field, { span: this.#places.value(field), value });
    }
    return fields;
  }

  spanOf(field: RowField, inside?: string | number): Span {
    return this.values[field] === undefined ? this.span : this.#places.value(field, inside);
  }
}

/** `raw` is one row as the format gives it: a value for each field name. */
export function checkRow(raw: Readonly<Record<string, unknown>>, places: Places, diagnostics: Diagnostic[]): Row {
  const values: Record<string, unknown> = {};
  for (const field in raw) {
    const value = raw[field];
    if (!isRowField(field)) {
      const near = nearest(field);
      const help = near === undefined ? {} : { help: `did you mean \`${near}\`?` };
      diagnostics.push(report("WRIT5022", places.key(field), { field: shorten(field) }, help));
    } else if (checkField(field, value, places, diagnostics)) values[field] = value;
  }
  for (const field of ["name", "tier", "owner"])
    if (!Object.hasOwn(raw, field)) diagnostics.push(report("WRIT5023", places.row(), { field }));
  if (!Object.hasOwn(raw, "subject") && !Object.hasOwn(raw, "keys"))
    diagnostics.push(report("WRIT5029", places.row(), {}));
  return new CheckedRow(values as RowValues, places);
}

function isRowField(field: string): field is RowField {
  switch (field) {
    case "name":
    case "subject":
    case "tier":
    case "owner":
    case "from":
    case "expires":
    case "tags":
    case "keys":
      return true;
    default:
      return false;
  }
}

function checkField(field: RowField, value: unknown, places: Places, diagnostics: Diagnostic[]): boolean {
  if (field === "tags") return checkTags(value, places, diagnostics);
  if (field === "keys") return checkKeys(value, places, diagnostics);
  if (typeof value !== "string") {
    diagnostics.push(report("WRIT5024", places.value(field), { field, expected: "a text", found: describe(value) }));
    return false;
  }
  return checkText(
    field,
    value,
    field === "subject" ? LONGEST_SUBJECT : LONGEST_TEXT,
    () => places.value(field),
    diagnostics,
  );
}

function checkTags(value: unknown, places: Places, diagnostics: Diagnostic[]): boolean {
  const expected = "a list of texts";
  if (!Array.isArray(value)) {
    diagnostics.push(report("WRIT5024", places.value("tags"), { field: "tags", expected, found: describe(value) }));
    return false;
  }
  if (value.length > MOST_TAGS) {
    diagnostics.push(report("WRIT5028", places.value("tags"), { what: "tags in one row", limit: MOST_TAGS }));
    return false;
  }
  let good = true;
  for (let index = 0; index < value.length; index++) {
    const tag: unknown = value[index];
    const place = () => places.value("tags", index);
    if (typeof tag !== "string") {
      diagnostics.push(report("WRIT5024", place(), { field: "tags", expected, found: describe(tag) }));
      good = false;
    } else if (!checkText("tags", tag, LONGEST_TEXT, place, diagnostics)) good = false;
  }
  return good;
}

function checkKeys(value: unknown, places: Places, diagnostics: Diagnostic[]): boolean {
  const expected = "an object of key ids and dates";
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    diagnostics.push(report("WRIT5024", places.value("keys"), { field: "keys", expected, found: describe(value) }));
    return false;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) {
    diagnostics.push(report("WRIT5025", places.value("keys"), { field: "keys" }));
    return false;
  }
  if (entries.length > MOST_KEYS) {
    diagnostics.push(report("WRIT5028", places.value("keys"), { what: "keys in one row", limit: MOST_KEYS }));
    return false;
  }
  let good = true;
  for (const [id, date] of entries) {
    const place = () => places.value("keys", id);
    if (!checkText("keys", id, LONGEST_TEXT, place, diagnostics)) good = false;
    else if (typeof date !== "string") {
      diagnostics.push(report("WRIT5024", place(), { field: "keys", expected, found: describe(date) }));
      good = false;
    } else if (!checkText("keys", date, LONGEST_TEXT, place, diagnostics)) good = false;
  }
  return good;
}

function checkText(
  field: RowField,
  text: string,
  longest: number,
  place: () => Span,
  diagnostics: Diagnostic[],
): boolean {
  if (text.length === 0) diagnostics.push(report("WRIT5025", place(), { field }));
  else if (text.length > longest) diagnostics.push(report("WRIT5026", place(), { field, limit: longest }));
  else if (isPlain(text)) return true;
  else diagnostics.push(report("WRIT5027", place(), { field }));
  return false;
}

/** No control characters, no line separators, no half surrogate pairs, and no spaces around: none of them survives every log and header. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x20 && unit < 0x7f) continue;
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0) || unit === 0x2028 || unit === 0x2029) return false;
    if (unit >= 0xd800 && unit < 0xe000 && !text.isWellFormed()) return false;
  }
  return text.charCodeAt(0) !== 0x20 && text.charCodeAt(text.length - 1) !== 0x20;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

export function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

/** The field that the author most likely meant: one that differs in case, or by at most two edits. */
function nearest(written: string): RowField | undefined {
  const lower = written.toLowerCase();
  const known: Record<string, RowField> = {
    id: "name",
    sub: "subject",
    tag: "tags",
    key: "keys",
    until: "expires",
    expiry: "expires",
  };
  if (Object.hasOwn(known, lower)) return known[lower];
  if (written.length > 16) return undefined;
  let best: RowField | undefined;
  let least = 3;
  for (const field of rowFields) {
    const distance = edits(lower, field);
    if (distance < least && distance < field.length - 1) {
      least = distance;
      best = field;
    }
  }
  return best;
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
