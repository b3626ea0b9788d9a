/** The head of a store: the one small file that says what is in force. It is replaced whole, so all it names changes at one moment. */
import { emptyRoot } from "../audit/index.ts";
import { canonicalJsonBytes, readJson } from "../json/index.ts";
import { isDigest, isObject, isVersion } from "./record.ts";

export interface Head {
  /** The version of the timestamp; grows with every head and is never given twice. 0 before anything was signed. */
  readonly version: number;
  /** How many records of the journal it counts. */
  readonly records: number;
  /** The root of the hash tree over those records, RFC 6962, in hexadecimal. */
  readonly root: string;
  /** The lowest policy sequence that may still decide. */
  readonly floor: number;
  /** The signed `timestamp.json`: the one file of metadata whose name stays when its content changes, so it lies in the head. */
  readonly timestamp: string;
  /** The other files of metadata, `7.snapshot.json`, by their names: the SHA-256 of each. */
  readonly files: ReadonlyMap<string, string>;
  /** Digests of the blobs that the metadata names. */
  readonly blobs: readonly string[];
}

export const firstHead: Head = {
  version: 0,
  records: 0,
  root: Buffer.from(emptyRoot).toString("hex"),
  floor: 0,
  timestamp: "",
  files: new Map(),
  blobs: [],
};

/** A name of a file of metadata; quoted names of roles hold `%`. No name of it leads anywhere (threat P14). */
export function isFileName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._%-]{0,199}$/.test(name);
}

export function writeHead(head: Head): Uint8Array {
  const files = [...head.files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return canonicalJsonBytes({ ...head, files: Object.fromEntries(files), blobs: head.blobs.toSorted() });
}

/** Strict: what is not as we write it is damage. */
export function readHead(bytes: Uint8Array): Head | undefined {
  const read = readJson(bytes);
  if (read.failure || !isObject(read.value)) return undefined;
  const { version, records, root, floor, timestamp, files, blobs, ...others } = read.value;
  if (Object.keys(others).length > 0) return undefined;
  if (!isVersion(version) || !isVersion(records) || !isVersion(floor) || !isDigest(root)) return undefined;
  if (typeof timestamp !== "string" || !isObject(files) || !Array.isArray(blobs) || !blobs.every(isDigest))
    return undefined;
  const named = Object.entries(files);
  if (!named.every((entry): entry is [string, string] => isFileName(entry[0]) && isDigest(entry[1]))) return undefined;
  return { version, records, root, floor, timestamp, files: new Map(named), blobs: blobs as readonly string[] };
}
