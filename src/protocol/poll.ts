/**
 * The long poll: a gateway says which versions it holds, and is answered with all the files that are newer, in one round trip.
 * Nothing here is trusted: each file is what the same file of the repository would be, and is verified as that.
 */
import { readTar, writeTar } from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";

/** Versions of what a gateway has verified and put in force; 0 where it has none. */
export interface Held {
  readonly root: number;
  readonly timestamp: number;
  readonly snapshot: number;
  readonly targets: number;
  readonly revocations: number;
  /** The size of the log at the head whose revocations this gateway enforces: so each poll confirms what came before. */
  readonly enforced: number;
  /** The sequence of the policy by which it decides. */
  readonly policy: number;
}

const MEMBERS = ["root", "timestamp", "snapshot", "targets", "revocations", "enforced", "policy"] as const;

const QUERY = new RegExp(`^${MEMBERS.map((member) => `${member}=(0|[1-9][0-9]{0,15})`).join("&")}$`);

/** `root=1&timestamp=7&…`, all members, in the order in which they are declared. */
export function pollQuery(held: Held): string {
  return MEMBERS.map((member) => `${member}=${held[member]}`).join("&");
}

/** @throws WritError `poll-malformed` */
export function readPollQuery(query: string): Held {
  const numbers = QUERY.exec(query)?.slice(1).map(Number);
  if (!numbers?.every(Number.isSafeInteger)) throw WritError.of("WRIT9201", { place: "the query" });
  return Object.fromEntries(MEMBERS.map((member, index) => [member, numbers[index]])) as unknown as Held;
}

/** Bytes of an answer: a chain of roots, the other files of metadata, and some of what they name. */
export const largestAnswer = 4 * 1024 * 1024;

/** The name under which an answer holds what targets name; files of metadata have the names that TUF gives them. */
export function blobName(sha256: string): string {
  return `blobs/${sha256}`;
}

export function writePollAnswer(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return writeTar(Array.from(files, ([path, bytes]) => ({ path, bytes })));
}

/** @throws WritError of the reader of archives */
export function readPollAnswer(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  if (bytes.length > largestAnswer)
    throw WritError.of("WRIT9106", { file: "the answer to a poll", limit: largestAnswer });
  return readTar(bytes, { packed: largestAnswer, unpacked: largestAnswer, files: 1024 });
}
