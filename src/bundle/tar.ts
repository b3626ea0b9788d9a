/**
 * The one reader and the one writer of bundle archives: USTAR (POSIX.1-1988), regular files only. Two readers that see different
 * files in one archive are a way around its signature, so a header is either the one that we would write, or refused.
 */
import { assert, WritError } from "../diagnostics/index.ts";
import type { Artefact } from "../model/index.ts";
import { byCodeUnits, type Limits } from "./bundle.ts";
import { bytesEqual } from "./json-file.ts";

const BLOCK = 512;
const NAME = { at: 0, size: 100 } as const;
const SIZE = { at: 124, size: 12 } as const;
const CHECKSUM = { at: 148, size: 8 } as const;
const TYPE = 156;
const PREFIX = { at: 345, size: 155 } as const;
const MAGIC = { at: 257, size: 8 } as const;
const REGULAR = "0";
/** The fields that are the same in every header: mode, owner, group, time, type, format. */
const CONSTANT = [
  [100, "0000600\0"],
  [108, "0000000\0"],
  [116, "0000000\0"],
  [136, "00000000000\0"],
  [TYPE, REGULAR],
  [MAGIC.at, "ustar\x0000"],
  [329, "0000000\0"],
  [337, "0000000\0"],
] as const;

/** `/` before each segment, no empty segment, `.` or `..`; the archive's names start with the slash, as OPA writes them. */
const NAMES = /^(?:\/(?!\.{1,2}(?:\/|$))[a-z0-9._-]+)+$/;

export function isName(path: string): boolean {
  return path.length + 1 < NAME.size && NAMES.test(`/${path}`);
}

/** Sorted by name, so that the same files always give the same bytes. */
export function writeTar(artefacts: readonly Artefact[]): Uint8Array<ArrayBuffer> {
  const sorted = [...artefacts].sort((a, b) => byCodeUnits(a.path, b.path));
  const size = sorted.reduce((sum, { bytes }) => sum + BLOCK + paddedSize(bytes.length), 2 * BLOCK);
  const tar = new Uint8Array(size);
  let at = 0;
  for (const [index, { path, bytes }] of sorted.entries()) {
    assert(isName(path), `a bundle can't hold a file named \`${path}\``);
    assert(path !== sorted[index - 1]?.path, `a bundle can't hold \`${path}\` twice`);
    tar.set(header(`/${path}`, bytes.length), at);
    tar.set(bytes, at + BLOCK);
    at += BLOCK + paddedSize(bytes.length);
  }
  return tar;
}

export function readTar(tar: Uint8Array, limits: Limits): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  for (;;) {
    if (tar.length - at < BLOCK) throw malformed("end");
    const block = tar.subarray(at, at + BLOCK);
    if (isZero(block)) break;
    if (files.size === limits.files) throw WritError.of("WRIT7006", { limit: limits.files });
    const { name, size } = readHeader(block);
    at += BLOCK;
    if (size > tar.length - at) throw malformed("file-size");
    const end = at + paddedSize(size);
    if (files.has(name)) throw WritError.of("WRIT7004", { name });
    files.set(name, tar.subarray(at, at + size));
    if (end > tar.length || !isZero(tar.subarray(at + size, end))) throw malformed("padding");
    at = end;
  }
  if (tar.length - at !== 2 * BLOCK || !isZero(tar.subarray(at))) throw malformed("end");
  if (files.size === 0) throw malformed("empty");
  return files;
}

function readHeader(block: Uint8Array): { name: string; size: number } {
  const checksum = text(block, CHECKSUM.at, CHECKSUM.size);
  if (checksum !== checksumField(block)) throw malformed("header-checksum");
  const type = text(block, TYPE, 1);
  if (type !== REGULAR) throw WritError.of("WRIT7005", { type });
  if (text(block, MAGIC.at, MAGIC.size) !== "ustar\x0000") throw malformed("header-format");
  // Eleven octal digits: no sign, no spaces, no base-256.
  const digits = text(block, SIZE.at, SIZE.size);
  if (!/^[0-7]{11}\0$/.test(digits)) throw malformed("file-size");
  const size = Number.parseInt(digits, 8);
  // A name that goes on in the prefix, or fills its field to the end, is too long for us.
  const prefix = isZero(block.subarray(PREFIX.at, PREFIX.at + PREFIX.size)) ? "" : text(block, PREFIX.at, PREFIX.size);
  const name = (prefix + text(block, NAME.at, NAME.size)).replaceAll(/^\0+|\0+$/g, "");
  if (name.length >= NAME.size || !NAMES.test(name)) throw WritError.of("WRIT7003", { name });
  // What is left (link name, owners, devices, times, the bytes between) has one value only.
  if (!bytesEqual(block, header(name, size))) throw malformed("header-fields");
  return { name: name.slice(1), size };
}

const TEMPLATE = new Uint8Array(BLOCK);
for (const [at, value] of CONSTANT) put(TEMPLATE, at, value);

function header(name: string, size: number): Uint8Array {
  const block = TEMPLATE.slice();
  put(block, NAME.at, name);
  put(block, SIZE.at, `${size.toString(8).padStart(11, "0")}\0`);
  put(block, CHECKSUM.at, checksumField(block));
  return block;
}

/** The sum of all bytes, with spaces in place of the checksum itself. */
function checksumField(block: Uint8Array): string {
  let sum = CHECKSUM.size * 0x20;
  for (let at = 0; at < BLOCK; at++) {
    if (at < CHECKSUM.at || at >= CHECKSUM.at + CHECKSUM.size) sum += block[at]!;
  }
  return `${sum.toString(8).padStart(6, "0")}\0 `;
}

function put(block: Uint8Array, at: number, value: string): void {
  for (let index = 0; index < value.length; index++) block[at + index] = value.charCodeAt(index);
}

/** Bytes as the characters U+0000 to U+00FF, so that nothing is lost or joined. */
function text(block: Uint8Array, at: number, size: number): string {
  let value = "";
  for (let index = at; index < at + size; index++) value += String.fromCharCode(block[index]!);
  return value;
}

function paddedSize(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function isZero(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== 0) return false;
  return true;
}

function malformed(
  fault: "end" | "file-size" | "padding" | "empty" | "header-checksum" | "header-format" | "header-fields",
): WritError {
  return WritError.of("WRIT7002", { fault });
}
