/** The request of a witness as one line of JSON in which nothing hides: what people can't see is written as an escape of JSON. */
import type { Witness } from "../diff/index.ts";

const hidden = /\p{C}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/gu;

/**
 * Ready for `writ eval -` and `writ why -`, where revocations are known as of its time.
 *
 * @param longest a longer one is cut, and is then no JSON any more
 */
export function requestLine({ input, revocations }: Witness, longest: number = Number.POSITIVE_INFINITY): string {
  // What is known of revocations is said where it is not as fresh as can be: then the request alone shows nothing.
  const said = revocations.at === input.time ? input : { input, revocations };
  const line = JSON.stringify(said).replace(hidden, escaped);
  return line.length <= longest ? line : `${line.slice(0, longest).toWellFormed()}…`;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    const unit = character.charCodeAt(at).toString(16).padStart(4, "0");
    return `\\u${unit}`;
  }).join("");
}
