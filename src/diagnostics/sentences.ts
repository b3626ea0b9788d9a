/** From a code to its words: the table brings them along wherever it is loaded. A gateway does without, since it is small. */

export interface Words {
  /** The short name of the code, `signature-invalid`. */
  readonly name: string;
  readonly message: string;
  /** What to do instead, where the table says it. */
  readonly help?: string | undefined;
}

type Say = (code: string, parameters: unknown) => Words;

/** Without a table: what a program matches on, and what a person can look up with `writ explain`. */
let say: Say = (code, parameters) => ({ name: code, message: `${code} ${JSON.stringify(parameters)}` });

export function speakBy(table: Say): void {
  say = table;
}

export function wordsOf(code: string, parameters: unknown): Words {
  return say(code, parameters);
}
