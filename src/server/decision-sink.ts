/** Where decisions of stock OPAs are written: a file that only grows, behind a queue that is bounded, so that a slow disk delays nobody. */
import { appendFile } from "node:fs/promises";

export interface DecisionSink {
  /** Takes one line with its end, or says that there is no room for it. */
  write(line: string): boolean;
  /** When all that was taken is written, or could not be. */
  close(): Promise<void>;
}

/** Characters that wait to be written. */
const LONGEST_QUEUE = 8 * 1024 * 1024;

/**
 * Appends to a file. It is opened for each piece, so it may be moved away at any time and a new one begins.
 *
 * @param lost called with the number of lines that could not be written
 * @example const sink = fileDecisionSink("decisions.jsonl", (lines) => complain(lines));
 */
export function fileDecisionSink(
  path: string,
  lost: (lines: number) => void,
  limit: number = LONGEST_QUEUE,
): DecisionSink {
  let queue: string[] = [];
  let length = 0;
  let writing: Promise<void> | undefined;

  const drain = async () => {
    while (queue.length > 0) {
      const lines = queue;
      queue = [];
      const taken = length;
      try {
        await appendFile(path, lines.join(""), { mode: 0o600 });
      } catch {
        lost(lines.length);
      }
      length -= taken;
    }
    writing = undefined;
  };

  return {
    write: (line) => {
      if (length + line.length > limit) return false;
      queue.push(line);
      length += line.length;
      writing ??= drain();
      return true;
    },
    close: async () => {
      await writing;
    },
  };
}
