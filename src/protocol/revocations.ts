/** The files that the role `revocations` signs: what was revoked, in pieces, so that a new entry moves only the piece that it is in. */
import { WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonValue, readJson } from "../json/index.ts";
import { isObject, isWhole } from "./shapes.ts";

export const revocationLists = ["identities", "issuedBefore", "keys", "issuers", "tiers", "owners", "grants"] as const;

/** Where an entry stands: `["tokens", issuer, jti]`, or the name of another list and a name in it. */
export type RevocationPath = readonly ["tokens", string, string] | readonly [(typeof revocationLists)[number], string];

export interface ListedRevocation {
  /** The size of the log with the change in it: what a gateway confirms, and what `reach` is asked for. */
  readonly sequence: number;
  readonly path: RevocationPath;
  /** Seconds since 1970: of a token, its `exp`; of `issuedBefore`, the time; of all others, since when. */
  readonly value: number;
}

/** Bytes of one file. */
const LARGEST = 1024 * 1024;

/** Bytes of a name, as in a request. */
const LONGEST_NAME = 1024;

export function writeRevocations(entries: readonly ListedRevocation[]): Uint8Array {
  return canonicalJsonBytes({ entries: entries.map(({ sequence, path, value }) => ({ path, sequence, value })) });
}

/** @throws WritError `revocations-malformed`: what is not as we write it is not used at all */
export function readRevocations(bytes: Uint8Array): readonly ListedRevocation[] {
  const read = readJson(bytes, { size: LARGEST });
  if (read.failure) throw malformed("the file");
  const document = read.value;
  if (!isObject(document) || Object.keys(document).join() !== "entries" || !Array.isArray(document.entries))
    throw malformed("entries");
  return document.entries.map((entry, index) => {
    if (!isObject(entry) || Object.keys(entry).toSorted().join() !== "path,sequence,value")
      throw malformed(`entries.${index}`);
    const { path, sequence, value } = entry;
    if (!isPath(path) || !isWhole(sequence) || !isWhole(value)) throw malformed(`entries.${index}`);
    return { sequence, path, value };
  });
}

function isPath(path: JsonValue | undefined): path is RevocationPath {
  if (!Array.isArray(path)) return false;
  const [list, ...names] = path as readonly JsonValue[];
  if (!names.every((name) => typeof name === "string" && name !== "" && name.length <= LONGEST_NAME)) return false;
  return list === "tokens" ? names.length === 2 : names.length === 1 && revocationLists.some((known) => known === list);
}

function malformed(place: string): WritError {
  return WritError.of("WRIT9004", { place });
}
