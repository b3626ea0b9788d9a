/** The language: its tokens, its grammar, and the types of the nodes that the grammar makes. */
import type * as cst from "./cst.ts";
import * as tokens from "./tokens.ts";

export { PolicyParser } from "./parser.ts";
export type { cst };
export { tokens };
