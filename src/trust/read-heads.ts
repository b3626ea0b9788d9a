/** Timestamp and snapshot: which versions belong together (TUF §4.4, §4.6), and what a gateway of ours must know beside it. */
import type { FileVersion, Hashes, Signed, Snapshot, Timestamp, WritHead } from "./metadata.ts";
import type { Reader } from "./reader.ts";

export function readTimestamp(signed: Reader, common: Signed): Timestamp {
  const snapshot = readFileVersion(signed.object("meta").object("snapshot.json"));
  const writ = signed.value("x-writ") === undefined ? undefined : readHead(signed.object("x-writ"));
  return { ...common, type: "timestamp", snapshot, ...(writ && { writ }) };
}

function readHead(head: Reader): WritHead {
  const audit = head.object("audit");
  const root = audit.text("root");
  if (!/^[0-9a-f]{64}$/.test(root)) audit.refuse("root");
  return { at: head.whole("at", 0), floor: head.whole("floor", 0), audit: { size: audit.whole("size", 0), root } };
}

export function readSnapshot(signed: Reader, common: Signed): Snapshot {
  const files = signed.entries("meta").map(([file, version]) => [file, readFileVersion(version)] as const);
  return { ...common, type: "snapshot", files: new Map(files) };
}

function readFileVersion(file: Reader): FileVersion {
  return {
    version: file.whole("version", 1),
    ...(file.value("length") !== undefined && { length: file.whole("length", 1) }),
    ...(file.value("hashes") !== undefined && { hashes: readHashes(file) }),
  };
}

const LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 };

/** Those that we do not know are passed over; but where hashes are, one that we know has to be. */
export function readHashes(file: Reader): Hashes {
  const hashes = Object.entries(file.object("hashes").json).filter(([name]) => Object.hasOwn(LENGTHS, name));
  const sound = hashes.every(
    ([name, hash]) => typeof hash === "string" && hash.length === LENGTHS[name] && /^[0-9a-f]+$/.test(hash),
  );
  return sound && hashes.length > 0
    ? (new Map(hashes) as ReadonlyMap<string, unknown> as Hashes)
    : file.refuse("hashes");
}
