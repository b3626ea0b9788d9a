/** Where something stands: a file and a half-open range of offsets in its text. */

/** A file's path, relative to the policy folder with forward slashes, and its text. Nothing else. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** `start` and `end` are UTF-16 offsets into the source's text, `0 ≤ start ≤ end ≤ text.length`. */
export interface Span {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** A path as it is seen from outside the policy folder; files of installed packages are not in it. */
export function shownPath(folder: string, path: string): string {
  return path.startsWith("npm:") ? path : folder + path;
}

/** Line and column as people count them: from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The position of an offset in a text. Lines end with LF, CRLF or CR. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < offset; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) {
      line++;
      lineStart = i + 1;
    }
  }
  return { line, column: offset - lineStart + 1 };
}
