/** `writ matrix`: the whole access matrix as a page, as CSV or as JSON, of one version or of two. */
import {
  accessMatrices,
  accessMatrix,
  type CsvOptions,
  compareMatrices,
  matrixCsv,
  matrixJson,
  matrixPage,
  type Written,
} from "../questions/index.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, progressOf } from "./output.ts";
import { absolute } from "./paths.ts";
import { readSide } from "./read-side.ts";
import { readFolder } from "./sides.ts";

export interface MatrixOptions extends CsvOptions {
  readonly format: "csv" | "html" | "json";
  readonly out?: string;
  readonly compare?: string;
  readonly keys?: string;
}

/** Pieces are gathered to about this before they are printed. */
const pieceSize = 1024 * 1024;

export async function matrix(host: Host, folder: string, options: MatrixOptions): Promise<Exit> {
  const { compare, keys, format, out } = options;
  const progress = progressOf(host);
  const side = { policies: folder, ring: "stable" as const, ...(keys !== undefined && { keys }) };
  const before = compare === undefined ? undefined : await readSide(host, compare, side);
  const after = readFolder(host, folder);
  if (!after || (compare !== undefined && !before)) return exits.trouble;
  progress("working out who may call what");
  const [was, now] = before ? accessMatrices(before.model, after.model) : [undefined, accessMatrix(after.model)];
  const comparison = was && compareMatrices(was.matrix, now.matrix);
  progress("writing");
  const written: Written = comparison ? { comparison } : now;
  const text =
    format === "html"
      ? [
          matrixPage({
            title: after.name,
            matrix: comparison ?? now.matrix,
            ...(before ? { before: before.name } : { witnesses: now.shown, exact: now.exact }),
          }),
        ]
      : format === "json"
        ? matrixJson(written)
        : matrixCsv(written, options);
  if (out === undefined) print(host, text);
  else host.write(absolute(host, out), bytesOf(text));
  return exits.ok;
}

function print(host: Host, text: Iterable<string>): void {
  let piece = "";
  for (const part of text) {
    piece += part;
    if (piece.length < pieceSize) continue;
    host.print(piece);
    piece = "";
  }
  host.print(piece);
}

/** Longer than the longest text there can be, if need be. */
function bytesOf(text: Iterable<string>): Uint8Array {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let piece = "";
  for (const part of text) {
    piece += part;
    if (piece.length < pieceSize) continue;
    pieces.push(encoder.encode(piece));
    piece = "";
  }
  pieces.push(encoder.encode(piece));
  const bytes = new Uint8Array(pieces.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of pieces) {
    bytes.set(each, at);
    at += each.length;
  }
  return bytes;
}
