/** How gateway and sidecar know each other: two words from one secret, one that asks and one that answers. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Words } from "./question.ts";

/** Of the text in the file: 32 characters at least, of those that need no quotes anywhere. */
export const secretPattern = /^[A-Za-z0-9_-]{32,256}$/;

/**
 * INVARIANT: who overhears questions learns nothing by which it could answer, so another program that listens in the sidecar's place
 * can't say yes.
 */
export function wordsOf(secret: string): Words {
  const word = (use: string) => createHash("sha256").update(`writ sidecar ${use} ${secret}`).digest("hex");
  return { ask: word("asks"), answer: word("answers") };
}

export function isWord(given: string | undefined, word: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(word));
}
