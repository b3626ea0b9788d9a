/**
 * A small language for spoiling a good bundle: each edit is one object with one member. The explain pages of the 7xxx codes and the
 * tests are written in it. Edits of what is signed come first and are signed; the others tamper with the finished bundle.
 */

import { readKeys, type VerifyOptions, verify } from "../../src/bundle/index.ts";
import { type Code, WritError } from "../../src/diagnostics/index.ts";
import { type Entry, forgeGzip, forgeJws, forgeTar, OTHER, publicKeyFile, RELEASE, state, utf8 } from "./forge.ts";

export type Edit =
  // Before signing.
  | { write: { file: string; text: string } }
  | { drop: string }
  | { manifest: Record<string, unknown> }
  | { metadata: Record<string, unknown> }
  | { statement: Record<string, unknown> }
  | { list: { file: string; name?: string; hash?: string; algorithm?: string; twice?: true; omit?: true } }
  | { header: Record<string, unknown> }
  | { headerText: string }
  | { sign: "other" | "other as release" | "no" }
  // The text of the signature, and the file around it.
  | { jws: { append?: string; replace?: [from: string, to: string]; part?: [index: number, text: string] } }
  | { signatures: string }
  // The archive.
  | { flip: { file: string; bit: number } }
  | { rename: { file: string; to: string } }
  | { remove: string }
  | { add: { file: string; text?: string; times?: number } }
  | { duplicate: string }
  | { type: { file: string; type: string } }
  | { field: { file: string; at: number; text: string; late?: true } }
  | { padding: { file: string; byte: number } }
  | { end: number }
  | { swap: [string, string] }
  // The compression.
  | { gzip: { crc?: number; size?: number; flags?: number } }
  | { truncate: number }
  | { append: string }
  // How it is verified.
  | { verify: VerifyOptions };

export const MANIFEST = {
  revision: "r-7",
  roots: ["writ"],
  rego_version: 1,
  metadata: { entrypoints: ["writ/allow", "writ/decision"], expires: 1798070400, issued: 1795478400, sequence: 7 },
};
export const FILES: Readonly<Record<string, string>> = {
  "data.json": '{"writ":{"tiers":{"bronze":0,"gold":2}}}',
  "policy.rego": "package writ\n\nallow := true\n",
};

/** Keys in the order of their code units, at every level: the canonical form of values without rare characters. */
const sorted = (_key: string, value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
export const canonical = (value: unknown): string => JSON.stringify(value, sorted);

export interface Edited {
  bytes: Uint8Array;
  options: VerifyOptions;
}

export function editBundle(edits: readonly Edit[]): Edited {
  const files = new Map(Object.entries(FILES).map(([name, text]) => [name, utf8(text)]));
  files.set(".manifest", utf8(canonical(MANIFEST)));
  signedContent(files, edits);
  const jws = editText(signed(files, edits), edits);
  const entries: Entry[] = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => ({ name: `/${name}`, bytes }));
  const unsigned = edits.some((edit) => "sign" in edit && edit.sign === "no");
  if (!unsigned) {
    const container = edits.find((edit) => "signatures" in edit)?.signatures ?? canonical({ signatures: [jws] });
    entries.splice(1, 0, { name: "/.signatures.json", bytes: utf8(container.replace("$jws", jws)) });
  }
  let emptyBlocks = 2;
  for (const edit of edits) {
    if ("end" in edit) emptyBlocks = edit.end;
    else editEntries(entries, edit);
  }
  const claims = edits.find((edit) => "gzip" in edit)?.gzip;
  let bytes = forgeGzip(forgeTar(entries, emptyBlocks), claims);
  for (const edit of edits) {
    if ("truncate" in edit) bytes = bytes.subarray(0, bytes.length - edit.truncate);
    if ("append" in edit)
      bytes = Buffer.concat([bytes, edit.append === "$bundle" ? bytes : Buffer.from(edit.append, "latin1")]);
  }
  return { bytes, options: Object.assign({}, ...edits.map((edit) => ("verify" in edit ? edit.verify : {}))) };
}

function signedContent(files: Map<string, Uint8Array>, edits: readonly Edit[]): void {
  let manifest: Record<string, unknown> = structuredClone(MANIFEST);
  for (const edit of edits) {
    if ("write" in edit) files.set(edit.write.file, utf8(edit.write.text));
    if ("drop" in edit) files.delete(edit.drop);
    if ("manifest" in edit) manifest = { ...manifest, ...edit.manifest };
    if ("metadata" in edit)
      manifest = { ...manifest, metadata: { ...(manifest.metadata as object), ...edit.metadata } };
    if ("manifest" in edit || "metadata" in edit) files.set(".manifest", utf8(canonical(manifest)));
  }
}

function signed(files: ReadonlyMap<string, Uint8Array>, edits: readonly Edit[]): string {
  const statement = state(files, MANIFEST.metadata.issued);
  let key = RELEASE;
  let header: Record<string, unknown> = { alg: "ES256", kid: RELEASE.kid, typ: "JWT" };
  let headerText: string | undefined;
  for (const edit of edits) {
    if ("statement" in edit) Object.assign(statement, edit.statement);
    if ("list" in edit) {
      const { file, twice, omit, ...change } = edit.list;
      statement.files = statement.files.flatMap((item) =>
        item.name !== file ? [item] : omit ? [] : twice ? [item, item] : [{ ...item, ...change }],
      );
    }
    if ("sign" in edit && edit.sign !== "no") {
      key = OTHER;
      if (edit.sign === "other") header = { ...header, kid: OTHER.kid };
    }
    if ("header" in edit) header = { ...header, ...edit.header };
    if ("headerText" in edit) headerText = edit.headerText;
  }
  return forgeJws(headerText ?? JSON.stringify(header), JSON.stringify(statement), key);
}

function editText(text: string, edits: readonly Edit[]): string {
  let jws = text;
  for (const edit of edits) {
    if (!("jws" in edit)) continue;
    const { append, replace, part } = edit.jws;
    if (append !== undefined) jws += append;
    if (replace) jws = jws.replace(...replace);
    if (part) jws = jws.split(".").with(part[0], part[1]).join(".");
  }
  return jws;
}

function editEntries(entries: Entry[], edit: Edit): void {
  const find = (file: string) => entries.find((entry) => entry.name === `/${file}`)!;
  if ("flip" in edit) {
    const entry = find(edit.flip.file);
    entry.bytes = Uint8Array.from(entry.bytes);
    entry.bytes[edit.flip.bit >> 3]! ^= 1 << (edit.flip.bit & 7);
  }
  if ("rename" in edit) find(edit.rename.file).name = edit.rename.to;
  if ("remove" in edit) entries.splice(entries.indexOf(find(edit.remove)), 1);
  if ("add" in edit) {
    const { file, text = "", times = 1 } = edit.add;
    for (let index = 0; index < times; index++)
      entries.push({ name: times === 1 ? file : `${file}${index}`, bytes: utf8(text) });
  }
  if ("duplicate" in edit) entries.push({ ...find(edit.duplicate) });
  if ("type" in edit) find(edit.type.file).type = edit.type.type;
  if ("field" in edit) {
    const entry = find(edit.field.file);
    const field: [number, string] = [edit.field.at, edit.field.text];
    if (edit.field.late) entry.lateFields = [...(entry.lateFields ?? []), field];
    else entry.fields = [...(entry.fields ?? []), field];
  }
  if ("padding" in edit) find(edit.padding.file).padding = edit.padding.byte;
  if ("swap" in edit) {
    const [one, other] = [find(edit.swap[0]), find(edit.swap[1])];
    [one.bytes, other.bytes] = [other.bytes, one.bytes];
  }
}

/** Under which code the edited bundle is refused, or `undefined` if it is accepted. */
export async function verdict(edits: readonly Edit[]): Promise<Code | undefined> {
  const { bytes, options } = editBundle(edits);
  const keys = await readKeys(publicKeyFile(RELEASE));
  return codeOf(() => verify(bytes, keys, options));
}

/** The same for the text of a key file. */
export async function keysVerdict(text: string): Promise<Code | undefined> {
  return codeOf(() => readKeys(utf8(text)));
}

async function codeOf(action: () => Promise<unknown>): Promise<Code | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  }
}
