/** Suggests names, but not for ever: each suggestion looks at every name there is, and a file can hold thousands of mistakes. */
import { nearest } from "./nearest.ts";

const most = 200;

export class Suggester {
  #left = most;

  /** A help line with the name that was most probably meant; nothing where there is none, and after the first few hundred. */
  help(name: string, candidates: Iterable<string>): { readonly help?: string } {
    if (this.#left === 0) return {};
    this.#left--;
    const near = nearest(name, candidates);
    return near === undefined ? {} : { help: `did you mean \`${near}\`?` };
  }
}
