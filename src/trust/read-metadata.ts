/** Bytes to metadata: strict JSON first, then every member that we rely on. Whoever signed it, what is malformed is refused. */
import { WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { signedBytes } from "./canonical.ts";
import type { Metadata, MetadataType, Root, Signed, Snapshot, Targets, Timestamp } from "./metadata.ts";
import { readSnapshot, readTimestamp } from "./read-heads.ts";
import { readRoot } from "./read-root.ts";
import { readTargets } from "./read-targets.ts";
import { type Reader, reader } from "./reader.ts";

interface Types {
  readonly root: Root;
  readonly timestamp: Timestamp;
  readonly snapshot: Snapshot;
  readonly targets: Targets;
}

const READERS: { readonly [T in MetadataType]: (signed: Reader, common: Signed) => Types[T] } = {
  root: readRoot,
  timestamp: readTimestamp,
  snapshot: readSnapshot,
  targets: readTargets,
};

/** Deep enough for everything in TUF, with room for what others add. */
const DEPTH = 24;

export function readMetadata<T extends MetadataType>(file: string, type: T, bytes: Uint8Array): Metadata<Types[T]> {
  const read = readJson(bytes, { depth: DEPTH });
  if (read.failure) {
    // Threat F08: a version as 1.0, 1e3 or 2^53 is another number for another reader.
    if (read.failure.problem === "number") throw WritError.of("WRIT9101", { file, place: "a number" });
    throw WritError.of("WRIT7008", { file, ...read.failure });
  }
  const envelope = reader(file, "the file", read.value);
  const signed = envelope.object("signed");
  // Threat T10: a snapshot is no timestamp, whoever signed it.
  if (signed.value("_type") !== type) throw WritError.of("WRIT9102", { file, expected: type });
  const { signatures, signsTwice } = readSignatures(envelope);
  const common = readCommon(signed, type);
  return {
    file,
    bytes,
    signed: READERS[type](signed, common),
    payload: signedBytes((read.value as JsonObject).signed as JsonValue),
    signatures,
    signsTwice,
  };
}

function readSignatures(envelope: Reader): { signatures: ReadonlyMap<string, string>; signsTwice: boolean } {
  const list = envelope.list("signatures");
  const signatures = new Map(list.map((entry) => [entry.text("keyid"), entry.text("sig")]));
  return { signatures, signsTwice: signatures.size < list.length };
}

function readCommon(signed: Reader, type: MetadataType): Signed {
  // §4.3: a client of one major version refuses another.
  if (!/^1\.[0-9]{1,4}(\.[0-9]{1,4})?$/.test(signed.text("spec_version"))) signed.refuse("spec_version");
  return { type, version: signed.whole("version", 1), expires: readTime(signed, "expires") };
}

/** §4.2.1: `YYYY-MM-DDTHH:MM:SSZ`, and a day that there is. */
function readTime(signed: Reader, key: string): number {
  const text = signed.text(key);
  const milliseconds = /^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text.replace("Z", ".000Z")) {
    return signed.refuse(key);
  }
  return milliseconds / 1000;
}
